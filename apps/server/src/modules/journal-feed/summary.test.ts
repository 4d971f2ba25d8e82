import { JOURNAL_SUMMARIES, zJournalSummary } from '@mostrador/contract/journal';
import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../platform/journal/index.js';
import { entryJson, maskedPayload } from './json.js';
import type { EventNames } from './names.js';
import { summaryOf } from './summary.js';

const known = new Map([
  ['usr_1', 'Ana'],
  ['loc_1', 'Centro'],
  ['loc_2', 'Depósito'],
  ['var_1', 'Yerba 1 kg'],
  ['prod_1', 'Yerba'],
  ['cse_1', 'Caja 2'],
  ['sup_1', 'Molino'],
]);
const names: EventNames = {
  of: (id) => known.get(id ?? '') ?? '',
  variant: (id) =>
    id === 'var_1'
      ? { variant_id: id, product_id: 'prod_1', name: 'Yerba', variant_name: '1 kg', sales_unit: 'kg' }
      : undefined,
  all: known,
};

function event(type: string, subject: string, payload: object): JournalEvent {
  return {
    seq: 1,
    commitId: '00000000-0000-7000-8000-000000000000',
    at: 0,
    recordedAt: 0,
    version: 1,
    actor: 'usr_1',
    type,
    subject,
    payload: payload as Record<string, unknown>,
  };
}

const soldLine = { kind: 'product', name: 'Yerba 1 kg', quantityMilli: 3000, variantId: 'var_1', productId: 'prod_1' };
const stockLine = { variantId: 'var_1', quantityMilli: 1500, productId: 'prod_1' };
const changed = { changes: { name: 'x', taxRateId: 'tax_1' } };

/** One of every type that there is. */
const events: Record<string, JournalEvent> = Object.fromEntries(
  [
    event('tenant.created', 'ten_1', { name: 'Pepe' }),
    event('tenant.changed', 'ten_1', changed),
    event('tenant.tax_rate_added', 'ten_1', { name: 'IVA', rateBp: 2100 }),
    event('tenant.tax_rate_changed', 'ten_1', { taxRateId: 'tax_1', ...changed }),
    event('location.created', 'loc_1', { name: 'Centro' }),
    event('location.changed', 'loc_1', changed),
    event('user.created', 'usr_1', { sealed: 'AAAA' }),
    event('user.changed', 'usr_1', { changes: { sealed: 'AAAA', roleIds: [] } }),
    event('user.password_changed', 'usr_1', {}),
    event('role.created', 'rol_1', { name: 'Caja' }),
    event('role.changed', 'rol_1', changed),
    event('product.created', 'prod_1', { name: 'Yerba', variants: [{}, {}] }),
    event('product.changed', 'prod_1', changed),
    event('product.variant_added', 'prod_1', { productId: 'prod_1', variant: { name: '2 kg' } }),
    event('product.variant_changed', 'prod_1', { productId: 'prod_1', variantId: 'var_1', ...changed }),
    event('product.barcode_added', 'prod_1', { productId: 'prod_1', barcode: '779' }),
    event('product.barcode_removed', 'prod_1', { productId: 'prod_1', barcode: '779' }),
    event('product.priced', 'prod_1', {
      changes: [{ variantId: 'var_1', priceMinor: 200, previousPriceMinor: null }],
      reason: 'inflación',
    }),
    event('product.archived', 'prod_1', {}),
    event('product.restored', 'prod_1', {}),
    event('category.created', 'cat_1', { name: 'Almacén' }),
    event('category.changed', 'cat_1', changed),
    event('category.archived', 'cat_1', {}),
    event('stock.received', 'stk_1', { locationId: 'loc_1', supplierId: 'sup_1', lines: [stockLine, stockLine] }),
    event('stock.adjusted', 'stk_1', { locationId: 'loc_1', ...stockLine, reason: 'rotura' }),
    event('stock.written_off', 'stk_1', { locationId: 'loc_1', lines: [stockLine], reason: 'vencido' }),
    event('stock.counted', 'stk_1', {
      locationId: 'loc_1',
      lines: [{ variantId: 'var_1', expectedMilli: 1, countedMilli: 2 }],
    }),
    event('stock.moved', 'stk_1', { fromLocationId: 'loc_1', toLocationId: 'loc_2', lines: [stockLine], reason: '' }),
    event('stock.opened', 'stk_1', { locationId: 'loc_1', lines: [stockLine] }),
    event('stock.threshold_set', 'var_1', { variantId: 'var_1', reorderPointMilli: 5000 }),
    event('stock.reservations_expired', 'stk_1', { reservations: [{ ...stockLine, locationId: 'loc_1' }] }),
    event('supplier.created', 'sup_1', { name: 'Molino' }),
    event('supplier.changed', 'sup_1', changed),
    event('supplier.archived', 'sup_1', {}),
    event('customer.created', 'cus_1', { sealed: 'AAAA', tokens: ['x'] }),
    event('customer.changed', 'cus_1', { sealed: 'AAAA' }),
    event('customer.erased', 'cus_1', {}),
    event('sale.completed', 'sal_1', {
      lines: [soldLine],
      totalMinor: 960_000,
      currency: 'ARS',
      locationId: 'loc_1',
      receiptNumber: 'A-1',
    }),
    event('sale.refunded', 'sal_1', {
      lines: [{ line: { ...soldLine, salesUnit: 'kg' } }],
      totalMinor: 1,
      currency: 'ARS',
      locationId: 'loc_1',
      reason: 'no era',
    }),
    event('sale.fee_recorded', 'fee_1', {
      lines: [{ name: 'Comisión' }],
      amountMinor: -5,
      currency: 'ARS',
      locationId: 'loc_1',
      reason: '',
    }),
    event('cash.session_opened', 'cse_1', { name: 'Caja 2', floatMinor: 5, currency: 'ARS', locationId: 'loc_1' }),
    event('cash.moved', 'cse_1', {
      cashSessionId: 'cse_1',
      amountMinor: 5,
      currency: 'ARS',
      direction: 'in',
      reason: '',
    }),
    event('cash.session_closed', 'cse_1', {
      cashSessionId: 'cse_1',
      currency: 'ARS',
      countedMinor: 1,
      expectedMinor: 2,
      differenceMinor: -1,
    }),
    event('cash.late_settled', 'cse_1', { cashSessionId: 'cse_1', currency: 'ARS', amountMinor: 5 }),
  ].map((e) => [e.type, e]),
);

