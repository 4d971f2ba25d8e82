/** Imports over REST: upload, preview, start, progress, errors, cancel. */
import { timestamp } from '@mostrador/contract/common';
import {
  type ImportJson,
  type ImportKind,
  zImport,
  zImportErrorPage,
  zImportMapping,
  zImportPage,
  zImportParams,
  zImportPreview,
  zImportQuery,
} from '@mostrador/contract/import';
import type { Permission } from '@mostrador/domain/identity';
import { z } from 'zod';
import type { Platform } from '../../../module.js';
import { type Api, ApiError, decodeCursor, pageOf, type Session } from '../../../platform/http/index.js';
import { mapColumns, suggestColumns, targetsOf } from '../columns.js';
import { shopOf } from '../shops.js';
import { preview } from './preview.js';
import { endJob, type Job, listErrors, listJobs, readJob, startJob } from './queries.js';
import { ImportRunner } from './runner.js';
import { receiveUpload } from './upload.js';

const TAG = 'import';
const MAX_UPLOAD_BYTES = 512 * 1024 * 1024;
/** What an import writes, its starter may write. */
const NEEDED: Readonly<Record<ImportKind, readonly Permission[]>> = {
  products: ['product.write', 'price.write', 'stock.write'],
  sales: ['product.write', 'price.write', 'stock.write', 'sale.write', 'refund.write', 'customer.write'],
};
const zId = z.tuple([z.string()]);
const zPlace = z.tuple([z.int()]);

export function importRoutes(api: Api, platform: Platform): void {
  const { database } = platform;
  const runner = new ImportRunner(platform);
  runner.begin();

  const required = async (session: Session, importId: string): Promise<Job> => {
    const job = await readJob(database, session.tenantId, importId);
    if (job === null) throw new ApiError('not_found');
    return job;
  };
  const json = async (session: Session, importId: string): Promise<ImportJson> =>
    jobJson(session, await required(session, importId));

  api.route(
    {
      method: 'POST',
      url: '/imports',
      tag: TAG,
      summary: 'Upload a file to be imported',
      description:
        'multipart/form-data with `kind` (`products` or `sales`) and `file` (.csv, .csv.gz or .xlsx). Nothing is imported before it is started.',
      permission: 'product.write',
      multipart: true,
      bodyLimit: MAX_UPLOAD_BYTES,
      status: 202,
      response: zImport,
      errors: ['validation_failed', 'file_unreadable', 'body_too_large', 'malformed_request'],
    },
    async ({ request, session }) => {
      const id = await receiveUpload(platform, session.tenantId, session.userId, request.parts(), (kind) =>
        mayImport(session, kind),
      );
      return json(session, id);
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/imports',
      tag: TAG,
      summary: 'Imports, the newest first',
      permission: 'product.read',
      query: zImportQuery,
      response: zImportPage,
      errors: ['cursor_invalid'],
    },
    async ({ query, session }) => {
      const before = query.cursor === undefined ? null : decodeCursor(query.cursor, zId)[0];
      const jobs = await listJobs(database, session.tenantId, before, query.limit);
      return pageOf(
        jobs,
        query.limit,
        (job) => jobJson(session, job),
        (job) => [job.import_id],
      );
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/imports/{import_id}',
      tag: TAG,
      summary: 'One import: its state, progress and figures',
      permission: 'product.read',
      params: zImportParams,
      response: zImport,
      errors: ['not_found'],
    },
    ({ params, session }) => json(session, params.import_id),
  );

  api.route(
    {
      method: 'POST',
      url: '/imports/{import_id}/preview',
      tag: TAG,
      summary: 'What the first rows would become under a mapping of columns',
      permission: 'product.write',
      params: zImportParams,
      body: zImportMapping,
      response: zImportPreview,
      errors: ['not_found', 'validation_failed'],
    },
    async ({ params, body, session }) => {
      const job = await required(session, params.import_id);
      refuseUnknownColumns(job, body.columns);
      return preview(job, await shopOf(platform, session.tenantId), body.columns);
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/imports/{import_id}/start',
      tag: TAG,
      summary: 'Start it with a mapping of columns; it runs in the background',
      permission: 'product.write',
      params: zImportParams,
      body: zImportMapping,
      status: 202,
      response: zImport,
      errors: ['not_found', 'validation_failed', 'import_state', 'forbidden'],
    },
    async ({ params, body, session }) => {
      const job = await required(session, params.import_id);
      mayImport(session, job.kind);
      refuseUnknownColumns(job, body.columns);
      const mapping = mapColumns(job.kind, job.headings, body.columns);
      if (mapping.defects.length > 0) {
        const errors = mapping.defects.map((d) => ({ path: `columns.${d.target}`, code: d.code, message: d.message }));
        throw new ApiError('validation_failed', { errors });
      }
      // What was left out on purpose stays out when it is read again.
      const left = targetsOf(job.kind).flatMap(({ name }) => (mapping.columns[name] === undefined ? [[name, '']] : []));
      const columns = { ...mapping.columns, ...Object.fromEntries(left) };
      const started = await startJob(database, session.tenantId, job.import_id, columns, platform.now());
      if (!started)
        throw new ApiError('import_state', { facts: { state: (await required(session, job.import_id)).state } });
      runner.wake();
      return json(session, job.import_id);
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/imports/{import_id}/errors',
      tag: TAG,
      summary: 'Rows that were left out, and why, in the order of the file; at most 10,000',
      permission: 'product.read',
      params: zImportParams,
      query: zImportQuery,
      response: zImportErrorPage,
      errors: ['not_found', 'cursor_invalid'],
    },
    async ({ params, query, session }) => {
      await required(session, params.import_id);
      const after = query.cursor === undefined ? -1 : decodeCursor(query.cursor, zPlace)[0];
      const rows = await listErrors(database, session.tenantId, params.import_id, after, query.limit);
      return pageOf(
        rows,
        query.limit,
        ({ row_number: row, field, code, value, message }) => ({ row, field, code, value, message }),
        (row) => [row.n],
      );
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/imports/{import_id}/cancel',
      tag: TAG,
      summary: 'Stop it; what was imported before stays',
      permission: 'product.write',
      params: zImportParams,
      response: zImport,
      errors: ['not_found', 'import_state', 'forbidden'],
    },
    async ({ params, session }) => {
      const job = await required(session, params.import_id);
      mayImport(session, job.kind);
      const ended = await endJob(database, session.tenantId, job.import_id, { state: 'cancelled' }, platform.now());
      if (!ended && job.state !== 'cancelled') throw new ApiError('import_state', { facts: { state: job.state } });
      return json(session, job.import_id);
    },
  );
}

