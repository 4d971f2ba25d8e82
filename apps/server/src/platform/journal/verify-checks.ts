/** The invariants that SQL can check, one statement each: `failures` gives a row in words for everything that is wrong. */

export interface SqlCheck {
  readonly name: string;
  /** Gives `n`; `$1` is the tenant. */
  readonly count: string;
  /** Gives `what`. */
  readonly failures: string;
}

const FEW = 'LIMIT 1000';
const events = 'SELECT count(*) AS n FROM journal_event WHERE tenant_id = $1';
const accounts = 'SELECT count(*) AS n FROM ledger_account WHERE tenant_id = $1';
const transfers = 'SELECT count(*) AS n FROM ledger_transfer WHERE tenant_id = $1';

export const journalChecks: readonly SqlCheck[] = [
  {
    name: 'journal_seq_gapless',
    count: events,
    failures: `SELECT 'seq ' || before + 1 || ' to ' || seq - 1 || ' is missing' AS what FROM (
  SELECT seq, coalesce(lag(seq) OVER (ORDER BY seq), 0) AS before FROM journal_event WHERE tenant_id = $1) e WHERE seq <> before + 1
UNION ALL
SELECT 'the head says ' || h.seq || ', the last event is ' || coalesce(m.seq, 0) FROM journal_head h
  CROSS JOIN LATERAL (SELECT max(seq) AS seq FROM journal_event WHERE tenant_id = $1) m
  WHERE h.tenant_id = $1 AND h.seq <> coalesce(m.seq, 0)
UNION ALL
SELECT 'there are events and no head' WHERE NOT EXISTS (SELECT 1 FROM journal_head WHERE tenant_id = $1)
  AND EXISTS (SELECT 1 FROM journal_event WHERE tenant_id = $1) ${FEW}`,
  },
  {
    name: 'journal_commit_whole',
    count: 'SELECT count(*) AS n FROM journal_event WHERE tenant_id = $1 AND n = 0',
    failures: `SELECT 'commit ' || commit_id || ' should have ' || coalesce(max(commit_size)::text, 'a first event') || ' events and has ' || count(*) AS what
FROM journal_event WHERE tenant_id = $1 GROUP BY commit_id
HAVING count(*) <> coalesce(max(commit_size), -1) OR max(n) <> count(*) - 1 OR max(seq) - min(seq) <> count(*) - 1 OR count(digest) <> 1 ${FEW}`,
  },
  {
    name: 'journal_series_gapless',
    count: 'SELECT count(*) AS n FROM journal_event WHERE tenant_id = $1 AND series IS NOT NULL',
    failures: `SELECT 'series ' || series || ' repeats ' || number AS what FROM journal_event
  WHERE tenant_id = $1 AND series IS NOT NULL GROUP BY series, number HAVING count(*) > 1
UNION ALL
SELECT 'series ' || coalesce(s.series, e.series) || ' stands at ' || coalesce(s.last, 0) || ', its events give ' || coalesce(e.n, 0) || ' numbers up to ' || coalesce(e.last, 0)
  FROM (SELECT series, last FROM journal_series WHERE tenant_id = $1) s
  FULL JOIN (SELECT series, count(DISTINCT number) AS n, max(number) AS last FROM journal_event WHERE tenant_id = $1 AND series IS NOT NULL GROUP BY series) e
  ON e.series = s.series
  WHERE coalesce(s.last, 0) <> coalesce(e.last, 0) OR coalesce(e.n, 0) <> coalesce(e.last, 0) ${FEW}`,
  },
  {
    name: 'journal_key_known',
    count: 'SELECT count(*) AS n FROM journal_key WHERE tenant_id = $1',
    failures: `SELECT 'the idempotency key of commit ' || k.commit_id || ' has no commit' AS what FROM journal_key k
WHERE k.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM journal_event e WHERE e.tenant_id = $1 AND e.n = 0 AND e.commit_id = k.commit_id) ${FEW}`,
  },
  {
    name: 'journal_cursor_behind_head',
    count: 'SELECT count(*) AS n FROM journal_subscription WHERE tenant_id = $1',
    failures: `SELECT 'subscription ' || s.name || ' stands at ' || s.cursor_seq || ', the head at ' || coalesce(h.seq, 0) AS what
FROM journal_subscription s LEFT JOIN journal_head h ON h.tenant_id = s.tenant_id WHERE s.tenant_id = $1 AND s.cursor_seq > coalesce(h.seq, 0)`,
  },
];

/** Every transfer as what it adds to its two accounts. */
const FOLD = `SELECT account_id, sum(dp) AS dp, sum(cp) AS cp, sum(dq) AS dq, sum(cq) AS cq FROM (
  SELECT debit_account AS account_id, CASE WHEN kind IN (0, 2) THEN amount ELSE 0 END AS dp, 0 AS cp,
    CASE kind WHEN 1 THEN amount ELSE -released END AS dq, 0 AS cq FROM ledger_transfer WHERE tenant_id = $1
  UNION ALL
  SELECT credit_account, 0, CASE WHEN kind IN (0, 2) THEN amount ELSE 0 END, 0,
    CASE kind WHEN 1 THEN amount ELSE -released END FROM ledger_transfer WHERE tenant_id = $1) t GROUP BY account_id`;

