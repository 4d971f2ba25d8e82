import { inflateSync } from 'node:zlib';
import type { SaleCompleted, SaleRefunded } from '@mostrador/domain/sale';
import { describe, expect, it } from 'vitest';
import { type ReceiptContext, refundReceipt, saleReceipt } from './receipt.js';
import { receiptHtml } from './receipt-html.js';
import { receiptPdf } from './receipt-pdf.js';

const sale: SaleCompleted = {
  saleId: 'sal_1',
  receiptNumber: 'A-00000007',
  locationId: 'loc_1',
  cashSessionId: null,
  customerId: null,
  currency: 'ARS',
  lines: [
    {
      kind: 'product',
      productId: 'prod_1',
      variantId: 'var_1',
      sku: 'Y1',
      name: 'Yerba <b>"Ñandú"</b> & Co',
      quantityMilli: 3000,
      unitPriceMinor: 320_000,
      discounts: [{ amountMinor: 60_000, reason: 'vecino', scope: 'line' }],
      totalMinor: 900_000,
      taxRateId: 'tax_1',
      taxRateBp: 2100,
      taxMinor: 156_198,
      unitCostMinor: null,
    },
    {
      kind: 'product',
      productId: 'prod_2',
      variantId: 'var_2',
      sku: 'Q1',
      name: 'Queso 🧀 Łódź',
      quantityMilli: 345,
      salesUnit: 'kg',
      unitPriceMinor: 1_000_000,
      totalMinor: 345_000,
      taxRateId: 'tax_2',
      taxRateBp: 1050,
      taxMinor: 32_783,
      unitCostMinor: null,
    },
  ],
  taxes: [
    { taxRateId: 'tax_1', taxRateBp: 2100, netMinor: 743_802, taxMinor: 156_198 },
    { taxRateId: 'tax_2', taxRateBp: 1050, netMinor: 312_217, taxMinor: 32_783 },
  ],
  totalMinor: 1_245_000,
  taxMinor: 188_981,
  tenders: [{ type: 'cash', amountMinor: 1_300_000 }],
  changeMinor: 55_000,
  channel: 'counter',
};

const context: ReceiptContext = {
  shop: {
    name: 'Almacén Don Pepe',
    country: 'AR',
    timeZone: 'America/Argentina/Buenos_Aires',
    taxIdentifier: '30-12345678-9',
    address: 'Corrientes 1234',
    footer: '¡Gracias!',
    locationName: 'Local',
  },
  language: 'es',
  at: Date.UTC(2026, 10, 22, 15, 4),
  cashier: 'Ana',
  fiscal: null,
};

/** Number formats put spaces in that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('receipts', () => {
  it('[SA18] say that they are not fiscal, in both languages and forms', async () => {
    for (const [language, notice] of [
      ['es', 'Documento no fiscal'],
      ['en', 'Not a fiscal document'],
    ] as const) {
      const receipt = saleReceipt(sale, { ...context, language });
      expect(receipt.notice).toContain(notice);
      expect(receiptHtml(receipt)).toContain(notice);
      expect(textOf(await receiptPdf(receipt))).toContain(notice);
    }
  });

  it('[SA18] do not say so of what an authority has numbered', () => {
    const fiscal = { kind: 'Factura B', number: '0001-00000042', authorisation: '71234567890123' };
    const receipt = saleReceipt(sale, { ...context, fiscal });
    expect(receipt.notice).toBeNull();
    expect(receipt.title).toBe('Factura B');
    expect(receipt.facts.map(([, value]) => value)).toEqual(
      expect.arrayContaining(['0001-00000042', '71234567890123']),
    );
    expect(receiptHtml(receipt)).not.toContain('no fiscal');
  });

  it('write amounts, quantities and times as the country does', () => {
    const receipt = saleReceipt(sale, context);
    expect(receipt.lines.map((l) => plain(`${l.detail} = ${l.total}`))).toEqual([
      '3 × $ 3.200,00 = $ 9.600,00',
      '0,345 kg × $ 10.000,00 = $ 3.450,00',
    ]);
    expect(receipt.lines[0]?.discounts.map((d) => plain(`${d.text} ${d.amount}`))).toEqual([
      'Descuento: vecino -$ 600,00',
    ]);
    expect(plain(receipt.total)).toBe('$ 12.450,00');
    expect(receipt.sums.map(([label, value]) => plain(`${label} ${value}`))).toEqual([
      'Impuesto incluido (21 %) $ 1.561,98',
      'Impuesto incluido (10,5 %) $ 327,83',
      'Efectivo $ 13.000,00',
      'Vuelto $ 550,00',
    ]);
    expect(plain(receipt.facts[1]?.[1] ?? '')).toBe('22/11/26, 12:04 p. m.');
  });

  it('keep minor units of currencies without decimals whole', () => {
    const shop = { ...context.shop, country: 'CL', timeZone: 'America/Santiago' };
    const receipt = saleReceipt({ ...sale, currency: 'CLP', totalMinor: 12_990 }, { ...context, shop });
    expect(plain(receipt.total)).toBe('$12.990');
  });

  it('escape what people typed', () => {
    const html = receiptHtml(saleReceipt(sale, context));
    expect(html).toContain('Yerba &lt;b&gt;&quot;Ñandú&quot;&lt;/b&gt; &amp; Co');
    expect(html).not.toContain('<b>');
  });

  it('name the sale that a refund gives back', () => {
    const [first] = sale.lines;
    if (first === undefined) throw new Error('a line');
    const refund: SaleRefunded = {
      refundId: 'ref_1',
      saleId: 'sal_1',
      receiptNumber: 'A-R-00000001',
      locationId: 'loc_1',
      cashSessionId: null,
      customerId: null,
      currency: 'ARS',
      lines: [{ saleLine: 0, line: first, restock: true }],
      taxes: [],
      totalMinor: 900_000,
      taxMinor: 156_198,
      tenders: [{ type: 'cash', amountMinor: 900_000 }],
      reason: 'No era',
      channel: 'counter',
    };
    const receipt = refundReceipt(refund, 'A-00000007', context);
    expect(receipt.facts.map(([label, value]) => `${label}: ${value}`)).toEqual(
      expect.arrayContaining(['Número: A-R-00000001', 'Venta: A-00000007', 'Motivo: No era']),
    );
    expect(receipt.notice).not.toBeNull();
  });

  it('are drawn however long, and whatever letters they hold', async () => {
    const lines = Array.from({ length: 500 }, () => sale.lines).flat();
    const pdf = await receiptPdf(saleReceipt({ ...sale, lines }, context));
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(1);
    expect(textOf(pdf).split('Queso ? ?ódz').length - 1).toBe(500);
  });
});

/** The text of a PDF as it was written: hexadecimal strings in compressed streams, one byte a letter. */
function textOf(pdf: Buffer): string {
  const raw = pdf.toString('latin1');
  let text = '';
  for (const match of raw.matchAll(/stream\n([\s\S]*?)\nendstream/g)) {
    let content: string;
    try {
      content = inflateSync(Buffer.from(match[1] ?? '', 'latin1')).toString('latin1');
    } catch {
      continue;
    }
    for (const shown of content.matchAll(/\[([^\]]*)\] TJ/g)) {
      for (const part of (shown[1] ?? '').matchAll(/<([0-9a-f]+)>/g)) {
        text += Buffer.from(part[1] ?? '', 'hex').toString('latin1');
      }
      text += '\n';
    }
  }
  return text;
}
