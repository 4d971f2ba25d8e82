/**
 * Completing a sale: prices, discounts, taxes, tenders and change, and what they move. Runs for every sale at the
 * till and at the server, so it makes one pass over the lines and only what ends up in the event. Rules: docs/spec/sale.md.
 */
import type { Decision, DecisionContext } from '../decision.js';
import type { Transfer } from '../ledger/types.js';
import { allocate, basisPoints, lineTotal } from '../money/index.js';
import { taxOfSale } from '../tax/index.js';
import { fitsUnit } from '../unit/index.js';
import type { AskedDiscount, AskedLine, CompleteSale, DefectPlace, SaleDefect, SaleRejection } from './state.js';
import type { LineDiscount, SaleCompleted, SaleLine, Tender, TenderType } from './types.js';

const ACCOUNT_OF = { cash: 'cash', card: 'card', transfer: 'bank' } as const satisfies Record<TenderType, string>;

/** A line in the making: its tax is known only when all totals are. */
type Draft = { -readonly [K in keyof SaleLine]: SaleLine[K] };

export function completeSale(command: CompleteSale, context: DecisionContext): Decision<SaleRejection> {
  const defects: SaleDefect[] = [];
  const lines = draftLines(command, defects);
  if (defects.length === 0 && command.discount !== undefined) spreadDiscount(command, lines, defects);
  const tax = defects.length === 0 ? taxOfSale(lines) : null;
  if (tax === null && defects.length === 0) defects.push({ code: 'amount_out_of_range' });

  const tendered = addTenders(command, defects);
  let changeMinor = 0;
  if (tax !== null) {
    for (let i = 0; i < lines.length; i++) (lines[i] as Draft).taxMinor = tax.lineTaxes[i] as number;
    changeMinor = tendered.sum - tax.totalMinor;
    // A sum that is too large is named once, above.
    if (!Number.isSafeInteger(tendered.sum)) defects.push({ code: 'amount_out_of_range' });
    else if (changeMinor < 0) {
      defects.push({ code: 'tender_insufficient', totalMinor: tax.totalMinor, missingMinor: -changeMinor });
    } else if (changeMinor > tendered.cash) {
      const excessMinor = changeMinor - tendered.cash;
      defects.push({ code: 'tender_excess', totalMinor: tax.totalMinor, excessMinor });
    }
  }
  if (defects.length > 0 || tax === null) return { ok: false, rejection: { code: 'sale_refused', defects } };

  const payload: SaleCompleted = {
    saleId: command.saleId,
    locationId: command.locationId,
    cashSessionId: command.cashSessionId,
    customerId: command.customerId,
    currency: command.currency,
    lines,
    taxes: tax.taxes,
    totalMinor: tax.totalMinor,
    taxMinor: tax.taxMinor,
    tenders: tendered.tenders,
    changeMinor,
    channel: command.channel,
    ...(command.externalReference === undefined ? undefined : { externalReference: command.externalReference }),
  };
  return {
    ok: true,
    events: [
      {
        type: 'sale.completed',
        subject: command.saleId,
        payload: payload as unknown as Readonly<Record<string, unknown>>,
        number: { series: command.receipt.series, field: 'receiptNumber', prefix: command.receipt.prefix },
      },
    ],
    transfers: saleTransfers(payload, context.commitId, command.overdraw === true),
  };
}

/**
 * What a completed sale moves: one transfer per variant, and one per tender type, the change already out of the cash.
 * Deterministic, so that an importer who builds the event itself moves the same.
 */
