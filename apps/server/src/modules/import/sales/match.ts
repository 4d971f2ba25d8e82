/**
 * Which sale a cancelled line cancels: the same customer, product and price, sold before, and not yet given back; the
 * latest first, over several sales where one is not enough [IM7]. Only lines that some cancellation can ask for are
 * remembered, so that memory follows the number of cancellations and not that of sales.
 */
import type { SaleLine } from '@mostrador/domain/sale';
import type { Decimal } from '../values.js';

interface SoldLine {
  readonly saleId: string;
  readonly saleLine: number;
  readonly line: SaleLine;
  leftMilli: number;
  leftMinor: number;
}

/** A part of a sale's line that is given back. */
export interface Match {
  readonly saleId: string;
  readonly saleLine: number;
  readonly line: SaleLine;
  readonly quantityMilli: number;
  /** Set when nothing of the line is left afterwards: what remains of its total. */
  readonly restMinor: number | null;
}

/** What a sold and a cancelled line have in common; null without a customer, since nobody is not the same person. */
export function matchKey(customer: string, sku: string, price: Decimal): string | null {
  return customer === '' ? null : `${customer}\n${sku}\n${price.units}e${price.scale}`;
}

export class Matcher {
  readonly #wanted: ReadonlySet<string>;
  readonly #sold = new Map<string, SoldLine[]>();

  /** `wanted`: the keys of all cancelled lines of the file. */
  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  sold(key: string | null, saleId: string, saleLine: number, line: SaleLine): void {
    if (key === null || !this.#wanted.has(key)) return;
    const entry = { saleId, saleLine, line, leftMilli: line.quantityMilli, leftMinor: line.totalMinor };
    const list = this.#sold.get(key);
    if (list === undefined) this.#sold.set(key, [entry]);
    else list.push(entry);
  }

  /** Takes up to `quantityMilli` back from the latest sales; what they do not cover is left to the caller. */
  take(key: string | null, quantityMilli: number, totalOf: (milli: number) => number): Match[] {
    const list = key === null ? undefined : this.#sold.get(key);
    const matches: Match[] = [];
    let left = quantityMilli;
    while (left > 0 && list !== undefined && list.length > 0) {
      const last = list[list.length - 1] as SoldLine;
      const part = Math.min(left, last.leftMilli);
      const isRest = part === last.leftMilli;
      matches.push({
        saleId: last.saleId,
        saleLine: last.saleLine,
        line: last.line,
        quantityMilli: part,
        restMinor: isRest ? last.leftMinor : null,
      });
      left -= part;
      last.leftMilli -= part;
      last.leftMinor -= isRest ? last.leftMinor : totalOf(part);
      if (isRest) list.pop();
    }
    return matches;
  }
}
