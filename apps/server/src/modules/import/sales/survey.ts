/**
 * The first reading of a sales file: how it writes numbers and dates, which invoices it has, how many lines each, and
 * in which order they stand. It is what lets the later readings hold only the invoices that are open.
 */
import { Habits } from '../values.js';
import { cell, invoiceOf } from './line.js';

/** What is known of an invoice before its lines are read. */
export interface InvoiceEntry {
  /** Data lines that name it, good or bad. */
  lines: number;
  /** Its first line's moment as written. */
  readonly moment: string;
}

export class Survey {
  readonly #habits = new Habits();
  readonly #countries = new Map<string, number>();
  readonly invoices = new Map<string, InvoiceEntry>();
  /** Rows that were looked at. */
  rows = 0;

  /** Target → index of its column. */
  readonly indexes: Readonly<Record<string, number>>;

  constructor(indexes: Readonly<Record<string, number>>) {
    this.indexes = indexes;
  }

  row(cells: readonly string[]): void {
    this.rows++;
    const moment = cell(cells, this.indexes, 'at');
    this.#habits.number(cell(cells, this.indexes, 'quantity').trim());
    this.#habits.number(cell(cells, this.indexes, 'price').trim());
    this.#habits.moment(moment);
    const country = cell(cells, this.indexes, 'country').trim();
    if (country !== '') this.#countries.set(country, (this.#countries.get(country) ?? 0) + 1);
    const invoice = invoiceOf(cells, this.indexes);
    if (invoice === '') return;
    const entry = this.invoices.get(invoice);
    if (entry === undefined) this.invoices.set(invoice, { lines: 1, moment });
    else entry.lines++;
  }

  get numberStyle() {
    return this.#habits.numberStyle;
  }

  get dateOrder() {
    return this.#habits.dateOrder;
  }

  /** The country that most lines name; '' when none does. */
  get country(): string {
    let best = '';
    let most = 0;
    for (const [country, count] of this.#countries) {
      if (count > most) {
        best = country;
        most = count;
      }
    }
    return best;
  }
}
