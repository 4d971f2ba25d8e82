import type { FeeRecorded, SaleCompleted, SaleRefunded } from '@mostrador/domain/sale';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../values.js';
import { codeKind } from './code.js';
import type { Invoice } from './invoices.js';
import type { SalesLine } from './line.js';
import { Matcher } from './match.js';
import { Needs, nameOf } from './needs.js';
import { type Plan, type PlanContext, planInvoice } from './plan.js';

type Row = readonly [sku: string, name: string, quantity: number, price: string];
const DAY = 86_400_000;
let clock = Date.UTC(2011, 0, 1);

function invoice(number: string, customer: string, rows: readonly Row[]): Invoice {
  clock += DAY;
  const at = clock;
  const lines = rows.map(([sku, name, quantity, price], i): SalesLine => {
    const decimal = parseDecimal(price, 'point');
    if (decimal === null) throw new Error(price);
    return {
      row: i + 2,
      invoice: number,
      sku,
      key: sku.toLowerCase(),
      name,
      quantityMilli: quantity * 1000,
      price: decimal,
      at,
      customer,
      country: '',
    };
  });
  return { number, at, customer, lines, defects: [] };
}

function plan(...invoices: readonly Invoice[]): { plans: Plan[]; needs: Needs } {
  const needs = new Needs();
  for (const i of invoices) needs.add(i, false);
  const context: PlanContext = {
    locationId: 'loc_1',
    currency: 'GBP',
    exponent: 2,
    tax: { taxRateId: 'tax_0', taxRateBp: 0 },
    codeOf: (key) => needs.kindOf(key),
    articleOf: (key) => {
      const product = needs.products.get(key);
      return product && { productId: `prod_${key}`, variantId: `var_${key}`, sku: product.sku, name: nameOf(product) };
    },
    customerOf: (customer) => (customer === '' ? null : `cus_${customer}`),
    matcher: new Matcher(needs.wanted),
  };
  return { plans: invoices.map((i) => planInvoice(i, context)), needs };
}

const types = (p: Plan | undefined) => p?.events.map((e) => e.type);
const payload = <T>(p: Plan | undefined, n = 0) => p?.events[n]?.payload as unknown as T;
const moves = (p: Plan | undefined) =>
  p?.transfers.map((t) =>
    'debit' in t
      ? `${t.cause} ${t.amount} ${t.credit.kind}${t.credit.item && `:${t.credit.item}`} → ${t.debit.kind}${t.debit.item && `:${t.debit.item}`}`
      : t.kind,
  );

