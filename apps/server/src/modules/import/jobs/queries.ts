/** All SQL of import jobs. */
import type { ImportKind, ImportState } from '@mostrador/contract/import';
import type { Database, Tx } from '../../../platform/database/index.js';
import type { RowDefect } from '../progress.js';
import type { TableRow } from '../table/source.js';

export interface Job {
  readonly import_id: string;
  readonly kind: ImportKind;
  readonly state: ImportState;
  readonly file_name: string;
  readonly bytes: number;
  readonly format: 'csv' | 'xlsx';
  readonly headings: readonly string[];
  readonly sample: readonly TableRow[];
  readonly columns: Readonly<Record<string, string>> | null;
  readonly total: number | null;
  readonly done: number;
  readonly created: number;
  readonly updated: number;
  readonly rejected: number;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly failure: string | null;
  readonly user_id: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
}

const COLUMNS = `import_id, kind, state, file_name, bytes, format, headings, sample, columns, total, done, created, updated,
  rejected, result, failure, user_id, created_at, started_at, ended_at`;

export async function readJob(database: Database, tenantId: number, importId: string): Promise<Job | null> {
  const rows = await database.read<Job>(tenantId, {
    name: 'import_read',
    text: `SELECT ${COLUMNS} FROM import_job WHERE tenant_id = $1 AND import_id = $2`,
    values: [tenantId, importId],
  });
  return rows[0] ?? null;
}

/** Newest first; one more than `limit` tells that there are more. */
export function listJobs(database: Database, tenantId: number, before: string | null, limit: number): Promise<Job[]> {
  return database.read<Job>(tenantId, {
    name: 'import_list',
    text: `SELECT ${COLUMNS} FROM import_job WHERE tenant_id = $1 AND ($2::text IS NULL OR import_id < $2)
ORDER BY import_id DESC LIMIT $3`,
    values: [tenantId, before, limit + 1],
  });
}

export type NewJob = Pick<
  Job,
  'import_id' | 'kind' | 'file_name' | 'bytes' | 'format' | 'headings' | 'sample' | 'user_id'
>;

export async function insertJob(tx: Tx, tenantId: number, job: NewJob, now: number): Promise<void> {
  await tx.query(
    `INSERT INTO import_job (tenant_id, import_id, kind, state, file_name, bytes, format, headings, sample, user_id, created_at)
VALUES ($1, $2, $3, 'uploaded', $4, $5, $6, $7, $8, $9, to_timestamp($10::float8 / 1000))`,
    [
      tenantId,
      job.import_id,
      job.kind,
      job.file_name,
      job.bytes,
      job.format,
      JSON.stringify(job.headings),
      JSON.stringify(job.sample),
      job.user_id,
      now,
    ],
  );
}

export async function insertPart(tx: Tx, tenantId: number, importId: string, n: number, bytes: Buffer): Promise<void> {
  await tx.query('INSERT INTO import_part (tenant_id, import_id, n, bytes) VALUES ($1, $2, $3, $4)', [
    tenantId,
    importId,
    n,
    bytes,
  ]);
}

/** The n-th part of an upload; null behind the last. */
export async function readPart(
  database: Database,
  tenantId: number,
  importId: string,
  n: number,
): Promise<Buffer | null> {
  const rows = await database.read<{ bytes: Buffer }>(tenantId, {
    name: 'import_part_read',
    text: 'SELECT bytes FROM import_part WHERE tenant_id = $1 AND import_id = $2 AND n = $3',
    values: [tenantId, importId, n],
  });
  return rows[0]?.bytes ?? null;
}

