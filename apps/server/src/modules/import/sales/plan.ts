/**
 * What one invoice becomes: events and the transfers they move, with ids that follow from the invoice itself. Pure but
 * for the matcher, which must see the invoices in their order. Rules: docs/spec/import.md.
 */
import type { DecidedEvent } from '@mostrador/domain';
import type { Transfer } from '@mostrador/domain/ledger';
import {
  type FeeRecorded,
  refundTransfers,
  type SaleCompleted,
  type SaleLine,
  type SaleRefunded,
  saleTransfers,
} from '@mostrador/domain/sale';
import { decide as decideStock, EMPTY_STOCK, type StockCommand } from '@mostrador/domain/stock';
import { derivedCommit, derivedId } from '../derive.js';
import { type Decimal, multiply, roundedTo } from '../values.js';
import type { CodeKind } from './code.js';
import type { Invoice } from './invoices.js';
import type { SalesLine } from './line.js';
import { type Match, type Matcher, matchKey } from './match.js';
import { type SortedLine, sortInvoice } from './sort.js';

/** What a code stands for in the shop. */
export interface Article {
  readonly productId: string;
  readonly variantId: string;
  readonly sku: string;
  readonly name: string;
}

export interface PlanContext {
  readonly locationId: string;
  readonly currency: string;
  /** Decimals of the currency's minor unit. */
  readonly exponent: number;
  /** Of imported lines: the file says nothing of tax [IM12]. */
  readonly tax: { readonly taxRateId: string; readonly taxRateBp: 0 };
  readonly codeOf: (key: string) => CodeKind;
  readonly articleOf: (key: string) => Article | undefined;
  readonly customerOf: (customer: string) => string | null;
  readonly matcher: Matcher;
}

/** How many of the file's lines became what. */
export interface PlanCounts {
  readonly sold: number;
  readonly returned: number;
  readonly lost: number;
  readonly found: number;
  readonly money: number;
}

export interface Plan {
  readonly commitId: string;
  readonly at: number;
  readonly events: readonly DecidedEvent[];
  readonly transfers: readonly Transfer[];
  readonly lines: PlanCounts;
  /** Minor units that the events record, signed as in the file. */
  readonly recordedMinor: number;
  /** Units of returned product lines that were matched to a sale, in thousandths. */
  readonly matchedMilli: number;
  readonly unmatchedMilli: number;
}

/** The id of an invoice's proposal; known before its lines are. */
export function invoiceCommit(number: string, at: number): string {
  return derivedCommit(at, 'invoice', number);
}

export function planInvoice(invoice: Invoice, context: PlanContext): Plan {
  const sorted = sortInvoice(invoice, context.codeOf);
  const commitId = invoiceCommit(invoice.number, invoice.at);
  const events: DecidedEvent[] = [];
  const transfers: Transfer[] = [];
  const add = (event: DecidedEvent, moves: readonly Transfer[]): void => {
    events.push(event);
    for (const move of moves) transfers.push({ ...move, id: `${commitId}/${transfers.length}` });
  };
  let recordedMinor = 0;
  let matchedMilli = 0;
  let unmatchedMilli = 0;

  if (sorted.sold.length > 0) {
    const sale = planSale(invoice, sorted.sold, context);
    recordedMinor += sale.totalMinor;
    add(
      {
        type: 'sale.completed',
        subject: sale.saleId,
        payload: payloadOf(sale),
        number: receipt(context.locationId, 'sale'),
      },
      saleTransfers(sale, commitId, true),
    );
  }
  for (const refund of planRefunds(invoice, sorted.returned, context)) {
    recordedMinor -= refund.totalMinor;
    const goods = refund.lines.reduce((sum, { line }) => sum + (line.kind === 'product' ? line.quantityMilli : 0), 0);
    if (refund.saleId === null) unmatchedMilli += goods;
    else matchedMilli += goods;
    add(
      {
        type: 'sale.refunded',
        subject: refund.saleId ?? refund.refundId,
        payload: payloadOf(refund),
        number: receipt(context.locationId, 'refund'),
      },
      refundTransfers(refund, commitId, true),
    );
  }
  for (const command of planStock(invoice, sorted.lost, sorted.found, context)) {
    const decision = decideStock(EMPTY_STOCK, command, { commitId, now: invoice.at });
    if (!decision.ok) throw new Error(`invoice ${invoice.number}: ${decision.rejection.code}`);
    decision.events.forEach((event, n) => {
      add(event, n === 0 ? decision.transfers : []);
    });
  }
  if (sorted.money.length > 0) {
    const fee = planMoney(invoice, sorted.money, context);
    recordedMinor += fee.amountMinor;
    add({ type: 'sale.fee_recorded', subject: fee.feeId, payload: payloadOf(fee) }, feeTransfers(fee, commitId));
  }
  return {
    commitId,
    at: invoice.at,
    events,
    transfers,
    lines: {
      sold: sorted.sold.length,
      returned: sorted.returned.length,
      lost: sorted.lost.length,
      found: sorted.found.length,
      money: sorted.money.length,
    },
    recordedMinor,
    matchedMilli,
    unmatchedMilli,
  };
}

