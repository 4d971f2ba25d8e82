/**
 * The tax inside prices that include it. It is decided once per sale and rate, on the rate's total, as a tax return
 * would; lines then get their share of it, so that lines, rates and the sale always add up.
 */
import { mulDivRound, spread, sum } from '../money/index.js';

/** What the tax of a sale is computed from. */
export interface TaxableLine {
  readonly taxRateId: string;
  /** Basis points of the net price: 2100 = 21 %. From 0. */
  readonly taxRateBp: number;
  /** Tax included; below zero for discounts. */
  readonly totalMinor: number;
}

/** One rate of a sale; the shape of TaxTotal. */
export interface RateTotal {
  readonly taxRateId: string;
  readonly taxRateBp: number;
  readonly netMinor: number;
  readonly taxMinor: number;
}

export interface SaleTax {
  /** By rate, in the order in which the rates first appear. */
  readonly taxes: readonly RateTotal[];
  /** The tax inside each line, in the lines' order. */
  readonly lineTaxes: readonly number[];
  readonly totalMinor: number;
  readonly taxMinor: number;
}

/** The tax inside an amount that includes it, rounded half away from zero. Null on an overflow. */
export function taxInside(grossMinor: number, rateBp: number): number | null {
  return mulDivRound(grossMinor, rateBp, 10_000 + rateBp);
}

/** The tax of a whole sale. Lines of one `taxRateId` must carry the same rate. Null on an overflow. */
export function taxOfSale(lines: readonly TaxableLine[]): SaleTax | null {
  const groups = new Map<string, number[]>();
  for (let i = 0; i < lines.length; i++) {
    const id = (lines[i] as TaxableLine).taxRateId;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [i]);
    else group.push(i);
  }
  const taxes: RateTotal[] = [];
  const lineTaxes = new Array<number>(lines.length).fill(0);
  for (const [taxRateId, indexes] of groups) {
    const { taxRateBp } = lines[indexes[0] as number] as TaxableLine;
    const totals = indexes.map((i) => (lines[i] as TaxableLine).totalMinor);
    const gross = sum(totals);
    const taxMinor = gross === null ? null : taxInside(gross, taxRateBp);
    const shares = taxMinor === null ? null : spread(totals, taxRateBp, 10_000 + taxRateBp, taxMinor);
    if (gross === null || taxMinor === null || shares === null) return null;
    for (let n = 0; n < indexes.length; n++) lineTaxes[indexes[n] as number] = shares[n] as number;
    taxes.push({ taxRateId, taxRateBp, netMinor: gross - taxMinor, taxMinor });
  }
  const totalMinor = sum(lines.map((line) => line.totalMinor));
  const taxMinor = sum(lineTaxes);
  return totalMinor === null || taxMinor === null ? null : { taxes, lineTaxes, totalMinor, taxMinor };
}
