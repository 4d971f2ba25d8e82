/**
 * Lines gathered into invoices. An invoice is handed on with its last line, so only those that are open are held; a
 * file whose invoices do not stand in the order of time is read whole and sorted [IM2].
 */

import type { RowDefect } from '../progress.js';
import type { Table } from '../table/source.js';
import { invoiceOf, type Reading, readLine, type SalesLine } from './line.js';
import type { Survey } from './survey.js';

export interface Invoice {
  readonly number: string;
  /** The moment of its first line, ms. */
  readonly at: number;
  readonly customer: string;
  readonly lines: readonly SalesLine[];
  /** Rows that name it and cannot be used. */
  readonly defects: readonly RowDefect[];
}

export interface InvoiceBatch {
  readonly invoices: readonly Invoice[];
  /** Rows without any invoice number. */
  readonly stray: readonly RowDefect[];
  /** Bytes of the file consumed. */
  readonly bytes: number;
}

/** Invoices that may wait for one before them whose last line stands further down. */
const WAITING_MAX = 5000;

interface Open {
  left: number;
  lines: SalesLine[];
  defects: RowDefect[];
}

/** True when the invoices' first lines stand in the order of time. */
export function isInOrder(survey: Survey, reading: Reading): boolean {
  let last = 0;
  for (const { moment } of survey.invoices.values()) {
    const at = reading.toMs(moment, reading.dateOrder);
    if (at === null) continue;
    if (at < last) return false;
    last = at;
  }
  return true;
}

/** The invoices of the file, complete, in the order of time. */
export async function* readInvoices(table: Table, survey: Survey, reading: Reading): AsyncGenerator<InvoiceBatch> {
  if (isInOrder(survey, reading)) {
    yield* gather(table, survey, reading);
    return;
  }
  const all: Invoice[] = [];
  for await (const batch of gather(table, survey, reading)) {
    all.push(...batch.invoices);
    if (batch.stray.length > 0) yield { ...batch, invoices: [] };
  }
  all.sort((a, b) => a.at - b.at);
  for (let i = 0; i < all.length; i += 500) yield { invoices: all.slice(i, i + 500), stray: [], bytes: table.bytes };
}

async function* gather(table: Table, survey: Survey, reading: Reading): AsyncGenerator<InvoiceBatch> {
  // In the order of their first lines.
  const open = new Map<string, Open>();
  for await (const { rows, bytes } of table.batches()) {
    const stray: RowDefect[] = [];
    for (const { row, cells } of rows) {
      const read = readLine(row, cells, reading);
      const number = Array.isArray(read) ? invoiceOf(cells, reading.indexes) : read.invoice;
      if (number === '') {
        stray.push(...(read as RowDefect[]));
        continue;
      }
      let entry = open.get(number);
      if (entry === undefined) {
        entry = { left: survey.invoices.get(number)?.lines ?? 1, lines: [], defects: [] };
        open.set(number, entry);
      }
      if (Array.isArray(read)) entry.defects.push(...read);
      else entry.lines.push(read);
      entry.left--;
    }
    yield { invoices: takeComplete(open), stray, bytes };
  }
}

/** Those at the front; one that waits for its last line lets others pass only when too many wait behind it. */
function takeComplete(open: Map<string, Open>): Invoice[] {
  const complete: Invoice[] = [];
  for (const [number, entry] of open) {
    if (entry.left > 0) {
      if (open.size <= WAITING_MAX) break;
      continue;
    }
    open.delete(number);
    complete.push(close(number, entry));
  }
  return complete;
}

function close(number: string, { lines, defects }: Open): Invoice {
  const first = lines[0];
  return {
    number,
    at: first?.at ?? 0,
    customer: lines.find((line) => line.customer !== '')?.customer ?? '',
    lines,
    defects,
  };
}
