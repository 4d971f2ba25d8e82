/**
 * A file as a table: a heading and rows of text cells, read from the start as often as wanted and never held whole.
 */
/** The file is no table that can be read; the message says why, for the person who chose the file. */
export class FileUnreadable extends Error {
  override readonly name = 'FileUnreadable';
}

export interface TableRow {
  /** As a spreadsheet counts: the heading of a CSV file is row 1. */
  readonly row: number;
  /** In the order of the heading; trimmed of nothing. Missing cells at the end are absent. */
  readonly cells: readonly string[];
}

export interface RowBatch {
  readonly rows: readonly TableRow[];
  /** Bytes of the file consumed so far, for progress. */
  readonly bytes: number;
}

export interface Table {
  readonly format: 'csv' | 'xlsx';
  /** Unique, not empty; blank headings are called by their column letter. */
  readonly headings: readonly string[];
  /** Size of the file. */
  readonly bytes: number;
  /** What a person should know about how it was read, for example sheets that were left out. */
  readonly notes: readonly string[];
  /** The data rows from the start; throws FileUnreadable in the middle when the file is damaged. */
  batches(): AsyncGenerator<RowBatch>;
}

export interface OpenOptions {
  /** Sheet of a workbook; absent: the first. */
  readonly sheet?: string | undefined;
}

const ROWS_PER_BATCH = 1000;

/** Makes headings unique and gives the blank ones a name: `Column C`, `Price (2)`. */
export function uniqueHeadings(cells: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return cells.map((cell, index) => {
    const name = cell.replace(/\s+/gu, ' ').trim() || `Column ${columnLetters(index)}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

/** 0 → A, 25 → Z, 26 → AA. */
export function columnLetters(index: number): string {
  let text = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) {
    text = String.fromCharCode(65 + ((n - 1) % 26)) + text;
  }
  return text;
}

export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/** Gathers single rows into batches, so that readers pay for an await once in a thousand rows. */
export async function* inBatches(rows: AsyncIterable<TableRow>, bytes: () => number): AsyncGenerator<RowBatch> {
  let batch: TableRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length === ROWS_PER_BATCH) {
      yield { rows: batch, bytes: bytes() };
      batch = [];
    }
  }
  if (batch.length > 0) yield { rows: batch, bytes: bytes() };
}