describe('what an invoice becomes', () => {
  it('[IM4] [IM11] an invoice is a sale: goods leave, money arrives in the bank, repeated lines stay apart', () => {
    const { plans } = plan(
      invoice('536365', '17850', [
        ['85123A', 'HEART', 6, '2.55'],
        ['85123a', 'HEART', 2, '2.55'],
        ['POST', 'POSTAGE', 1, '18.00'],
      ]),
    );
    const sale = payload<SaleCompleted>(plans[0]);
    expect(types(plans[0])).toEqual(['sale.completed']);
    expect(sale.lines.map((l) => [l.kind, l.sku, l.quantityMilli, l.unitPriceMinor, l.totalMinor])).toEqual([
      ['product', '85123A', 6000, 255, 1530],
      ['product', '85123A', 2000, 255, 510],
      ['shipping', 'POST', 1000, 1800, 1800],
    ]);
    expect(sale).toMatchObject({
      totalMinor: 3840,
      customerId: 'cus_17850',
      channel: 'import',
      externalReference: '536365',
    });
    expect(moves(plans[0])).toEqual(['sale 8000 stock:var_85123a → sold', 'tender 3840 revenue → bank']);
    expect(plans[0]?.transfers.every((t, i) => t.id === `${plans[0]?.commitId}/${i}`)).toBe(true);
    expect(plans[0]?.recordedMinor).toBe(3840);
  });

  it('[IM3] the same invoice has the same ids, another has others', () => {
    const one = invoice('1', '', [['10001', 'A', 1, '1.00']]);
    const [a, b] = [plan(one).plans[0], plan(one).plans[0]];
    expect(a).toEqual(b);
    const other = plan({ ...one, number: '2' }).plans[0];
    expect(other?.commitId).not.toBe(a?.commitId);
    expect(a?.commitId.charAt(14)).toBe('8');
  });

  it('[IM7] a cancellation goes back to its sale: same customer, product and price, the latest first, in part over several', () => {
    const { plans } = plan(
      invoice('1', '7', [['10001', 'A', 6, '2.00']]),
      invoice('2', '7', [
        ['10001', 'A', 4, '2.00'],
        ['10001', 'A', 1, '1.50'],
      ]),
      invoice('3', '8', [['10001', 'A', 50, '2.00']]),
      invoice('C4', '7', [['10001', 'A', -5, '2.00']]),
      invoice('C5', '7', [['10001', 'A', -7, '2.00']]),
    );
    const ids = plans.map((p) => payload<SaleCompleted>(p).saleId);
    expect(types(plans[3])).toEqual(['sale.refunded', 'sale.refunded']);
    expect(payload<SaleRefunded>(plans[3], 0)).toMatchObject({ saleId: ids[1], totalMinor: 800, customerId: 'cus_7' });
    expect(payload<SaleRefunded>(plans[3], 0).lines).toMatchObject([
      { saleLine: 0, restock: true, line: { quantityMilli: 4000 } },
    ]);
    expect(payload<SaleRefunded>(plans[3], 1)).toMatchObject({ saleId: ids[0], totalMinor: 200 });
    expect(plans[3]?.events.map((e) => e.subject)).toEqual([ids[1], ids[0]]);
    // Five are left of the first sale, and two of seven meet none.
    expect(payload<SaleRefunded>(plans[4], 0)).toMatchObject({ saleId: ids[0], totalMinor: 1000 });
    expect(payload<SaleRefunded>(plans[4], 1)).toMatchObject({
      saleId: null,
      totalMinor: 400,
      lines: [{ saleLine: null }],
    });
    expect([plans[4]?.matchedMilli, plans[4]?.unmatchedMilli]).toEqual([5000, 2000]);
    expect(moves(plans[4])).toEqual([
      'refund 5000 sold → stock:var_10001',
      'refund 1000 bank → revenue',
      'refund 2000 sold → stock:var_10001',
      'refund 400 bank → revenue',
    ]);
    const refundIds = plans.flatMap((p) =>
      p.events.flatMap((e) => (e.payload.refundId === undefined ? [] : [e.payload.refundId])),
    );
    expect(new Set(refundIds).size).toBe(4);
  });

  it('[IM7] nobody is not the same customer, and a later sale is not cancelled by an earlier cancellation', () => {
    const { plans } = plan(
      invoice('1', '', [['10001', 'A', 1, '2.00']]),
      invoice('C2', '', [['10001', 'A', -1, '2.00']]),
      invoice('C3', '7', [['10001', 'A', -1, '2.00']]),
      invoice('4', '7', [['10001', 'A', 1, '2.00']]),
    );
    expect([1, 2].map((i) => payload<SaleRefunded>(plans[i]).saleId)).toEqual([null, null]);
  });

  it('[IM9] below zero at no price is thrown away; above zero at no price for nobody was found', () => {
    const { plans } = plan(
      invoice('1', '', [['10001', 'damaged', -3, '0.0']]),
      invoice('2', '', [['10001', 'found', 4, '0.0']]),
    );
    expect(types(plans[0])).toEqual(['stock.written_off']);
    expect(plans[0]?.events[0]?.payload).toMatchObject({
      reason: 'damaged (1)',
      lines: [{ variantId: 'var_10001', quantityMilli: 3000 }],
    });
    expect(moves(plans[0])).toEqual(['write_off 3000 stock:var_10001 → written_off']);
    expect(types(plans[1])).toEqual(['stock.adjusted']);
    expect(moves(plans[1])).toEqual(['adjustment 4000 adjusted → stock:var_10001']);
  });

  it('[IM9] at no price for a customer, or beside priced lines, it is a gift within the sale', () => {
    const { plans } = plan(
      invoice('1', '7', [['10001', 'A', 2, '0.0']]),
      invoice('2', '', [
        ['10001', 'A', 1, '0.0'],
        ['10002', 'B', 1, '3.00'],
      ]),
    );
    expect(plans.map(types)).toEqual([['sale.completed'], ['sale.completed']]);
    expect(payload<SaleCompleted>(plans[0])).toMatchObject({ totalMinor: 0, tenders: [] });
    expect(moves(plans[1])).toEqual([
      'sale 1000 stock:var_10001 → sold',
      'sale 1000 stock:var_10002 → sold',
      'tender 300 revenue → bank',
    ]);
  });

  it('[IM6] charges of the shop are fees, signed, not sales', () => {
    const { plans } = plan(
      invoice('C1', '', [['AMAZONFEE', 'AMAZON FEE', -1, '13541.33']]),
      invoice('2', '7', [['BANK CHARGES', 'Bank Charges', 1, '15.00']]),
      invoice('A3', '', [['B', 'Adjust bad debt', 1, '-11062.06']]),
      invoice('C4', '', [
        ['S', 'SAMPLES', -1, '12.95'],
        ['S', 'SAMPLES', -1, '52.00'],
      ]),
    );
    expect(plans.flatMap(types)).toEqual(Array(4).fill('sale.fee_recorded'));
    expect(plans.map((p) => payload<FeeRecorded>(p).amountMinor)).toEqual([-1354133, 1500, -1106206, -6495]);
    expect(moves(plans[0])).toEqual(['fee 1354133 bank → fee']);
    expect(moves(plans[1])).toEqual(['fee 1500 fee → bank']);
  });

  it('[IM6] postage, vouchers, discounts and manual lines keep their kind and move no stock', () => {
    const { plans } = plan(
      invoice('1', '', [
        ['gift_0001_20', 'Gift Voucher', 1, '16.67'],
        ['DOT', 'DOTCOM POSTAGE', 1, '5.00'],
        ['M', 'Manual', 2, '1.00'],
        ['PADS', 'PADS', 1, '0.001'],
      ]),
      invoice('C2', '7', [
        ['D', 'Discount', -1, '27.50'],
        ['POST', 'POSTAGE', -1, '4.00'],
      ]),
    );
    expect(payload<SaleCompleted>(plans[0]).lines.map((l) => [l.kind, l.productId])).toEqual([
      ['voucher', null],
      ['shipping', null],
      ['other', null],
      ['other', null],
    ]);
    expect(moves(plans[0])).toEqual(['tender 2367 revenue → bank']);
    expect(payload<SaleRefunded>(plans[1]).lines.map((l) => [l.line.kind, l.restock])).toEqual([
      ['discount', false],
      ['shipping', false],
    ]);
    expect(moves(plans[1])).toEqual(['refund 3150 bank → revenue']);
  });

  it('[IM6] a letter is a service only when its name agrees', () => {
    expect(codeKind('m', 'Manual').kind).toBe('other');
    expect(codeKind('m', 'Remera M').kind).toBe('product');
    expect(codeKind('post', '').kind).toBe('shipping');
    expect(codeKind('10001', 'POSTAGE STAMPS').kind).toBe('product');
  });

  it('[IM10] rounds each line once to the minor unit and counts what it records', () => {
    const { plans } = plan(
      invoice('1', '7', [
        ['10001', 'A', 3, '0.125'],
        ['PADS', 'PADS', 1, '0.001'],
      ]),
    );
    expect(payload<SaleCompleted>(plans[0]).lines.map((l) => [l.unitPriceMinor, l.totalMinor])).toEqual([
      [13, 38],
      [0, 0],
    ]);
    expect(plans[0]?.recordedMinor).toBe(38);
  });

  it('[IM10] parts of a line that are given back never add up to more than the line', () => {
    const { plans } = plan(
      invoice('1', '7', [['10001', 'A', 3, '0.125']]),
      invoice('C2', '7', [['10001', 'A', -1, '0.125']]),
      invoice('C3', '7', [['10001', 'A', -1, '0.125']]),
      invoice('C4', '7', [['10001', 'A', -1, '0.125']]),
    );
    expect(plans.slice(1).map((p) => payload<SaleRefunded>(p).totalMinor)).toEqual([13, 13, 12]);
  });

  it('no sale is below zero: deductions that outweigh it are recorded apart', () => {
    const { plans } = plan(
      invoice('1', '7', [
        ['10001', 'A', 1, '2.00'],
        ['CUPON', 'Cupón', 1, '-5.00'],
      ]),
    );
    expect(types(plans[0])).toEqual(['sale.completed', 'sale.fee_recorded']);
    expect(plans[0]?.recordedMinor).toBe(-300);
  });
});

