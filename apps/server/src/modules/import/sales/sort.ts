/**
 * What the lines of one invoice are: sold, given back, thrown away, found, or money without goods. One function
 * decides it, for the planning of opening stock and for the events alike. Rules: docs/spec/import.md.
 */
import type { CodeKind } from './code.js';
import type { SalesLine } from './line.js';

export interface SortedLine {
  readonly line: SalesLine;
  readonly code: CodeKind;
}

export interface SortedInvoice {
  /** Sold or given free: quantities above zero. */
  readonly sold: readonly SortedLine[];
  /** Cancelled or returned: quantities below zero. */
  readonly returned: readonly SortedLine[];
  /** Thrown away: below zero, at no price, not on a cancellation. */
  readonly lost: readonly SortedLine[];
  /** Stock that turned up: above zero, at no price, for nobody. */
  readonly found: readonly SortedLine[];
  /** Money without goods, and lines that move neither. */
  readonly money: readonly SortedLine[];
}

/** Numbers like `C536379` cancel [IM4]. */
export function isCancellation(invoice: string): boolean {
  return /^c[-_ ]?\d/iu.test(invoice);
}

export function sortInvoice(
  invoice: { readonly number: string; readonly customer: string; readonly lines: readonly SalesLine[] },
  codeOf: (key: string) => CodeKind,
): SortedInvoice {
  const cancels = isCancellation(invoice.number);
  const lines = invoice.lines.map((line) => ({ line, code: kindOf(line, codeOf(line.key)) }));
  const forNobody = invoice.customer === '' && lines.every(({ line }) => line.price.units === 0n);
  const onlyOwn = lines.every(({ code }) => code.own);
  const sorted = { sold: [], returned: [], lost: [], found: [], money: [] } as Record<
    keyof SortedInvoice,
    SortedLine[]
  >;
  for (const entry of lines) sorted[placeOf(entry, cancels, forNobody, onlyOwn)].push(entry);
  if (totalOf(sorted.sold) >= 0) return sorted;
  // Deductions outweigh what was sold: they are recorded apart, so that no sale is below zero.
  return {
    ...sorted,
    sold: sorted.sold.filter(({ line }) => line.price.units >= 0n),
    money: [...sorted.money, ...sorted.sold.filter(({ line }) => line.price.units < 0n)],
  };
}

/** A price below zero is a deduction, whatever code it goes by. */
function kindOf(line: SalesLine, code: CodeKind): CodeKind {
  return line.price.units < 0n && code.kind === 'product' ? { kind: 'discount', own: false } : code;
}

function placeOf(
  { line, code }: SortedLine,
  cancels: boolean,
  forNobody: boolean,
  onlyOwn: boolean,
): keyof SortedInvoice {
  const goods = code.kind === 'product';
  if (code.own && (onlyOwn || line.quantityMilli < 0)) return 'money';
  if (line.quantityMilli < 0) {
    if (cancels || line.price.units !== 0n) return line.price.units < 0n ? 'money' : 'returned';
    return goods ? 'lost' : 'money';
  }
  if (forNobody) return goods ? 'found' : 'money';
  return 'sold';
}

function totalOf(lines: readonly SortedLine[]): number {
  return lines.reduce(
    (sum, { line }) => sum + (Number(line.price.units) / 10 ** line.price.scale) * line.quantityMilli,
    0,
  );
}
