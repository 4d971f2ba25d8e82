/**
 * What stands on a receipt, in the person's language: made once from the event, then drawn as HTML (receipt-html.ts)
 * and as PDF (receipt-pdf.ts). It prints what was sold then, not what the product is called now.
 */
import { exponentOf } from '@mostrador/domain/money';
import type { SaleCompleted, SaleLine, SaleRefunded, TaxTotal, Tender, TenderType } from '@mostrador/domain/sale';
import type { FiscalDocument } from './fiscal.js';

export interface ReceiptShop {
  readonly name: string;
  readonly country: string;
  readonly timeZone: string;
  readonly taxIdentifier: string;
  readonly address: string;
  readonly footer: string;
  readonly locationName: string;
}

export interface ReceiptLine {
  readonly name: string;
  /** `3 × $ 1.200,00`. */
  readonly detail: string;
  readonly total: string;
  readonly discounts: readonly { readonly text: string; readonly amount: string }[];
}

export interface Receipt {
  readonly language: 'es' | 'en';
  readonly title: string;
  readonly shop: ReceiptShop;
  readonly shopLines: readonly string[];
  /** Number, moment, who. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly lines: readonly ReceiptLine[];
  readonly totalLabel: string;
  readonly total: string;
  /** Taxes, tenders, change. */
  readonly sums: readonly (readonly [label: string, value: string])[];
  /** Says that the receipt is not fiscal; null with a fiscal document. */
  readonly notice: string | null;
  readonly footer: string;
}

const WORDS = {
  es: {
    sale: 'Comprobante de venta',
    refund: 'Comprobante de devolución',
    number: 'Número',
    date: 'Fecha',
    cashier: 'Atendió',
    forSale: 'Venta',
    reason: 'Motivo',
    total: 'Total',
    refundTotal: 'Total devuelto',
    tax: 'Impuesto incluido',
    net: 'Neto',
    cash: 'Efectivo',
    card: 'Tarjeta',
    transfer: 'Transferencia',
    change: 'Vuelto',
    discount: 'Descuento',
    taxIdentifier: 'Identificación fiscal',
    authorisation: 'Autorización',
    notice: 'Documento no fiscal. No es válido como factura.',
  },
  en: {
    sale: 'Sales receipt',
    refund: 'Refund receipt',
    number: 'Number',
    date: 'Date',
    cashier: 'Served by',
    forSale: 'Sale',
    reason: 'Reason',
    total: 'Total',
    refundTotal: 'Total refunded',
    tax: 'Tax included',
    net: 'Net',
    cash: 'Cash',
    card: 'Card',
    transfer: 'Bank transfer',
    change: 'Change',
    discount: 'Discount',
    taxIdentifier: 'Tax number',
    authorisation: 'Authorisation',
    notice: 'Not a fiscal document. Not valid as an invoice.',
  },
} as const;

type Words = Record<keyof (typeof WORDS)['es'], string>;

export interface ReceiptContext {
  readonly shop: ReceiptShop;
  readonly language: 'es' | 'en';
  readonly at: number;
  readonly cashier: string;
  readonly fiscal: FiscalDocument | null;
}

export function saleReceipt(sale: SaleCompleted, context: ReceiptContext): Receipt {
  const words: Words = WORDS[context.language];
  const write = writers(context, sale.currency);
  const change: [string, string][] = sale.changeMinor === 0 ? [] : [[words.change, write.money(sale.changeMinor)]];
  return {
    ...common(context, words),
    title: context.fiscal?.kind ?? words.sale,
    facts: facts(sale.receiptNumber ?? '', [], context, words, write),
    lines: sale.lines.map((line) => lineOf(line, words, write)),
    totalLabel: words.total,
    total: write.money(sale.totalMinor),
    sums: [...taxLines(sale.taxes, words, write), ...tenderLines(sale.tenders, words, write), ...change],
  };
}

/** `saleNumber`: the receipt number of the sale it gives back; '' when unknown. */
export function refundReceipt(refund: SaleRefunded, saleNumber: string, context: ReceiptContext): Receipt {
  const words: Words = WORDS[context.language];
  const write = writers(context, refund.currency);
  const more: [string, string][] = [
    [words.forSale, saleNumber],
    [words.reason, refund.reason],
  ];
  return {
    ...common(context, words),
    title: context.fiscal?.kind ?? words.refund,
    facts: facts(refund.receiptNumber ?? '', more, context, words, write),
    lines: refund.lines.map(({ line }) => lineOf(line, words, write)),
    totalLabel: words.refundTotal,
    total: write.money(refund.totalMinor),
    sums: [...taxLines(refund.taxes, words, write), ...tenderLines(refund.tenders, words, write)],
  };
}

interface Writers {
  money(minor: number): string;
  quantity(milli: number): string;
  percent(bp: number): string;
  moment(at: number): string;
}

function writers(context: ReceiptContext, currency: string): Writers {
  const locale = `${context.language}-${context.shop.country}`;
  const exponent = exponentOf(currency);
  const money = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const moment = new Intl.DateTimeFormat(locale, {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: context.shop.timeZone,
  });
  return {
    money: (minor) => money.format(minor / 10 ** exponent),
    quantity: (milli) => plain.format(milli / 1000),
    percent: (bp) => `${plain.format(bp / 100)} %`,
    moment: (at) => moment.format(at),
  };
}

function common(context: ReceiptContext, words: Words) {
  const { shop, fiscal } = context;
  const shopLines = [shop.locationName === shop.name ? '' : shop.locationName, shop.address];
  if (shop.taxIdentifier !== '') shopLines.push(`${words.taxIdentifier}: ${shop.taxIdentifier}`);
  return {
    language: context.language,
    shop,
    shopLines: shopLines.filter((line) => line !== ''),
    notice: fiscal === null ? words.notice : null,
    footer: shop.footer,
  };
}

function facts(
  number: string,
  more: readonly [string, string][],
  context: ReceiptContext,
  words: Words,
  write: Writers,
): [string, string][] {
  const { fiscal } = context;
  const all: [string, string][] = [
    [words.number, fiscal?.number ?? number],
    [words.date, write.moment(context.at)],
    [words.cashier, context.cashier],
    [words.authorisation, fiscal?.authorisation ?? ''],
    ...more,
  ];
  return all.filter(([, value]) => value !== '');
}

const UNITS = { piece: '', kg: ' kg', l: ' l', m: ' m' } as const;

function lineOf(line: SaleLine, words: Words, write: Writers): ReceiptLine {
  const off = line.discounts ?? [];
  let before = line.totalMinor;
  for (const discount of off) before += discount.amountMinor;
  return {
    name: line.name,
    detail: `${write.quantity(line.quantityMilli)}${UNITS[line.salesUnit ?? 'piece']} × ${write.money(line.unitPriceMinor)}`,
    total: write.money(before),
    discounts: off.map((d) => ({ text: `${words.discount}: ${d.reason}`, amount: write.money(-d.amountMinor) })),
  };
}

function taxLines(taxes: readonly TaxTotal[], words: Words, write: Writers): [string, string][] {
  return taxes
    .filter((tax) => tax.taxRateBp > 0)
    .map((tax) => [`${words.tax} (${write.percent(tax.taxRateBp)})`, write.money(tax.taxMinor)]);
}

function tenderLines(tenders: readonly Tender[], words: Words, write: Writers): [string, string][] {
  const names: Record<TenderType, string> = { cash: words.cash, card: words.card, transfer: words.transfer };
  return tenders.map((tender) => [names[tender.type], write.money(tender.amountMinor)]);
}