describe('what must have been there before', () => {
  it('[IM8] is what the stock would have fallen below zero by, over the whole file', () => {
    const { needs } = plan(
      invoice('1', '7', [
        ['10001', 'A', 6, '2.00'],
        ['POST', 'POSTAGE', 9, '1.00'],
      ]),
      invoice('C2', '7', [['10001', 'A', -5, '2.00']]),
      invoice('3', '7', [['10001', 'A', 8, '2.00']]),
      invoice('4', '', [['10001', 'found', 100, '0']]),
    );
    expect([...needs.goods()].map(([key, p]) => [key, p.lowest])).toEqual([['10001', -9000]]);
  });

  it('[IM8] counts only invoices that are not in the journal yet', () => {
    const needs = new Needs();
    needs.add(invoice('1', '', [['10001', 'A', 6, '2.00']]), true);
    needs.add(invoice('2', '', [['10001', 'A', 2, '2.00']]), false);
    expect(needs.products.get('10001')?.lowest).toBe(-2000);
  });

  it('[IM5] a product is called what most priced lines call it; codes that differ in case are one', () => {
    const { needs } = plan(
      invoice('1', '', [['10001a', 'ebay', -1, '0']]),
      invoice('2', '', [['10001A', 'Cup', 1, '2.00']]),
      invoice('3', '', [
        ['10001a', 'Mug', 1, '2.50'],
        ['10001a', 'Mug', 1, '2.50'],
      ]),
    );
    const [[key, product] = ['', undefined]] = [...needs.goods()];
    expect([needs.products.size, key, product?.sku, product && nameOf(product), product?.price]).toEqual([
      1,
      '10001a',
      '10001a',
      'Mug',
      { units: 25n, scale: 1 },
    ]);
  });
});
