/**
 * The rows of one batch as columns, and the statements that write them: one per table, whatever the number of
 * proposals, so that a batch of one and of 256 cost the database nearly the same.
 */
import type { Statement } from './types.js';

const SQL = {
  event: `INSERT INTO journal_event (tenant_id, seq, n, commit_size, commit_id, digest, version, type, subject, actor, at, recorded_at, series, number, payload, hash)
SELECT $1, u.seq, u.n, u.size, u.commit_id, decode(u.digest, 'hex'), u.version, u.type, u.subject, u.actor, to_timestamp(u.at), to_timestamp($11), u.series, u.number, u.payload::json, decode(u.hash, 'hex')
FROM unnest($2::bigint[], $3::smallint[], $4::smallint[], $5::uuid[], $6::text[], $7::smallint[], $8::text[], $9::text[], $10::text[], $12::float8[], $13::text[], $14::bigint[], string_to_array($15, E'\\x1e'), $16::text[])
AS u(seq, n, size, commit_id, digest, version, type, subject, actor, at, series, number, payload, hash)`,
  transfer: `INSERT INTO ledger_transfer (tenant_id, seq, n, kind, cause, debit_account, credit_account, amount, released, pending_id, expires_at, overdrawn)
SELECT $1, u.seq, u.n, u.kind, u.cause, u.debit, u.credit, u.amount, u.released, u.pending_id, to_timestamp(u.expires_at), u.overdrawn
FROM unnest($2::bigint[], $3::int[], $4::smallint[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[], $11::float8[], $12::bigint[])
AS u(seq, n, kind, cause, debit, credit, amount, released, pending_id, expires_at, overdrawn)`,
  // ON CONFLICT goes by the primary key whatever the statistics say; an UPDATE joined with the rows does not.
  account: `INSERT INTO ledger_account AS a (tenant_id, account_id, kind, owner, item, unit, debits_posted, credits_posted, debits_pending, credits_pending)
SELECT $1, u.* FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]) AS u
ON CONFLICT (tenant_id, account_id) DO UPDATE SET debits_posted = excluded.debits_posted, credits_posted = excluded.credits_posted,
  debits_pending = excluded.debits_pending, credits_pending = excluded.credits_pending`,
  pendingNew: `INSERT INTO ledger_pending (tenant_id, pending_id, cause, debit_account, credit_account, amount, expires_at, state)
SELECT $1, u.id, u.cause, u.debit, u.credit, u.amount, to_timestamp(u.expires_at), 'open'
FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::float8[]) AS u(id, cause, debit, credit, amount, expires_at)`,
  pendingEnd: `UPDATE ledger_pending p SET state = u.state FROM unnest($2::text[], $3::text[]) AS u(id, state)
WHERE p.tenant_id = $1 AND p.pending_id = u.id`,
  series: `INSERT INTO journal_series (tenant_id, series, last) SELECT $1, u.series, u.last FROM unnest($2::text[], $3::bigint[]) AS u(series, last)
ON CONFLICT (tenant_id, series) DO UPDATE SET last = excluded.last`,
  key: `INSERT INTO journal_key (tenant_id, key_hash, commit_id, created_at)
SELECT $1, decode(u.key_hash, 'hex'), u.commit_id, to_timestamp($4) FROM unnest($2::text[], $3::uuid[]) AS u(key_hash, commit_id)`,
} as const;

type Value = number | string | null;

/** Columns of a table in the making. Rows come one value after the other, in the order of the columns. */
class Columns {
  readonly columns: Value[][];
  #rows = 0;
  constructor(readonly width: number) {
    this.columns = Array.from({ length: width }, () => []);
  }
  push(...row: Value[]): void {
    for (let i = 0; i < this.width; i++) (this.columns[i] as Value[]).push(row[i] as Value);
    this.#rows++;
  }
  get length(): number {
    return this.#rows;
  }
}

/**
 * Between the payloads, which are sent as one text: JSON holds no control character that is not escaped, and an array's
 * quoting would write each of its quotation marks twice.
 */
const RECORD_SEPARATOR = '\x1e';

export class BatchRows {
  /** seq, n, size, commit_id, digest, version, type, subject, actor, at(s), series, number, payload, hash */
  readonly events = new Columns(14);
  /** seq, n, kind, cause, debit, credit, amount, released, pending_id, expires_at(s), overdrawn */
  readonly transfers = new Columns(11);
  /** id, kind, owner, item, unit, dp, cp, dq, cq */
  readonly accounts = new Columns(9);
  /** id, cause, debit, credit, amount, expires_at(s) */
  readonly newPending = new Columns(6);
  /** id, state */
  readonly endedPending = new Columns(2);
  /** series, last */
  readonly series = new Columns(2);
  /** key_hash, commit_id */
  readonly keys = new Columns(2);

  statements(tenantId: number, recordedAt: number): Statement[] {
    const [seq, n, size, commitId, digest, version, type, subject, actor, at, series, number, payload, hash] =
      this.events.columns;
    const recorded = recordedAt / 1000;
    const out: Statement[] = [
      {
        name: 'journal_event_insert',
        text: SQL.event,
        values: [
          tenantId,
          seq,
          n,
          size,
          commitId,
          digest,
          version,
          type,
          subject,
          actor,
          recorded,
          at,
          series,
          number,
          (payload as string[]).join(RECORD_SEPARATOR),
          hash,
        ],
      },
    ];
    const add = (name: keyof typeof SQL, rows: Columns, ...rest: unknown[]) => {
      if (rows.length > 0) {
        out.push({ name: `journal_${name}`, text: SQL[name], values: [tenantId, ...rows.columns, ...rest] });
      }
    };
    add('account', this.accounts);
    add('transfer', this.transfers);
    add('pendingNew', this.newPending);
    add('pendingEnd', this.endedPending);
    add('series', this.series);
    add('key', this.keys, recorded);
    return out;
  }
}