/** False when the job was not waiting for its columns. */
export async function startJob(
  database: Database,
  tenantId: number,
  importId: string,
  columns: Readonly<Record<string, string>>,
  now: number,
): Promise<boolean> {
  return database.transaction(tenantId, async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE import_job SET state = 'running', columns = $3, started_at = to_timestamp($4::float8 / 1000)
WHERE tenant_id = $1 AND import_id = $2 AND state = 'uploaded'`,
      [tenantId, importId, JSON.stringify(columns), now],
    );
    return rowCount === 1;
  });
}

export interface JobProgress {
  readonly total: number | null;
  readonly done: number;
  readonly created: number;
  readonly updated: number;
  readonly rejected: number;
}

/** False when the job is no longer running: somebody has cancelled it. */
export async function saveProgress(
  database: Database,
  tenantId: number,
  importId: string,
  progress: JobProgress,
): Promise<boolean> {
  return database.transaction(tenantId, async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE import_job SET total = coalesce($3, total), done = $4, created = $5, updated = $6, rejected = $7
WHERE tenant_id = $1 AND import_id = $2 AND state = 'running'`,
      [tenantId, importId, progress.total, progress.done, progress.created, progress.updated, progress.rejected],
    );
    return rowCount === 1;
  });
}

/** What was said about an earlier, interrupted run is said again by the next. */
export async function clearErrors(database: Database, tenantId: number, importId: string): Promise<void> {
  await database.transaction(tenantId, (tx) =>
    tx.query('DELETE FROM import_error WHERE tenant_id = $1 AND import_id = $2', [tenantId, importId]),
  );
}

export async function insertErrors(
  database: Database,
  tenantId: number,
  importId: string,
  from: number,
  defects: readonly RowDefect[],
): Promise<void> {
  await database.transaction(tenantId, (tx) =>
    tx.query(
      `INSERT INTO import_error (tenant_id, import_id, n, row_number, field, code, value, message)
SELECT $1, $2, $3 + (u.n - 1)::int, u.row_number, u.field, u.code, u.value, u.message
FROM unnest($4::int[], $5::text[], $6::text[], $7::text[], $8::text[]) WITH ORDINALITY AS u(row_number, field, code, value, message, n)
ON CONFLICT DO NOTHING`,
      [
        tenantId,
        importId,
        from,
        defects.map((d) => d.row),
        defects.map((d) => d.field),
        defects.map((d) => d.code),
        defects.map((d) => d.value),
        defects.map((d) => d.message),
      ],
    ),
  );
}

export interface ErrorRow {
  readonly n: number;
  readonly row_number: number;
  readonly field: string | null;
  readonly code: RowDefect['code'];
  readonly value: string;
  readonly message: string;
}

/** In the file's order, after the place `after`; one more than `limit` tells that there are more. */
export function listErrors(
  database: Database,
  tenantId: number,
  importId: string,
  after: number,
  limit: number,
): Promise<ErrorRow[]> {
  return database.read<ErrorRow>(tenantId, {
    name: 'import_errors',
    text: `SELECT n, row_number, field, code, value, message FROM import_error
WHERE tenant_id = $1 AND import_id = $2 AND n > $3 ORDER BY n LIMIT $4`,
    values: [tenantId, importId, after, limit + 1],
  });
}

/** Ends a job and lets go of its upload. False when it had ended already. */
export async function endJob(
  database: Database,
  tenantId: number,
  importId: string,
  end: { readonly state: 'done' | 'failed' | 'cancelled'; readonly result?: object; readonly failure?: string },
  now: number,
): Promise<boolean> {
  return database.transaction(tenantId, async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE import_job SET state = $3, result = $4, failure = $5, ended_at = to_timestamp($6::float8 / 1000)
WHERE tenant_id = $1 AND import_id = $2 AND state IN ('uploaded', 'running')`,
      [
        tenantId,
        importId,
        end.state,
        end.result === undefined ? null : JSON.stringify(end.result),
        end.failure ?? null,
        now,
      ],
    );
    if (rowCount === 1) {
      await tx.query('DELETE FROM import_part WHERE tenant_id = $1 AND import_id = $2', [tenantId, importId]);
    }
    return rowCount === 1;
  });
}

/** Over all shops, the oldest first. */
export function runningJobs(database: Database): Promise<{ tenant_id: number; import_id: string }[]> {
  return database.call({
    name: 'import_running',
    text: 'SELECT tenant_id, import_id FROM import_running()',
    values: [],
  });
}
