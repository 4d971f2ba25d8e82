/** Receives a file, looks at its first rows, and keeps it in the database for whoever will work on it [IM22]. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ImportKind, zImportKind } from '@mostrador/contract/import';
import type { Platform } from '../../../module.js';
import { ApiError } from '../../../platform/http/index.js';
import { newId } from '../../../platform/ids.js';
import { openTable } from '../table/open.js';
import { FileUnreadable, type Table, type TableRow } from '../table/source.js';
import { cleanText, shorten } from '../text.js';
import { insertJob, insertPart, type NewJob, readPart } from './queries.js';

const PART_BYTES = 1024 * 1024;
const SAMPLE_ROWS = 20;
const CELL_LENGTH = 200;

/** The parts of a multipart request, as @fastify/multipart hands them out. */
type Part =
  | {
      readonly type: 'file';
      readonly filename: string;
      readonly file: NodeJS.ReadableStream & { readonly truncated?: boolean };
    }
  | { readonly type: 'field'; readonly fieldname: string; readonly value: unknown };

/** Reads `kind` and `file` out of the parts. Throws ApiError when one is missing or the file is no table. */
export async function receiveUpload(
  platform: Platform,
  tenantId: number,
  userId: string,
  parts: AsyncIterable<Part>,
  mayImport: (kind: ImportKind) => void,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mostrador-import-'));
  try {
    const path = join(folder, 'upload');
    let fileName: string | undefined;
    let kindText: unknown;
    for await (const part of parts) {
      if (part.type === 'file') {
        await pipeline(part.file, createWriteStream(path));
        if (part.file.truncated === true) throw new ApiError('body_too_large');
        fileName = shorten(cleanText(basename(part.filename ?? '')), 200) || 'file';
      } else if (part.fieldname === 'kind') kindText = part.value;
    }
    const kind = zImportKind.safeParse(kindText);
    const errors = [
      ...(kind.success ? [] : [{ path: 'kind', code: 'invalid_value', message: 'products or sales' }]),
      ...(fileName === undefined ? [{ path: 'file', code: 'required', message: 'a file is required' }] : []),
    ];
    if (!kind.success || fileName === undefined) throw new ApiError('validation_failed', { errors });
    mayImport(kind.data);
    const table = await openTable(path);
    const job: NewJob = {
      import_id: newId('imp'),
      kind: kind.data,
      file_name: fileName,
      bytes: (await stat(path)).size,
      format: table.format,
      headings: table.headings.slice(0, 200),
      sample: await sampleOf(table),
      user_id: userId,
    };
    await platform.database.transaction(tenantId, async (tx) => {
      await insertJob(tx, tenantId, job, platform.now());
      let n = 0;
      for await (const chunk of createReadStream(path, { highWaterMark: PART_BYTES })) {
        await insertPart(tx, tenantId, job.import_id, n++, chunk as Buffer);
      }
    });
    return job.import_id;
  } catch (error) {
    if (error instanceof FileUnreadable) throw new ApiError('file_unreadable', { detail: error.message });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sampleOf(table: Table): Promise<TableRow[]> {
  for await (const { rows } of table.batches()) {
    return rows.slice(0, SAMPLE_ROWS).map(({ row, cells }) => ({
      row,
      // PostgreSQL keeps no NUL in JSON.
      cells: cells.slice(0, 200).map((cell) => shorten(cell.replaceAll('\u0000', ''), CELL_LENGTH)),
    }));
  }
  throw new FileUnreadable('The file has a heading and no rows');
}

/** Puts an upload back into a file of its own for as long as `fn` runs. */
export async function withUpload<T>(
  platform: Pick<Platform, 'database'>,
  tenantId: number,
  importId: string,
  fn: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mostrador-import-'));
  try {
    const path = join(folder, 'upload');
    async function* parts(): AsyncGenerator<Buffer> {
      for (let n = 0; ; n++) {
        const bytes = await readPart(platform.database, tenantId, importId, n);
        if (bytes === null) return;
        yield bytes;
      }
    }
    await pipeline(parts(), createWriteStream(path));
    return await fn(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