function mayImport(session: Session, kind: ImportKind): void {
  const permission = NEEDED[kind].find((needed) => !session.permissions.has(needed));
  if (permission !== undefined) throw new ApiError('forbidden', { facts: { permission } });
}

function refuseUnknownColumns(job: Job, columns: Readonly<Record<string, string>> | undefined): void {
  const errors = mapColumns(job.kind, job.headings, columns)
    .defects.filter((defect) => defect.code !== 'column_missing')
    .map((defect) => ({ path: `columns.${defect.target}`, code: defect.code, message: defect.message }));
  if (errors.length > 0) throw new ApiError('validation_failed', { errors });
}

function jobJson(session: Session, job: Job): ImportJson {
  const time = (date: Date | null): string | null => (date === null ? null : timestamp(date.getTime()));
  const chosen = job.columns === null ? null : Object.entries(job.columns).filter(([, heading]) => heading !== '');
  return {
    id: job.import_id,
    kind: job.kind,
    state: job.state,
    file_name: job.file_name,
    bytes: job.bytes,
    format: job.format,
    currency: session.tenant.currency,
    headings: [...job.headings],
    sample: job.sample.map(({ cells }) => [...cells]),
    targets: targetsOf(job.kind).map((target) => ({ ...target })),
    suggested_columns: suggestColumns(job.kind, job.headings),
    columns: chosen === null ? null : Object.fromEntries(chosen),
    total: job.total,
    done: job.done,
    created: job.created,
    updated: job.updated,
    rejected: job.rejected,
    result: job.result === null ? null : { ...job.result },
    failure: job.failure,
    created_at: timestamp(job.created_at.getTime()),
    started_at: time(job.started_at),
    ended_at: time(job.ended_at),
    user_id: job.user_id,
  };
}
