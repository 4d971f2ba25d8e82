/** Reading the journal: by subject, by cursor, by commit. */
import type { Database, Statement } from '../database/index.js';
import type { KnownCommit } from './batch.js';
import type { JournalEvent } from './types.js';

interface EventRow {
  seq: number;
  commit_id: string;
  at: number;
  recorded_at: number;
  type: string;
  version: number;
  subject: string;
  actor: string;
  payload: Record<string, unknown>;
}

/** The columns that `eventOf` reads. */
export const EVENT_COLUMNS = `seq, commit_id, type, version, subject, actor, payload,
  (extract(epoch FROM at) * 1000)::bigint AS at, (extract(epoch FROM recorded_at) * 1000)::bigint AS recorded_at`;

export function eventOf(row: object): JournalEvent {
  const r = row as EventRow;
  return {
    seq: r.seq,
    commitId: r.commit_id,
    at: r.at,
    recordedAt: r.recorded_at,
    type: r.type,
    version: r.version,
    subject: r.subject,
    actor: r.actor,
    payload: r.payload,
  };
}

export async function readEventsOf(database: Database, tenantId: number, subject: string): Promise<JournalEvent[]> {
  const rows = await database.read<EventRow>(tenantId, {
    name: 'journal_events_of',
    text: `SELECT ${EVENT_COLUMNS} FROM journal_event WHERE tenant_id = $1 AND subject = $2 ORDER BY seq`,
    values: [tenantId, subject],
  });
  return rows.map(eventOf);
}

function eventsAfterStatement(tenantId: number, after: number, limit: number): Statement {
  return {
    name: 'journal_events_after',
    text: `SELECT ${EVENT_COLUMNS} FROM journal_event WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    values: [tenantId, after, limit],
  };
}

export async function readEventsAfter(
  database: Database,
  tenantId: number,
  after: number,
  limit: number,
): Promise<JournalEvent[]> {
  return (await database.read<EventRow>(tenantId, eventsAfterStatement(tenantId, after, limit))).map(eventOf);
}

export async function readCommit(database: Database, tenantId: number, commit: KnownCommit): Promise<JournalEvent[]> {
  const rows = await database.read<EventRow>(tenantId, {
    name: 'journal_commit_events',
    text: `SELECT ${EVENT_COLUMNS} FROM journal_event WHERE tenant_id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq`,
    values: [tenantId, commit.seq, commit.seq + commit.size - 1],
  });
  return rows.map(eventOf);
}

export async function readHead(database: Database, tenantId: number): Promise<number> {
  const rows = await database.read<{ seq: number }>(tenantId, {
    name: 'journal_head_seq',
    text: 'SELECT seq FROM journal_head WHERE tenant_id = $1',
    values: [tenantId],
  });
  return rows[0]?.seq ?? 0;
}
