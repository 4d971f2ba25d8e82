/** Which format a file has is told by its first bytes, not by its name, since uploads are often misnamed. */
import { open, stat } from 'node:fs/promises';
import { openCsv } from './csv.js';
import { FileUnreadable, type OpenOptions, type Table } from './source.js';
import { openXlsx } from './xlsx.js';

/** Opens a .csv, .csv.gz or .xlsx file. Throws FileUnreadable. */
export async function openTable(path: string, options: OpenOptions = {}): Promise<Table> {
  const head = await firstBytes(path, 8);
  const { size } = await stat(path);
  if (size === 0) throw new FileUnreadable('The file is empty');
  if (head.length >= 4 && head.readUInt32BE(0) === 0x504b0304) return openXlsx(path, size, options);
  if (head.length >= 8 && head.readUInt32BE(0) === 0xd0cf11e0) {
    throw new FileUnreadable('This is an old .xls workbook; save it as .xlsx or .csv');
  }
  const gzip = head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;
  return openCsv(path, size, gzip);
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new FileUnreadable(
      error.code === 'ENOENT' ? `There is no file ${path}` : `Cannot open ${path}: ${error.message}`,
    );
  });
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(count), 0, count, 0).catch((error: Error) => {
      throw new FileUnreadable(`Cannot read ${path}: ${error.message}`);
    });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