function planSale(invoice: Invoice, sold: readonly SortedLine[], context: PlanContext): SaleCompleted {
  const saleId = derivedId('sal', invoice.at, invoice.number);
  const lines = sold.map((entry, index) => {
    const line = saleLine(entry, entry.line.quantityMilli, context);
    context.matcher.sold(matchKey(entry.line.customer, entry.line.key, entry.line.price), saleId, index, line);
    return line;
  });
  const totalMinor = lines.reduce((sum, line) => sum + line.totalMinor, 0);
  return {
    saleId,
    locationId: context.locationId,
    cashSessionId: null,
    customerId: context.customerOf(invoice.customer),
    currency: context.currency,
    lines,
    taxes: [{ ...context.tax, netMinor: totalMinor, taxMinor: 0 }],
    totalMinor,
    taxMinor: 0,
    tenders: tender(totalMinor),
    changeMinor: 0,
    channel: 'import',
    externalReference: invoice.number,
  };
}

/** One refund for each sale that is met, in the order in which the lines meet them, and one for what meets none. */
function planRefunds(invoice: Invoice, returned: readonly SortedLine[], context: PlanContext): SaleRefunded[] {
  const bySale = new Map<string | null, SaleRefunded['lines'][number][]>();
  const put = (saleId: string | null, saleLineIndex: number | null, line: SaleLine): void => {
    const part = { saleLine: saleLineIndex, line, restock: line.kind === 'product' };
    const list = bySale.get(saleId);
    if (list === undefined) bySale.set(saleId, [part]);
    else list.push(part);
  };
  for (const entry of returned) {
    const { line } = entry;
    let left = -line.quantityMilli;
    const totalOf = (milli: number): number => totalMinor(line.price, milli, context.exponent);
    for (const match of context.matcher.take(matchKey(line.customer, line.key, line.price), left, totalOf)) {
      put(match.saleId, match.saleLine, matchedLine(match, totalOf));
      left -= match.quantityMilli;
    }
    if (left > 0) put(null, null, saleLine(entry, left, context));
  }
  return [...bySale].map(([saleId, lines]) => {
    const total = lines.reduce((sum, { line }) => sum + line.totalMinor, 0);
    return {
      refundId: derivedId('ref', invoice.at, invoice.number, saleId ?? ''),
      saleId,
      locationId: context.locationId,
      cashSessionId: null,
      customerId: context.customerOf(invoice.customer),
      currency: context.currency,
      lines,
      taxes: [{ ...context.tax, netMinor: total, taxMinor: 0 }],
      totalMinor: total,
      taxMinor: 0,
      tenders: tender(total),
      reason: invoice.number,
      channel: 'import',
      externalReference: invoice.number,
    };
  });
}

function planStock(
  invoice: Invoice,
  lost: readonly SortedLine[],
  found: readonly SortedLine[],
  context: PlanContext,
): StockCommand[] {
  const { locationId } = context;
  const commands: StockCommand[] = [];
  for (let i = 0; i < lost.length; i += 1000) {
    const part = lost.slice(i, i + 1000);
    commands.push({
      type: 'write_off',
      writeOffId: derivedId('stk', invoice.at, invoice.number, 'lost', String(i)),
      locationId,
      reason: reasonOf(part[0] as SortedLine, invoice),
      lines: part.map(({ line }) => ({
        variantId: article(line, context).variantId,
        quantityMilli: -line.quantityMilli,
      })),
      allowBelowZero: true,
    });
  }
  found.forEach((entry, i) => {
    commands.push({
      type: 'adjust',
      adjustmentId: derivedId('stk', invoice.at, invoice.number, 'found', String(i)),
      locationId,
      variantId: article(entry.line, context).variantId,
      quantityMilli: entry.line.quantityMilli,
      reason: reasonOf(entry, invoice),
      allowBelowZero: true,
    });
  });
  return commands;
}

