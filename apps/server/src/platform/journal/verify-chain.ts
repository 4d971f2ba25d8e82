/** Walks a shop's hash chain from its beginning and names each event that does not carry the hash it should. */
import type { AccountRef } from '@mostrador/domain/ledger';
import type pg from 'pg';
import { eventHash, genesisHash, type HashedTransfer, type OpenedAccount } from './hash.js';
import type { Tally } from './tally.js';

const CHUNK = 2000;

interface Row {
  seq: number;
  n: number;
  commit_id: string;
  digest: string | null;
  version: number;
  type: string;
  subject: string;
  actor: string;
  at: number;
  recorded_at: number;
  series: string | null;
  number: number | null;
  payload: string;
  hash: Buffer;
}

/** An address as far as the chain is concerned, or none when the account's row is gone. */
interface Addressed {
  d_kind: AccountRef['kind'] | null;
  d_owner: string;
  d_item: string;
  d_unit: string;
  c_kind: AccountRef['kind'] | null;
  c_owner: string;
  c_item: string;
  c_unit: string;
}

interface TransferRow extends Addressed {
  seq: number;
  kind: number;
  cause: string;
  debit_account: number;
  credit_account: number;
  amount: number;
  released: number;
  pending_id: string | null;
  expires_at: number | null;
  overdrawn: number | null;
}

/** What of a commit is hashed beside its events. */
interface Moved {
  readonly transfers: HashedTransfer[];
  readonly opened: OpenedAccount[];
}

const NOTHING: Moved = { transfers: [], opened: [] };
/** What would let one field pass for two [JR9]; the writer lets none in. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const SEPARATOR = /[\u0000-\u001f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const SEPARATOR_OF_TRANSFERS = /[\u0000-\u001f,;]/;

const ms = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint AS ${column}`;

export async function verifyChain(
  client: pg.Client,
  tenantId: number,
  tally: Tally,
  progress: (n: number) => void,
): Promise<void> {
  let previous = genesisHash;
  let after = 0;
  const seen = new Set<number>();
  for (;;) {
    const events = await client.query<Row>(
      `SELECT seq, n, commit_id, encode(digest, 'hex') AS digest, version, type, subject, actor, ${ms('at')}, ${ms('recorded_at')},
  series, number, payload::text AS payload, hash FROM journal_event WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT ${CHUNK}`,
      [tenantId, after],
    );
    if (events.rows.length === 0) break;
    const last = (events.rows.at(-1) as Row).seq;
    const moved = await movedBetween(client, tenantId, after, last, seen);
    for (const row of events.rows) {
      const { transfers, opened } = moved.get(row.seq) ?? NOTHING;
      const event = { ...row, commitId: row.commit_id, digest: row.digest ?? '', recordedAt: row.recorded_at };
      const hash = eventHash(previous, event, transfers, opened);
      tally.checked++;
      if (!hash.equals(row.hash) || isAmbiguous(row, transfers, opened))
        tally.fail(`event ${row.seq} (${row.type}) or its transfers are not what was written`);
      // Goes on from the stored hash, so that one change is named once.
      previous = row.hash;
    }
    progress(events.rows.length);
    after = last;
  }
  const head = await client.query<{ hash: Buffer }>('SELECT hash FROM journal_head WHERE tenant_id = $1', [tenantId]);
  const stored = head.rows[0]?.hash;
  if (stored !== undefined && !stored.equals(previous))
    tally.fail(`the head of tenant ${tenantId} does not end the chain`);
}

function isAmbiguous(row: Row, transfers: readonly HashedTransfer[], opened: readonly OpenedAccount[]): boolean {
  return (
    SEPARATOR.test(`${row.type}${row.subject}${row.actor}${row.series ?? ''}`) ||
    row.series === '' ||
    transfers.some((t) => SEPARATOR_OF_TRANSFERS.test(`${t.cause}${t.pendingId ?? ''}`)) ||
    opened.some(({ ref }) => /[/;]/.test(`${ref.owner}${ref.item}${ref.unit}`))
  );
}

/** The transfers of each commit, by its first `seq`, and the accounts that none before it had moved (`seen`). */
async function movedBetween(
  client: pg.Client,
  tenantId: number,
  after: number,
  to: number,
  seen: Set<number>,
): Promise<Map<number, Moved>> {
  // Amounts as floating point: one that no number can hold is a difference to be named, not an error.
  const rows = await client.query<TransferRow>(
    `SELECT t.seq, t.kind, t.cause, t.debit_account, t.credit_account, t.amount::float8, t.released::float8, t.pending_id,
  ${ms('expires_at')}, t.overdrawn::float8, d.kind AS d_kind, d.owner AS d_owner, d.item AS d_item, d.unit AS d_unit,
  c.kind AS c_kind, c.owner AS c_owner, c.item AS c_item, c.unit AS c_unit
FROM ledger_transfer t LEFT JOIN ledger_account d ON d.tenant_id = $1 AND d.account_id = t.debit_account
LEFT JOIN ledger_account c ON c.tenant_id = $1 AND c.account_id = t.credit_account
WHERE t.tenant_id = $1 AND t.seq > $2 AND t.seq <= $3 ORDER BY t.seq, t.n`,
    [tenantId, after, to],
  );
  const bySeq = new Map<number, Moved>();
  for (const r of rows.rows) {
    const moved = bySeq.get(r.seq) ?? { transfers: [], opened: [] };
    bySeq.set(r.seq, moved);
    moved.transfers.push({
      kind: r.kind,
      cause: r.cause,
      debitAccount: r.debit_account,
      creditAccount: r.credit_account,
      amount: r.amount,
      released: r.released,
      pendingId: r.pending_id,
      expiresAt: r.expires_at,
      overdrawn: r.overdrawn,
    });
    const debit = { kind: r.d_kind, owner: r.d_owner, item: r.d_item, unit: r.d_unit } as AccountRef;
    const credit = { kind: r.c_kind, owner: r.c_owner, item: r.c_item, unit: r.c_unit } as AccountRef;
    for (const [id, ref] of [
      [r.debit_account, debit],
      [r.credit_account, credit],
    ] as const) {
      if (seen.has(id)) continue;
      seen.add(id);
      moved.opened.push({ id, ref });
    }
  }
  return bySeq;
}
