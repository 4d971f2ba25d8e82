/** What a part of a line is worth, as the server will reckon it: the same share of what is left, all of it at the end. */
import type { SaleLineJson } from '@mostrador/contract/sale';

type Line = Pick<SaleLineJson, 'refundable_quantity' | 'refundable_total'>;

/** Minor units. */
export function refundOf(line: Line, quantity: number): number {
  if (quantity <= 0 || line.refundable_quantity <= 0) return 0;
  if (quantity >= line.refundable_quantity) return line.refundable_total.amount;
  return Math.round((line.refundable_total.amount * quantity) / line.refundable_quantity);
}