export const ledgerChecks: readonly SqlCheck[] = [
  {
    name: 'ledger_balance_is_fold',
    count: accounts,
    failures: `SELECT 'account ' || coalesce(a.account_id, f.account_id) || ' (' || coalesce(a.kind || ' ' || a.owner || ' ' || a.item, 'no row') || ') holds '
  || coalesce(a.debits_posted, 0) || '/' || coalesce(a.credits_posted, 0) || '/' || coalesce(a.debits_pending, 0) || '/' || coalesce(a.credits_pending, 0)
  || ', its transfers give ' || coalesce(f.dp, 0) || '/' || coalesce(f.cp, 0) || '/' || coalesce(f.dq, 0) || '/' || coalesce(f.cq, 0) AS what
FROM (SELECT * FROM ledger_account WHERE tenant_id = $1) a FULL JOIN (${FOLD}) f ON f.account_id = a.account_id
WHERE a.account_id IS NULL OR a.debits_posted <> coalesce(f.dp, 0) OR a.credits_posted <> coalesce(f.cp, 0)
  OR a.debits_pending <> coalesce(f.dq, 0) OR a.credits_pending <> coalesce(f.cq, 0) ${FEW}`,
  },
  {
    name: 'ledger_debits_are_credits',
    count: 'SELECT count(DISTINCT unit) AS n FROM ledger_account WHERE tenant_id = $1',
    failures: `SELECT 'unit ' || unit || ': debits ' || sum(debits_posted) || ' + ' || sum(debits_pending) || ', credits ' || sum(credits_posted) || ' + ' || sum(credits_pending) AS what
FROM ledger_account WHERE tenant_id = $1 GROUP BY unit
HAVING sum(debits_posted) <> sum(credits_posted) OR sum(debits_pending) <> sum(credits_pending)`,
  },
  {
    name: 'ledger_units_match',
    count: transfers,
    failures: `SELECT 'transfer ' || t.seq || '/' || t.n || ' moves ' || coalesce(d.unit, '?') || ' ' || coalesce(d.item, '?') || ' to ' || coalesce(c.unit, '?') || ' ' || coalesce(c.item, '?') AS what
FROM ledger_transfer t LEFT JOIN ledger_account d ON d.tenant_id = $1 AND d.account_id = t.debit_account
LEFT JOIN ledger_account c ON c.tenant_id = $1 AND c.account_id = t.credit_account
WHERE t.tenant_id = $1 AND (d.account_id IS NULL OR c.account_id IS NULL OR d.unit <> c.unit
  OR (d.item <> c.item AND d.item <> '' AND c.item <> '') OR t.debit_account = t.credit_account OR t.amount < 0 OR (t.kind < 2 AND t.amount = 0)) ${FEW}`,
  },
  {
    name: 'ledger_overdrafts_noted',
    count: 'SELECT count(*) AS n FROM ledger_account WHERE tenant_id = $1 AND account_id > 0',
    failures: `SELECT 'account ' || a.account_id || ' (' || a.kind || ' ' || a.owner || ' ' || a.item || ') stands below zero and no transfer was allowed to' AS what
FROM ledger_account a WHERE a.tenant_id = $1 AND a.account_id > 0
AND CASE WHEN a.kind IN ('points', 'credit') THEN a.credits_posted - a.debits_posted - a.debits_pending ELSE a.debits_posted - a.credits_posted - a.credits_pending END < 0
AND NOT EXISTS (SELECT 1 FROM ledger_transfer t WHERE t.tenant_id = $1 AND t.overdrawn IS NOT NULL AND t.credit_account = a.account_id AND t.credit_account > 0)
AND NOT EXISTS (SELECT 1 FROM ledger_transfer t WHERE t.tenant_id = $1 AND t.overdrawn IS NOT NULL AND t.debit_account = a.account_id AND t.debit_account > 0) ${FEW}`,
  },
  {
    name: 'ledger_pending_ends_once',
    count: 'SELECT count(*) AS n FROM ledger_pending WHERE tenant_id = $1',
    failures: `SELECT 'pending ' || pending_id || ' ended ' || count(*) || ' times' AS what FROM ledger_transfer
  WHERE tenant_id = $1 AND kind >= 2 GROUP BY pending_id HAVING count(*) > 1
UNION ALL
SELECT 'pending ' || coalesce(p.pending_id, t.pending_id) || ' is ' || coalesce(p.state, 'absent') || ', its transfers say ' || coalesce(t.state, 'nothing')
  FROM (SELECT pending_id, state FROM ledger_pending WHERE tenant_id = $1) p
  FULL JOIN (SELECT pending_id, CASE max(kind) WHEN 1 THEN 'open' WHEN 2 THEN 'posted' ELSE 'voided' END AS state FROM ledger_transfer
    WHERE tenant_id = $1 AND kind >= 1 GROUP BY pending_id HAVING min(kind) = 1) t ON t.pending_id = p.pending_id
  WHERE p.state IS DISTINCT FROM t.state ${FEW}`,
  },
  {
    name: 'ledger_pending_as_reserved',
    count: 'SELECT count(*) AS n FROM ledger_pending WHERE tenant_id = $1',
    failures: `SELECT 'pending ' || p.pending_id || ' is not what was reserved, or ended as something else' AS what FROM ledger_pending p
JOIN ledger_transfer t ON t.tenant_id = $1 AND t.pending_id = p.pending_id
WHERE p.tenant_id = $1 AND (t.cause <> p.cause OR t.debit_account <> p.debit_account OR t.credit_account <> p.credit_account
  OR (t.kind = 1 AND (t.amount <> p.amount OR t.expires_at IS DISTINCT FROM p.expires_at))
  OR (t.kind = 2 AND t.amount > p.amount) OR (t.kind > 2 AND t.amount <> 0) OR (t.kind >= 2 AND t.released <> p.amount)) ${FEW}`,
  },
  {
    name: 'ledger_transfer_has_event',
    count: transfers,
    failures: `SELECT 'transfer ' || t.seq || '/' || t.n || ' belongs to no commit' AS what FROM ledger_transfer t
WHERE t.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM journal_event e WHERE e.tenant_id = $1 AND e.seq = t.seq AND e.n = 0) ${FEW}`,
  },
];
