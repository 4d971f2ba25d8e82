/** Counts what became of every line of a sales file, exactly: the figures of the final report. */
import type { RowDefect } from '../progress.js';
import { add, type Decimal, decimalText, multiply, roundedTo, ZERO } from '../values.js';
import type { Invoice } from './invoices.js';
import type { Needs } from './needs.js';
import type { Plan } from './plan.js';
import type { Survey } from './survey.js';

/** Decimal strings are exact; counts are of the whole file, whether written now or before. */
export interface SalesFigures {
  /** Data rows. */
  readonly lines: number;
  readonly invoices: number;
  /** Sum of the quantities. */
  readonly units: number;
  /** Sum of quantity × price as the file has them. */
  readonly gross: string;
  readonly products: number;
  readonly customers: number;
  readonly sales: number;
  readonly refunds: number;
  readonly write_offs: number;
  /** Fees and corrections, and stock that was found. */
  readonly other: number;
  /** Rows that could not be used. */
  readonly rejected: number;
  readonly rounding: {
    /** What the journal records, in the currency's minor units. */
    readonly recorded: string;
    /** gross − recorded. */
    readonly difference: string;
    /** Lines whose amount is no whole number of minor units. */
    readonly lines: number;
  };
  readonly lines_by_kind: {
    readonly sold: number;
    readonly refunded: number;
    readonly written_off: number;
    readonly found: number;
    readonly fees_and_other: number;
  };
  /** Units of returned goods whose sale was found, and was not. */
  readonly refunded_units: { readonly matched: number; readonly unmatched: number };
  readonly opening_units: number;
  /** What this run wrote; less than the whole when it went on with an earlier one. */
  readonly written: { readonly invoices: number; readonly products: number; readonly customers: number };
  readonly notes: readonly string[];
  readonly seconds: number;
}

export class Tally {
  #units: Decimal = ZERO;
  #gross: Decimal = ZERO;
  #roundedLines = 0;
  #recordedMinor = 0;
  #rejectedRows = new Set<number>();
  #refusedRows = 0;
  #events = { sales: 0, refunds: 0, writeOffs: 0, other: 0 };
  #lines = { sold: 0, returned: 0, lost: 0, found: 0, money: 0 };
  #matchedMilli = 0;
  #unmatchedMilli = 0;
  #written = { invoices: 0, products: 0, customers: 0 };
  #products = 0;
  #customers = 0;
  #openedMilli = 0;
  /** Rows dealt with so far. */
  rows = 0;

  readonly #notes: readonly string[];
  readonly #survey: Survey;
  readonly #exponent: number;

  constructor(notes: readonly string[], survey: Survey, exponent: number) {
    this.#notes = notes;
    this.#survey = survey;
    this.#exponent = exponent;
  }

  prepared(
    needs: Needs,
    products: { readonly articles: ReadonlyMap<string, unknown>; readonly created: number },
    customers: { readonly created: number },
    opening: { readonly openedMilli: number },
  ): void {
    this.#products = products.articles.size;
    this.#customers = needs.customers.size;
    this.#written.products = products.created;
    this.#written.customers = customers.created;
    this.#openedMilli = opening.openedMilli;
  }

  reject(defects: readonly RowDefect[]): void {
    for (const { row } of defects) this.#rejectedRows.add(row);
  }

  /** The lines of an invoice that can be used. */
  read(invoice: Invoice): void {
    for (const line of invoice.lines) {
      const quantity: Decimal = { units: BigInt(line.quantityMilli), scale: 3 };
      const amount = multiply(quantity, line.price);
      this.#units = add(this.#units, quantity);
      this.#gross = add(this.#gross, amount);
      const minor = roundedTo(amount, this.#exponent);
      if (minor * 10n ** BigInt(amount.scale) !== amount.units * 10n ** BigInt(this.#exponent)) this.#roundedLines++;
    }
  }

  /** Its plan is in the journal; `now`: by this run. */
  wrote(plan: Plan, now: boolean): void {
    if (now) this.#written.invoices++;
    this.#recordedMinor += plan.recordedMinor;
    this.#matchedMilli += plan.matchedMilli;
    this.#unmatchedMilli += plan.unmatchedMilli;
    for (const { type } of plan.events) {
      if (type === 'sale.completed') this.#events.sales++;
      else if (type === 'sale.refunded') this.#events.refunds++;
      else if (type === 'stock.written_off') this.#events.writeOffs++;
      else this.#events.other++;
    }
    for (const kind of ['sold', 'returned', 'lost', 'found', 'money'] as const) {
      this.#lines[kind] += plan.lines[kind];
      this.rows += plan.lines[kind];
    }
  }

  /** The journal took none of it. */
  refused(invoice: Invoice): void {
    this.#refusedRows += invoice.lines.length;
    this.rows += invoice.lines.length;
  }

  get progress(): { rows: number; created: number; updated: number; rejected: number } {
    const { sales, refunds, writeOffs, other } = this.#events;
    return {
      rows: this.rows + this.#rejectedRows.size,
      created: sales + refunds + writeOffs + other,
      updated: 0,
      rejected: this.#rejectedRows.size + this.#refusedRows,
    };
  }

  figures(seconds: number): SalesFigures {
    const recorded: Decimal = { units: BigInt(this.#recordedMinor), scale: this.#exponent };
    const difference = add(this.#gross, { units: -recorded.units, scale: recorded.scale });
    return {
      lines: this.#survey.rows,
      invoices: this.#survey.invoices.size,
      units: Number(decimalText(this.#units)),
      gross: decimalText(this.#gross, this.#exponent),
      products: this.#products,
      customers: this.#customers,
      sales: this.#events.sales,
      refunds: this.#events.refunds,
      write_offs: this.#events.writeOffs,
      other: this.#events.other,
      rejected: this.#rejectedRows.size + this.#refusedRows,
      rounding: {
        recorded: decimalText(recorded, this.#exponent),
        difference: decimalText(difference, this.#exponent),
        lines: this.#roundedLines,
      },
      lines_by_kind: {
        sold: this.#lines.sold,
        refunded: this.#lines.returned,
        written_off: this.#lines.lost,
        found: this.#lines.found,
        fees_and_other: this.#lines.money,
      },
      refunded_units: { matched: this.#matchedMilli / 1000, unmatched: this.#unmatchedMilli / 1000 },
      opening_units: this.#openedMilli / 1000,
      written: this.#written,
      notes: this.#notes,
      seconds: Math.round(seconds * 10) / 10,
    };
  }
}
