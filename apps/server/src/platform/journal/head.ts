/**
 * The head of a shop's journal: locked before a batch is decided, or moved on condition that it is the one that the batch
 * was decided on.
 */
import { genesisHash } from './hash.js';
import type { Statement } from './types.js';

export interface Head {
  seq: number;
  hash: Buffer;
  lastHolding: number;
  lastCounterparty: number;
}

export interface HeadRow {
  seq: number;
  hash: Buffer;
  last_holding: number;
  last_counterparty: number;
}

export function headOf(row: HeadRow): Head {
  return { seq: row.seq, hash: row.hash, lastHolding: row.last_holding, lastCounterparty: row.last_counterparty };
}

export function lockHead(tenantId: number): Statement {
  return {
    name: 'journal_lock',
    text: 'SELECT seq, hash, last_holding, last_counterparty FROM journal_head WHERE tenant_id = $1 FOR UPDATE',
    values: [tenantId],
  };
}

export function openHead(tenantId: number): Statement {
  return {
    text: 'INSERT INTO journal_head (tenant_id, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (tenant_id) DO NOTHING',
    values: [tenantId, genesisHash],
  };
}

export function moveHead(tenantId: number, to: Head): Statement {
  return {
    name: 'journal_head_move',
    text: 'UPDATE journal_head SET seq = $2, hash = $3, last_holding = $4, last_counterparty = $5 WHERE tenant_id = $1',
    values: [tenantId, to.seq, to.hash, to.lastHolding, to.lastCounterparty],
  };
}

/** What `moveHeadFrom` and `confirmHead` fail with when the head is another. */
export const HEAD_MOVED = '22012';

/** Locks and moves the head, or divides by zero: in a flush, only an error keeps the statements behind from being run. */
export function moveHeadFrom(tenantId: number, from: Buffer, to: Head): Statement {
  return {
    name: 'journal_head_move_from',
    text: `WITH moved AS (UPDATE journal_head SET seq = $2, hash = $3, last_holding = $4, last_counterparty = $5
  WHERE tenant_id = $1 AND hash = $6 RETURNING 1) SELECT 1 / count(*) AS moved FROM moved`,
    values: [tenantId, to.seq, to.hash, to.lastHolding, to.lastCounterparty, from],
  };
}

/** For a batch of which nothing is written: its refusals hold if the head was still the one that they were decided on. */
export function confirmHead(tenantId: number, from: Buffer): Statement {
  return {
    name: 'journal_head_confirm',
    text: `WITH same AS (SELECT 1 FROM journal_head WHERE tenant_id = $1 AND hash = $2 FOR SHARE)
SELECT 1 / count(*) AS same FROM same`,
    values: [tenantId, from],
  };
}