/** What the file says of it, and where it stands there. */
function reasonOf({ line }: SortedLine, invoice: Invoice): string {
  return `${line.name === '' ? '?' : line.name} (${invoice.number})`;
}

function planMoney(invoice: Invoice, money: readonly SortedLine[], context: PlanContext): FeeRecorded {
  const lines = money.map(({ line, code }) => ({
    kind: code.kind,
    sku: line.sku,
    name: line.name,
    quantityMilli: line.quantityMilli,
    totalMinor: totalMinor(line.price, line.quantityMilli, context.exponent),
  }));
  return {
    feeId: derivedId('fee', invoice.at, invoice.number),
    locationId: context.locationId,
    currency: context.currency,
    amountMinor: lines.reduce((sum, line) => sum + line.totalMinor, 0),
    lines,
    reason: lines[0]?.name || (lines[0]?.sku ?? ''),
    externalReference: invoice.number,
  };
}

/** Costs leave the bank account, even below zero: the account's history before the file is not known. */
function feeTransfers(fee: FeeRecorded, commitId: string): Transfer[] {
  if (fee.amountMinor === 0) return [];
  const bank = { kind: 'bank', owner: fee.locationId, item: '', unit: fee.currency } as const;
  const fees = { kind: 'fee', owner: fee.locationId, item: '', unit: fee.currency } as const;
  const gain = fee.amountMinor > 0;
  return [
    {
      id: `${commitId}/0`,
      kind: 'direct',
      debit: gain ? bank : fees,
      credit: gain ? fees : bank,
      amount: Math.abs(fee.amountMinor),
      cause: 'fee',
      ...(gain ? undefined : { overdraw: true }),
    },
  ];
}

function saleLine(entry: SortedLine, quantityMilli: number, context: PlanContext): SaleLine {
  const { line, code } = entry;
  const goods = code.kind === 'product' ? article(line, context) : null;
  return {
    kind: code.kind,
    productId: goods?.productId ?? null,
    variantId: goods?.variantId ?? null,
    sku: goods?.sku ?? line.sku,
    name: line.name === '' ? (goods?.name ?? line.sku) : line.name,
    quantityMilli,
    unitPriceMinor: Number(roundedTo(line.price, context.exponent)),
    totalMinor: totalMinor(line.price, quantityMilli, context.exponent),
    ...context.tax,
    taxMinor: 0,
    unitCostMinor: null,
  };
}

function matchedLine(match: Match, totalOf: (milli: number) => number): SaleLine {
  return {
    ...match.line,
    quantityMilli: match.quantityMilli,
    totalMinor: match.restMinor ?? totalOf(match.quantityMilli),
  };
}

function article(line: SalesLine, context: PlanContext): Article {
  const found = context.articleOf(line.key);
  if (found === undefined) throw new Error(`no product for the code ${line.sku}`);
  return found;
}

/** Quantity × price, rounded once to the minor unit, half away from zero [IM10]. */
function totalMinor(price: Decimal, quantityMilli: number, exponent: number): number {
  return Number(roundedTo(multiply(price, { units: BigInt(quantityMilli), scale: 3 }), exponent));
}

/** How it was paid is not in the file: it is booked to the bank account [IM11]. */
function tender(amountMinor: number): SaleCompleted['tenders'] {
  return amountMinor > 0 ? [{ type: 'transfer', amountMinor }] : [];
}

/** Numbers of their own, so that the live series has no gap [IM13]. */
function receipt(locationId: string, what: 'sale' | 'refund'): NonNullable<DecidedEvent['number']> {
  return what === 'sale'
    ? { series: `imported-sale/${locationId}`, field: 'receiptNumber', prefix: 'IMP-' }
    : { series: `imported-refund/${locationId}`, field: 'receiptNumber', prefix: 'IMR-' };
}

function payloadOf(event: object): Readonly<Record<string, unknown>> {
  return event as Readonly<Record<string, unknown>>;
}