describe('the sentence of an event', () => {
  it.each(Object.keys(JOURNAL_SUMMARIES).filter((key) => key !== 'other'))('%s fills every gap it promises', (key) => {
    const of = events[key];
    if (of === undefined) throw new Error(`no example of ${key}`);
    const summary = summaryOf(of, names, 'ARS');
    expect(summary.key).toBe(key);
    const promised = JOURNAL_SUMMARIES[key as keyof typeof JOURNAL_SUMMARIES];
    expect(Object.keys(summary.params).sort()).toEqual(['actor', ...promised].sort());
    expect(summary.params.actor).toBe('Ana');
    zJournalSummary.parse(summary);
  });

  it('says what was sold, for how much, and where', () => {
    expect(summaryOf(events['sale.completed'] as JournalEvent, names, 'ARS').params).toEqual({
      actor: 'Ana',
      name: 'Yerba 1 kg',
      quantity: { quantity: 3, unit: 'piece' },
      count: 1,
      total: { amount: 960_000, currency: 'ARS' },
      location: 'Centro',
      receipt: 'A-1',
    });
  });

  it('names fields as the interface does, and personal data only as such', () => {
    expect(summaryOf(events['user.changed'] as JournalEvent, names, 'ARS').params.fields).toEqual([
      'person',
      'role_ids',
    ]);
  });

  it('tells what it does not know by its type', () => {
    for (const type of ['order.placed', 'other', 'constructor']) {
      expect(summaryOf(event(type, 'x_1', {}), names, 'ARS')).toEqual({
        key: 'other',
        params: { actor: 'Ana', type, subject: 'x_1' },
      });
    }
  });
});

describe('an entry of the trail', () => {
  it('links what it is about and what it mentions, variants by their product, each once', () => {
    const { links } = entryJson(events['stock.received'] as JournalEvent, names, 'ARS');
    expect(links).toEqual([
      { noun: 'location', id: 'loc_1', name: 'Centro' },
      { noun: 'supplier', id: 'sup_1', name: 'Molino' },
      { noun: 'product', id: 'prod_1', name: 'Yerba' },
    ]);
    expect(entryJson(events['stock.threshold_set'] as JournalEvent, names, 'ARS').links).toEqual([
      { noun: 'product', id: 'prod_1', name: 'Yerba' },
    ]);
  });

  it('masks what is sealed, however deep', () => {
    const payload = { userId: 'usr_1', changes: { sealed: 'AAAA', locale: 'es' }, list: [{ tokens: ['a'], n: null }] };
    expect(maskedPayload(payload)).toEqual({
      userId: 'usr_1',
      changes: { sealed: '•••', locale: 'es' },
      list: [{ tokens: '•••', n: null }],
    });
  });
});