export function saleTransfers(sale: SaleCompleted, commitId: string, overdraw = false): Transfer[] {
  const transfers: Transfer[] = [];
  const { locationId, currency } = sale;
  for (const [variantId, amount] of goods(sale.lines)) {
    const id = `${commitId}/${transfers.length}`;
    const debit = { kind: 'sold', owner: locationId, item: '', unit: 'milli' } as const;
    const credit = { kind: 'stock', owner: locationId, item: variantId, unit: 'milli' } as const;
    transfers.push(
      overdraw
        ? { id, kind: 'direct', debit, credit, amount, cause: 'sale', overdraw }
        : { id, kind: 'direct', debit, credit, amount, cause: 'sale' },
    );
  }
  for (const tender of netTenders(sale)) {
    transfers.push({
      id: `${commitId}/${transfers.length}`,
      kind: 'direct',
      debit: tenderAccount(tender.type, locationId, sale.cashSessionId, currency),
      credit: { kind: 'revenue', owner: locationId, item: '', unit: currency },
      amount: tender.amountMinor,
      cause: 'tender',
    });
  }
  return transfers;
}

/** Where a tender's money lies: cash in the session's drawer if there is one, all else at the location. */
export function tenderAccount(type: TenderType, locationId: string, cashSessionId: string | null, currency: string) {
  const owner = type === 'cash' ? (cashSessionId ?? locationId) : locationId;
  return { kind: ACCOUNT_OF[type], owner, item: '', unit: currency } as const;
}

/** What stays of each tender type once the change is given; only what is above zero, cash first. */
export function netTenders(sale: Pick<SaleCompleted, 'tenders' | 'changeMinor'>): Tender[] {
  let cash = -sale.changeMinor;
  let card = 0;
  let transfer = 0;
  for (const tender of sale.tenders) {
    if (tender.type === 'cash') cash += tender.amountMinor;
    else if (tender.type === 'card') card += tender.amountMinor;
    else transfer += tender.amountMinor;
  }
  const net: Tender[] = [];
  if (cash > 0) net.push({ type: 'cash', amountMinor: cash });
  if (card > 0) net.push({ type: 'card', amountMinor: card });
  if (transfer > 0) net.push({ type: 'transfer', amountMinor: transfer });
  return net;
}

function goods(lines: readonly SaleLine[]): Map<string, number> {
  const moved = new Map<string, number>();
  for (const line of lines) {
    if (line.kind !== 'product' || line.variantId === null || line.quantityMilli <= 0) continue;
    moved.set(line.variantId, (moved.get(line.variantId) ?? 0) + line.quantityMilli);
  }
  return moved;
}

function draftLines(command: CompleteSale, defects: SaleDefect[]): Draft[] {
  const lines: Draft[] = [];
  for (let n = 0; n < command.lines.length; n++) {
    const line = draftLine(command.lines[n] as AskedLine, n, command.currency, defects);
    if (line !== null) lines.push(line);
  }
  return lines;
}

function draftLine(asked: AskedLine, n: number, currency: string, defects: SaleDefect[]): Draft | null {
  const { item, variantId, quantityMilli, price } = asked;
  const before = defects.length;
  const isQuantity = Number.isSafeInteger(quantityMilli) && quantityMilli > 0;
  if (!isQuantity) defects.push({ code: 'quantity_invalid', line: n });
  if (price !== undefined) checkMoney(price, { field: 'price', line: n }, currency, defects);
  if (asked.discount !== undefined) checkDiscount(asked.discount, { field: 'discount', line: n }, currency, defects);
  if (item === null) {
    defects.push({ code: 'variant_unknown', line: n, variantId });
    return null;
  }
  if (item.archived) defects.push({ code: 'product_archived', line: n, variantId });
  if (isQuantity && !fitsUnit(item.salesUnit, quantityMilli))
    defects.push({ code: 'quantity_fraction', line: n, variantId });
  // A draft has no price on purpose: asking one at the counter does not make it a product for sale.
  if (item.priceMinor === null) defects.push({ code: 'price_missing', line: n, variantId });
  if (item.priceMinor === null || defects.length > before) return null;
  const unitPriceMinor = price?.amountMinor ?? item.priceMinor;
  const gross = lineTotal(unitPriceMinor, quantityMilli);
  if (gross === null) {
    defects.push({ code: 'amount_out_of_range' });
    return null;
  }
  const line: Draft = {
    kind: asked.kind ?? 'product',
    productId: item.productId,
    variantId: item.variantId,
    sku: item.sku,
    name: item.name,
    quantityMilli,
    unitPriceMinor,
    totalMinor: gross,
    taxRateId: item.taxRateId,
    taxRateBp: item.rateBp,
    taxMinor: 0,
    unitCostMinor: item.costMinor,
  };
  if (item.salesUnit !== 'piece') line.salesUnit = item.salesUnit;
  if (unitPriceMinor !== item.priceMinor) line.listPriceMinor = item.priceMinor;
  if (asked.discount !== undefined) {
    const off = discountOf(asked.discount, gross);
    if (off > gross) defects.push({ code: 'discount_excess', line: n, discountableMinor: gross });
    else if (off > 0) takeOff(line, { amountMinor: off, reason: asked.discount.reason, scope: 'line' });
  }
  return line;
}

