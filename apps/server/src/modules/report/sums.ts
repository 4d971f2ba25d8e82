/**
 * Adds up sales and refunds into the rows of the reports. Pure: what a report shows is this fold over the journal, and
 * tests compare the two.
 */
import type { SaleCompleted, SaleLine, SaleRefunded } from '@mostrador/domain/sale';

const SLOT_MS = 15 * 60 * 1000;

/** The beginning of the quarter of an hour, ms. */
export function slotOf(at: number): number {
  return Math.floor(at / SLOT_MS) * SLOT_MS;
}

export interface SlotSum {
  readonly slot: number;
  readonly locationId: string;
  tickets: number;
  refundCount: number;
  unitsMilli: number;
  grossMinor: number;
  refundsMinor: number;
  netMinor: number;
  taxMinor: number;
  costedNetMinor: number;
  costMinor: number;
}

export interface TaxSum {
  readonly slot: number;
  readonly locationId: string;
  readonly taxRateId: string;
  readonly taxRateBp: number;
  salesNetMinor: number;
  salesTaxMinor: number;
  refundsNetMinor: number;
  refundsTaxMinor: number;
}

/** `day`: in the shop's time zone, `YYYY-MM-DD`. */
export interface VariantSum {
  readonly day: string;
  readonly variantId: string;
  readonly locationId: string;
  readonly productId: string;
  quantityMilli: number;
  totalMinor: number;
  netMinor: number;
  costedNetMinor: number;
  costMinor: number;
}

export interface Sums {
  readonly slots: SlotSum[];
  readonly taxes: TaxSum[];
  readonly variants: VariantSum[];
}

interface Happened {
  readonly type: string;
  readonly at: number;
  readonly payload: unknown;
}

/** Rows in a fixed order of their keys, so that two writers never wait for each other crosswise. */
export function addUp(events: readonly Happened[], dayOf: (at: number) => string): Sums {
  const slots = new Map<string, SlotSum>();
  const taxes = new Map<string, TaxSum>();
  const variants = new Map<string, VariantSum>();
  for (const event of events) {
    if (event.type === 'sale.completed') addSale(event.payload as SaleCompleted, event.at);
    else if (event.type === 'sale.refunded') addRefund(event.payload as SaleRefunded, event.at);
  }
  return { slots: sorted(slots), taxes: sorted(taxes), variants: sorted(variants) };

  function addSale(sale: SaleCompleted, at: number): void {
    const slot = slotSum(at, sale.locationId);
    slot.tickets += 1;
    slot.grossMinor += sale.totalMinor;
    for (const line of sale.lines) addLine(slot, line, at, 1, true);
    for (const tax of sale.taxes) {
      const row = taxSum(at, sale.locationId, tax.taxRateId, tax.taxRateBp);
      row.salesNetMinor += tax.netMinor;
      row.salesTaxMinor += tax.taxMinor;
    }
  }

  function addRefund(refund: SaleRefunded, at: number): void {
    const slot = slotSum(at, refund.locationId);
    slot.refundCount += 1;
    slot.refundsMinor += refund.totalMinor;
    // Goods that did not come back to the shelf cost what they cost.
    for (const { line, restock } of refund.lines) addLine(slot, line, at, -1, restock);
    for (const tax of refund.taxes) {
      const row = taxSum(at, refund.locationId, tax.taxRateId, tax.taxRateBp);
      row.refundsNetMinor += tax.netMinor;
      row.refundsTaxMinor += tax.taxMinor;
    }
  }

  function addLine(slot: SlotSum, line: SaleLine, at: number, sign: 1 | -1, withCost: boolean): void {
    const net = sign * (line.totalMinor - line.taxMinor);
    slot.netMinor += net;
    slot.taxMinor += sign * line.taxMinor;
    if (line.kind !== 'product') return;
    const quantityMilli = sign * line.quantityMilli;
    const costed = line.unitCostMinor === null ? 0 : net;
    const cost = withCost ? sign * costOf(line) : 0;
    slot.unitsMilli += quantityMilli;
    slot.costedNetMinor += costed;
    slot.costMinor += cost;
    if (line.variantId === null) return;
    const variant = variantSum(at, slot.locationId, line.variantId, line.productId ?? '');
    variant.quantityMilli += quantityMilli;
    variant.totalMinor += sign * line.totalMinor;
    variant.netMinor += net;
    variant.costedNetMinor += costed;
    variant.costMinor += cost;
  }

  function slotSum(at: number, locationId: string): SlotSum {
    const slot = slotOf(at);
    return entry(slots, `${slot} ${locationId}`, () => ({
      slot,
      locationId,
      tickets: 0,
      refundCount: 0,
      unitsMilli: 0,
      grossMinor: 0,
      refundsMinor: 0,
      netMinor: 0,
      taxMinor: 0,
      costedNetMinor: 0,
      costMinor: 0,
    }));
  }

  function taxSum(at: number, locationId: string, taxRateId: string, taxRateBp: number): TaxSum {
    const slot = slotOf(at);
    return entry(taxes, `${slot} ${locationId} ${taxRateId} ${taxRateBp}`, () => ({
      slot,
      locationId,
      taxRateId,
      taxRateBp,
      salesNetMinor: 0,
      salesTaxMinor: 0,
      refundsNetMinor: 0,
      refundsTaxMinor: 0,
    }));
  }

  function variantSum(at: number, locationId: string, variantId: string, productId: string): VariantSum {
    const day = dayOf(at);
    return entry(variants, `${day} ${variantId} ${locationId}`, () => ({
      day,
      variantId,
      locationId,
      productId,
      quantityMilli: 0,
      totalMinor: 0,
      netMinor: 0,
      costedNetMinor: 0,
      costMinor: 0,
    }));
  }
}

/** Cost of a line, rounded half up; a cost beyond the safe range is no cost that anyone had. */
function costOf(line: SaleLine): number {
  if (line.unitCostMinor === null) return 0;
  const cost = Math.round((line.unitCostMinor * line.quantityMilli) / 1000);
  return Number.isSafeInteger(cost) ? cost : 0;
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function sorted<V>(map: ReadonlyMap<string, V>): V[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
