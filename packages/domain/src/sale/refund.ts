/**
 * Refunds against a sale, in part or whole. Every part is cut from the line by its place in it, so that parts add up
 * to the line in goods, money and tax, however it is cut. Rules: docs/spec/sale.md.
 */
import type { Decision, DecisionContext } from '../decision.js';
import type { Transfer } from '../ledger/types.js';
import { slice } from '../money/index.js';
import { fitsUnit } from '../unit/index.js';
import { checkMoney, netTenders, tenderAccount } from './complete.js';
import type { RefundedLine, RefundSale, SaleDefect, SaleRejection, SaleState } from './state.js';
import type { SaleLine, SaleRefunded, TaxTotal, Tender, TenderType } from './types.js';

type RefundLine = SaleRefunded['lines'][number];

export function refundSale(state: SaleState, command: RefundSale, context: DecisionContext): Decision<SaleRejection> {
  const { sale } = state;
  const defects: SaleDefect[] = [];
  const lines = cutLines(state, command, defects);
  let totalMinor = 0;
  let taxMinor = 0;
  for (const { line } of lines) {
    totalMinor += line.totalMinor;
    taxMinor += line.taxMinor;
  }
  const refundableMinor = sale.totalMinor - state.refundedMinor;
  if (defects.length === 0 && (lines.length === 0 || totalMinor > refundableMinor || totalMinor < 0)) {
    defects.push({ code: 'refund_excess', line: null, saleLine: null, refundableMilli: 0, refundableMinor });
  }
  const tenders = command.tenders === undefined ? asPaid(state, totalMinor) : given(command, sale.currency, defects);
  let tenderedMinor = 0;
  for (const tender of tenders) tenderedMinor += tender.amountMinor;
  if (defects.length === 0 && tenderedMinor !== totalMinor) {
    defects.push({ code: 'tender_mismatch', totalMinor, tenderedMinor });
  }
  if (defects.length > 0) return { ok: false, rejection: { code: 'sale_refused', defects } };

  const payload: SaleRefunded = {
    refundId: command.refundId,
    saleId: sale.saleId,
    locationId: sale.locationId,
    cashSessionId: command.cashSessionId,
    customerId: sale.customerId,
    currency: sale.currency,
    lines,
    taxes: taxesOf(lines),
    totalMinor,
    taxMinor,
    tenders,
    reason: command.reason,
    channel: command.channel,
  };
  return {
    ok: true,
    events: [
      {
        type: 'sale.refunded',
        // The sale's own history, so that two refunds cannot be decided on the same state of it.
        subject: sale.saleId,
        payload: payload as unknown as Readonly<Record<string, unknown>>,
        number: { series: command.receipt.series, field: 'receiptNumber', prefix: command.receipt.prefix },
      },
    ],
    transfers: refundTransfers(payload, context.commitId),
  };
}

/**
 * What a refund moves: goods that are back on the shelf, one transfer per variant, and one per tender type.
 * `overdraw`: the money was given back long ago (imports), whatever the accounts say.
 */
export function refundTransfers(refund: SaleRefunded, commitId: string, overdraw = false): Transfer[] {
  const transfers: Transfer[] = [];
  const { locationId, currency } = refund;
  const back = new Map<string, number>();
  for (const { line, restock } of refund.lines) {
    if (!restock || line.kind !== 'product' || line.variantId === null || line.quantityMilli <= 0) continue;
    back.set(line.variantId, (back.get(line.variantId) ?? 0) + line.quantityMilli);
  }
  for (const [variantId, amount] of back) {
    transfers.push({
      id: `${commitId}/${transfers.length}`,
      kind: 'direct',
      debit: { kind: 'stock', owner: locationId, item: variantId, unit: 'milli' },
      credit: { kind: 'sold', owner: locationId, item: '', unit: 'milli' },
      amount,
      cause: 'refund',
    });
  }
  for (const tender of netTenders({ tenders: refund.tenders, changeMinor: 0 })) {
    transfers.push({
      id: `${commitId}/${transfers.length}`,
      kind: 'direct',
      debit: { kind: 'revenue', owner: locationId, item: '', unit: currency },
      credit: tenderAccount(tender.type, locationId, refund.cashSessionId, currency),
      amount: tender.amountMinor,
      cause: 'refund',
      ...(overdraw ? { overdraw } : undefined),
    });
  }
  return transfers;
}

/** What is left of a line: goods and money that no refund has given back. */
export function refundableOf(line: SaleLine, refunded: RefundedLine): { quantityMilli: number; totalMinor: number } {
  return {
    quantityMilli: Math.max(0, line.quantityMilli - refunded.quantityMilli),
    totalMinor: line.totalMinor - refunded.totalMinor,
  };
}

