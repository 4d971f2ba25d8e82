/** Separated text, plain or gzipped: the separator is found out from the first lines; quotes may hold line breaks. */
import { createReadStream, type ReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Parser, parse } from 'csv-parse';
import { ToUtf8 } from './encoding.js';
import { FileUnreadable, inBatches, isBlank, type Table, type TableRow, uniqueHeadings } from './source.js';

const SEPARATORS = [',', ';', '\t', '|'] as const;
/** Longest record in characters; a longer one is a quote that was never closed. */
const RECORD_MAX = 1024 * 1024;
const SNIFF_BYTES = 64 * 1024;

export async function openCsv(path: string, bytes: number, gzip: boolean): Promise<Table> {
  const separator = findSeparator(await firstText(path, gzip));
  let heading: TableRow | undefined;
  const probe = records(path, gzip, separator);
  for await (const row of probe.rows) {
    if (isBlank(row.cells)) continue;
    heading = row;
    break;
  }
  if (heading === undefined) throw new FileUnreadable('The file has no heading');
  const headingRow = heading.row;
  return {
    format: 'csv',
    headings: uniqueHeadings(heading.cells),
    bytes,
    notes: [],
    batches() {
      const source = records(path, gzip, separator);
      return inBatches(dataRows(source.rows, headingRow), () => source.file.bytesRead);
    },
  };
}

/** The separator that splits the first lines most evenly; a comma when none does. */
export function findSeparator(text: string): string {
  const lines = linesOutsideQuotes(text).slice(0, 20);
  let best: { separator: string; score: number } = { separator: ',', score: 0 };
  for (const separator of SEPARATORS) {
    const counts = lines.map((line) => line.split(separator).length - 1);
    const first = counts[0] ?? 0;
    if (first === 0) continue;
    const alike = counts.filter((count) => count === first).length;
    const score = alike * 1000 + first;
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

/** Whole lines with what stands in quotes left out. */
function linesOutsideQuotes(text: string): string[] {
  const bare = text.replace(/"(?:[^"]|"")*"/gu, '');
  const lines = bare.split(/\r\n|\n|\r/u);
  if (lines.length > 1) lines.pop();
  return lines.filter((line) => line.trim() !== '');
}

interface Records {
  readonly file: ReadStream;
  readonly rows: AsyncIterable<TableRow>;
}

/** Errors of the parts arrive at the last one. */
function text(path: string, gzip: boolean): { file: ReadStream; stream: ToUtf8 } {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const stream = new ToUtf8({ highWaterMark: 256 * 1024 });
  if (gzip) pipeline(file, createGunzip({ chunkSize: 256 * 1024 }), stream, () => {});
  else pipeline(file, stream, () => {});
  return { file, stream };
}

function records(path: string, gzip: boolean, separator: string): Records {
  const { file, stream } = text(path, gzip);
  const parser: Parser = parse({
    delimiter: separator,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: false,
    max_record_size: RECORD_MAX,
  });
  stream.on('error', (error) => parser.destroy(error));
  stream.pipe(parser);
  return { file, rows: rowsOf(parser, file) };
}

async function* rowsOf(parser: Parser, file: ReadStream): AsyncGenerator<TableRow> {
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) yield { row: ++row, cells };
  } catch (error) {
    throw new FileUnreadable(`The file cannot be read after row ${row}: ${(error as Error).message}`);
  } finally {
    file.destroy();
  }
}

async function* dataRows(rows: AsyncIterable<TableRow>, headingRow: number): AsyncGenerator<TableRow> {
  for await (const row of rows) {
    if (row.row > headingRow && !isBlank(row.cells)) yield row;
  }
}

async function firstText(path: string, gzip: boolean): Promise<string> {
  const { file, stream } = text(path, gzip);
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as Readable) {
      parts.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= SNIFF_BYTES) break;
    }
  } catch (error) {
    throw new FileUnreadable(`The file cannot be read: ${(error as Error).message}`);
  } finally {
    file.destroy();
  }
  const head = Buffer.concat(parts).toString('utf8', 0, SNIFF_BYTES);
  if (head.includes('\u0000')) throw new FileUnreadable('This is no text file; save the table as .csv or .xlsx');
  return head;
}
