/**
 * Fills a shop's journal with sales by SQL, for measuring what age costs: events, four transfers each, and the rows of the
 * list of sales, in the shapes that the journal writes. The hashes are no chain; such a shop is for measuring only.
 */
import type pg from 'pg';

const SECONDARY = ['journal_event', 'ledger_transfer', 'sale'] as const;

/** Indexes are made after the rows, which gives the same trees in a tenth of the time. */
export async function fillHistory(
  client: pg.Client,
  tenantId: number,
  events: number,
  log: (text: string) => void,
): Promise<void> {
  const timed = async (what: string, text: string, values: unknown[] = []) => {
    const started = performance.now();
    await client.query(text, values);
    log(`${what}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  };
  await client.query("SET maintenance_work_mem = '512MB'; SET synchronous_commit = off; SET statement_timeout = 0");
  await client.query("SELECT set_config('mostrador.tenant', $1, false)", [String(tenantId)]);
  const head = await client.query<{ seq: number }>('SELECT seq FROM journal_head WHERE tenant_id = $1', [tenantId]);
  const base = head.rows[0]?.seq ?? 0;
  const range = await client.query<{ low: number; high: number }>(
    "SELECT min(account_id) AS low, max(account_id) AS high FROM ledger_account WHERE tenant_id = $1 AND kind = 'stock'",
    [tenantId],
  );
  const { low, high } = range.rows[0] as { low: number; high: number };
  const payload = JSON.stringify({
    saleId: 'sal_01jd0000000000000000000000',
    locationId: 'loc_01jd0000000000000000000000',
    lines: Array.from({ length: 3 }, () => ({
      kind: 'product',
      productId: 'prod_01jd0000000000000000000000',
      variantId: 'var_01jd0000000000000000000000',
      sku: 'B-1234',
      name: 'Producto de prueba 1234',
      quantityMilli: 1000,
      unitPriceMinor: 12300,
      totalMinor: 12300,
      taxRateId: 'tax_01jd0000000000000000000000',
      taxRateBp: 2100,
      taxMinor: 2135,
      unitCostMinor: 7000,
    })),
    totalMinor: 36900,
    taxMinor: 6405,
    tenders: [{ type: 'cash', amountMinor: 36900 }],
    changeMinor: 0,
    channel: 'counter',
  });
  const indexes = await client.query<{ indexdef: string; name: string; constraint: string | null; table: string }>(
    `SELECT i.indexdef, i.indexname AS name, i.tablename AS table, pg_get_constraintdef(c.oid) AS constraint FROM pg_indexes i
LEFT JOIN pg_constraint c ON c.conname = i.indexname WHERE i.schemaname = 'public' AND i.tablename = ANY($1)`,
    [SECONDARY],
  );
  for (const i of indexes.rows) {
    await client.query(
      i.constraint === null ? `DROP INDEX ${i.name}` : `ALTER TABLE ${i.table} DROP CONSTRAINT ${i.name}`,
    );
  }
  // Ids with the time in front, as live ones have.
  const uuid =
    "(lpad(to_hex(1600000000000 + g), 12, '0') || '7' || substr(md5(g::text), 1, 3) || '8' || substr(md5(g::text), 4, 15))::uuid";
  const at = `to_timestamp(1600000000 + g)`;
  await timed(
    `${events} events`,
    `INSERT INTO journal_event (tenant_id, seq, n, commit_size, commit_id, digest, version, type, subject, actor, at, recorded_at, series, number, payload, hash)
SELECT $1, $2::bigint + g, 0, 1, ${uuid}, '\\x00', 1, 'sale.completed', 'sal_' || lpad(to_hex(g), 26, '0'), 'usr_01jd0000000000000000000000', ${at}, ${at},
  'receipt/history', g, $4::json, sha256(int8send(g)) FROM generate_series(1, $3::bigint) AS g`,
    [tenantId, base, events, payload],
  );
  await timed(
    'their transfers',
    `INSERT INTO ledger_transfer (tenant_id, seq, n, kind, cause, debit_account, credit_account, amount, released)
SELECT $1, $2::bigint + g, n, 0, 'sale', -1, CASE WHEN n < 3 THEN $4::bigint + (hashint8(g * 3 + n)::bigint & 2147483647) % ($5::bigint - $4::bigint + 1) ELSE -2 END, 1000, 0
FROM generate_series(1, $3::bigint) AS g, generate_series(0, 3) AS n`,
    [tenantId, base, events, low, high],
  );
  await timed(
    'their rows in the list of sales',
    `INSERT INTO sale (tenant_id, seq, sale_id, at, receipt_number, location_id, user_id, channel, currency, total_minor, tax_minor, line_count)
SELECT $1, $2::bigint + g, 'sal_' || lpad(to_hex(g), 26, '0'), ${at}, 'H-' || g, 'loc_01jd0000000000000000000000', 'usr_01jd0000000000000000000000', 'counter', 'ARS', 36900, 6405, 3
FROM generate_series(1, $3::bigint) AS g`,
    [tenantId, base, events],
  );
  for (const i of indexes.rows) {
    await timed(
      i.name,
      i.constraint === null ? i.indexdef : `ALTER TABLE ${i.table} ADD CONSTRAINT ${i.name} ${i.constraint}`,
    );
  }
  await timed('analyze', 'ANALYZE journal_event, ledger_transfer, sale, ledger_account');
  await client.query('UPDATE journal_head SET seq = seq + $2 WHERE tenant_id = $1', [tenantId, events]);
  // Its readers have long seen it.
  await client.query(
    `INSERT INTO journal_subscription (tenant_id, name, cursor_seq) VALUES ($1, 'report', $2)
ON CONFLICT (tenant_id, name) DO UPDATE SET cursor_seq = excluded.cursor_seq`,
    [tenantId, base + events],
  );
  await client.query('CHECKPOINT').catch(() => {});
}