function cutLines(state: SaleState, command: RefundSale, defects: SaleDefect[]): RefundLine[] {
  const asked = command.lines ?? state.sale.lines.map((_, saleLine) => ({ saleLine, restock: true }));
  // Lines of one command may name the same line of the sale twice: each sees what those before it took.
  const taken = new Map<number, RefundedLine>();
  const cut: RefundLine[] = [];
  for (let n = 0; n < asked.length; n++) {
    const { saleLine, restock, quantityMilli } = asked[n] as NonNullable<RefundSale['lines']>[number];
    const line = state.sale.lines[saleLine];
    if (line === undefined) {
      defects.push({ code: 'sale_line_unknown', line: n, saleLine });
      continue;
    }
    const before = taken.get(saleLine) ?? (state.refunded[saleLine] as RefundedLine);
    const left = refundableOf(line, before);
    const quantity = quantityMilli ?? left.quantityMilli;
    if (quantityMilli === undefined && left.quantityMilli === 0 && command.lines === undefined) continue;
    if (!Number.isSafeInteger(quantity) || quantity < 0) {
      defects.push({ code: 'quantity_invalid', line: n });
    } else if (quantity === 0 || quantity > left.quantityMilli) {
      const { quantityMilli: refundableMilli, totalMinor: refundableMinor } = left;
      defects.push({ code: 'refund_excess', line: n, saleLine, refundableMilli, refundableMinor });
    } else if (!fitsUnit(line.salesUnit ?? 'piece', quantity) && quantity !== left.quantityMilli) {
      defects.push({ code: 'quantity_fraction', line: n, variantId: line.variantId ?? '' });
    } else {
      const part = cutLine(line, before, quantity);
      taken.set(saleLine, {
        quantityMilli: before.quantityMilli + quantity,
        totalMinor: before.totalMinor + part.totalMinor,
        taxMinor: before.taxMinor + part.taxMinor,
      });
      cut.push({ saleLine, line: part, restock: restock && line.kind === 'product' && line.variantId !== null });
    }
  }
  return cut;
}

function cutLine(line: SaleLine, before: RefundedLine, quantityMilli: number): SaleLine {
  const isRest = before.quantityMilli + quantityMilli === line.quantityMilli;
  // Parts of a safe integer are safe. The rest is what is left, also of a sale that was imported with odd roundings.
  const totalMinor = isRest
    ? line.totalMinor - before.totalMinor
    : (slice(line.totalMinor, before.quantityMilli, quantityMilli, line.quantityMilli) as number);
  const size = Math.abs(line.totalMinor);
  const taxMinor = isRest
    ? line.taxMinor - before.taxMinor
    : size === 0
      ? 0
      : (slice(line.taxMinor, Math.abs(before.totalMinor), Math.abs(totalMinor), size) as number);
  // Discounts are inside the total; repeating them here would read as if they were given back again.
  const { discounts: _, ...rest } = line;
  return { ...rest, quantityMilli, totalMinor, taxMinor };
}

function taxesOf(lines: readonly RefundLine[]): TaxTotal[] {
  const byRate = new Map<string, { taxRateId: string; taxRateBp: number; netMinor: number; taxMinor: number }>();
  for (const { line } of lines) {
    const { taxRateId, taxRateBp } = line;
    let row = byRate.get(taxRateId);
    if (row === undefined) {
      row = { taxRateId, taxRateBp, netMinor: 0, taxMinor: 0 };
      byRate.set(taxRateId, row);
    }
    row.netMinor += line.totalMinor - line.taxMinor;
    row.taxMinor += line.taxMinor;
  }
  return [...byRate.values()];
}

const BACK_ORDER: readonly TenderType[] = ['card', 'transfer', 'cash'];

/** Gives back by the tenders the sale was paid with, as far as they go, cash last; anything beyond is cash. */
function asPaid(state: SaleState, totalMinor: number): Tender[] {
  const paid = netTenders(state.sale);
  const tenders: Tender[] = [];
  let left = totalMinor;
  for (const type of BACK_ORDER) {
    const by = paid.find((tender) => tender.type === type)?.amountMinor ?? 0;
    const room = type === 'cash' ? left : Math.max(0, by - state.refundedTenders[type]);
    const amountMinor = Math.min(left, room);
    if (amountMinor > 0) tenders.push({ type, amountMinor });
    left -= Math.max(0, amountMinor);
  }
  return tenders;
}

function given(command: RefundSale, currency: string, defects: SaleDefect[]): Tender[] {
  const tenders: Tender[] = [];
  for (let n = 0; n < (command.tenders ?? []).length; n++) {
    const tender = (command.tenders ?? [])[n] as NonNullable<RefundSale['tenders']>[number];
    checkMoney(tender, { field: 'tender', tender: n }, currency, defects);
    if (tender.amountMinor > 0) tenders.push({ type: tender.type, amountMinor: tender.amountMinor });
  }
  return tenders;
}