/** Shares the discount on the whole over the lines in proportion to what they cost after their own. */
function spreadDiscount(command: CompleteSale, lines: readonly Draft[], defects: SaleDefect[]): void {
  const discount = command.discount as AskedDiscount;
  checkDiscount(discount, { field: 'sale_discount' }, command.currency, defects);
  if (defects.length > 0) return;
  const totals = lines.map((line) => line.totalMinor);
  let whole = 0;
  for (const total of totals) whole += total;
  if (!Number.isSafeInteger(whole)) {
    defects.push({ code: 'amount_out_of_range' });
    return;
  }
  const off = discountOf(discount, whole);
  if (off > whole) {
    defects.push({ code: 'discount_excess', line: null, discountableMinor: whole });
    return;
  }
  if (off === 0) return;
  const shares = allocate(off, totals);
  for (let i = 0; i < lines.length; i++) {
    const share = shares?.[i] ?? 0;
    if (share > 0) takeOff(lines[i] as Draft, { amountMinor: share, reason: discount.reason, scope: 'sale' });
  }
}

function takeOff(line: Draft, discount: LineDiscount): void {
  line.totalMinor -= discount.amountMinor;
  line.discounts = line.discounts === undefined ? [discount] : [...line.discounts, discount];
}

function discountOf(discount: AskedDiscount, gross: number): number {
  if (discount.amount !== undefined) return discount.amount.amountMinor;
  // At most the whole: no overflow.
  return basisPoints(gross, discount.percentBp ?? 0) ?? 0;
}

function checkDiscount(asked: AskedDiscount, at: DefectPlace, currency: string, defects: SaleDefect[]): void {
  const { amount, percentBp } = asked;
  if (amount !== undefined) checkMoney(amount, at, currency, defects);
  const isShare = percentBp !== undefined && Number.isInteger(percentBp) && percentBp > 0 && percentBp <= 10_000;
  if ((amount !== undefined) === (percentBp !== undefined) || (percentBp !== undefined && !isShare)) {
    defects.push({ code: 'amount_invalid', at });
  }
}

export function checkMoney(
  money: { readonly amountMinor: number; readonly currency: string },
  at: DefectPlace,
  currency: string,
  defects: SaleDefect[],
): void {
  if (!Number.isSafeInteger(money.amountMinor) || money.amountMinor < 0) defects.push({ code: 'amount_invalid', at });
  if (money.currency !== currency) defects.push({ code: 'currency_mismatch', at, currency });
}

function addTenders(command: CompleteSale, defects: SaleDefect[]): { sum: number; cash: number; tenders: Tender[] } {
  const tenders: Tender[] = [];
  let sum = 0;
  let cash = 0;
  for (let n = 0; n < command.tenders.length; n++) {
    const tender = command.tenders[n] as CompleteSale['tenders'][number];
    checkMoney(tender, { field: 'tender', tender: n }, command.currency, defects);
    sum += tender.amountMinor;
    if (tender.type === 'cash') cash += tender.amountMinor;
    if (tender.amountMinor > 0) tenders.push({ type: tender.type, amountMinor: tender.amountMinor });
  }
  return { sum, cash, tenders };
}
