/** Levels as they are read, and the list of receipts: names, order, pages and filters. */
import { reserve } from '@mostrador/domain/stock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../../test/shop.js';
import { newId, newUuid } from '../../platform/ids.js';
import { productModule } from '../product/index.js';
import { supplierModule } from '../supplier/index.js';
import { tenantModule } from '../tenant/index.js';
import {
  countLevels,
  type LevelFilter,
  type LevelPosition,
  type LevelRow,
  listLevels,
  readLevelsOf,
} from './levels.js';
import { stockProjection } from './projections.js';
import { listReceipts } from './queries.js';
import { stockMigrations } from './tables.js';

let shop: Shop;
let tenant = 0;
let centre = '';
let depot = '';

beforeAll(async () => {
  shop = await openShop([
    tenantModule,
    productModule,
    supplierModule,
    { migrations: stockMigrations, projections: [stockProjection] },
  ]);
});
afterAll(() => shop.close());
beforeEach(async () => {
  tenant += 1;
  centre = await shop.location(tenant, 'Centro', { isDefault: true });
  depot = await shop.location(tenant, 'Depósito');
});

const adjust = (variantId: string, quantityMilli: number, locationId = centre, at?: number) =>
  shop.stock(
    tenant,
    {
      type: 'adjust',
      adjustmentId: newId('stk'),
      locationId,
      variantId,
      quantityMilli,
      reason: 'ajuste',
      allowBelowZero: true,
    },
    at,
  );
const ALL: LevelFilter = { locationId: null, productIds: null, state: null, after: null, limit: 200 };
const levels = (filter: Partial<LevelFilter> = {}) => listLevels(shop.kit.database, tenant, { ...ALL, ...filter });
const short = (rows: readonly LevelRow[]) => rows.map((r) => [r.product_name, r.location_name, r.on_hand]);
const positionOf = (r: LevelRow): LevelPosition => [
  r.status,
  r.name_key,
  r.product_id,
  r.position,
  r.variant_id,
  r.location_id,
];

describe('levels', () => {
  it('[ST14] a variant by its id is at every location, the default first, zeros included', async () => {
    const [yerba = ''] = await shop.product(tenant, 'Yerba');
    await adjust(yerba, 7000, depot);
    const rows = await readLevelsOf(shop.kit.database, tenant, yerba, null);
    expect(short(rows)).toEqual([
      ['Yerba', 'Centro', 0],
      ['Yerba', 'Depósito', 7000],
    ]);
    expect(rows.map((r) => r.last_seq === null)).toEqual([true, false]);
    expect(await readLevelsOf(shop.kit.database, tenant, yerba, depot)).toHaveLength(1);
    expect(await readLevelsOf(shop.kit.database, tenant, newId('var'), null)).toEqual([]);
    expect(await readLevelsOf(shop.kit.database, tenant + 1000, yerba, null)).toEqual([]);
  });

  it('[ST14] an archived location shows what still lies there', async () => {
    const [yerba = ''] = await shop.product(tenant, 'Yerba');
    const old = await shop.location(tenant, 'Cerrado', { archived: true });
    expect(await readLevelsOf(shop.kit.database, tenant, yerba, null)).toHaveLength(2);
    await adjust(yerba, 1000, old);
    expect(short(await readLevelsOf(shop.kit.database, tenant, yerba, null))).toContainEqual([
      'Yerba',
      'Cerrado',
      1000,
    ]);
  });

  it('[ST14] without a location: what ever moved, and one zero at the default location for what never did', async () => {
    const [yerba = ''] = await shop.product(tenant, 'Yerba');
    await shop.product(tenant, 'azúcar');
    await adjust(yerba, 3000, depot);
    await adjust(yerba, 2000, centre);
    await adjust(yerba, -2000, centre);
    expect(short(await levels()).map(([p, l, n]) => `${p} ${l} ${n}`)).toEqual(
      expect.arrayContaining(['azúcar Centro 0', 'Yerba Centro 0', 'Yerba Depósito 3000']),
    );
    expect(await levels()).toHaveLength(3);
    expect(short(await levels({ locationId: centre }))).toEqual([
      ['azúcar', 'Centro', 0],
      ['Yerba', 'Centro', 0],
    ]);
  });

  it('[ST14] archived products are listed while something of them is there', async () => {
    const [yerba = ''] = await shop.product(tenant, 'Yerba');
    await adjust(yerba, 1000);
    const productId = (await levels())[0]?.product_id ?? '';
    await shop.commit(tenant, { events: [{ type: 'product.archived', subject: productId, payload: { productId } }] });
    expect(await levels()).toHaveLength(1);
    await adjust(yerba, -1000);
    expect(await levels()).toEqual([]);
  });

  it('[ST11] states exclude each other and follow the reorder point', async () => {
    const ids = new Map<string, string>();
    for (const [name, milli] of [
      ['a menos', -1000],
      ['b nada', 0],
      ['c poco', 5000],
      ['d bastante', 5001],
      ['e mucho', 90_000],
    ] as const) {
      const [id = ''] = await shop.product(tenant, name);
      ids.set(name, id);
      if (milli !== 0) await adjust(id, milli);
    }
    const names = async (state: LevelFilter['state']) => (await levels({ state })).map((r) => r.product_name);
    expect(await names('below_zero')).toEqual(['a menos']);
    expect(await names('out')).toEqual(['b nada']);
    expect(await names('low')).toEqual(['c poco']);
    const point = (name: string, reorderPointMilli: number | null) =>
      shop.stock(tenant, { type: 'set_threshold', variantId: ids.get(name) as string, reorderPointMilli });
    await point('c poco', 0);
    await point('e mucho', 100_000);
    expect(await names('low')).toEqual(['e mucho']);
    expect(await countLevels(shop.kit.database, tenant, null)).toEqual({ levels: 5, low: 1, out: 1, below_zero: 1 });
    expect(await countLevels(shop.kit.database, tenant, depot)).toEqual({ levels: 5, low: 0, out: 5, below_zero: 0 });
    await point('e mucho', null);
    expect(await names('low')).toEqual([]);
  });

  it('[ST12] what is reserved is not available, and a level with nothing available is out', async () => {
    const [yerba = ''] = await shop.product(tenant, 'Yerba');
    await adjust(yerba, 6000);
    const id = newUuid();
    await shop.commit(tenant, {
      id,
      events: [{ type: 'order.placed', subject: 'ord_1', payload: {} }],
      transfers: [reserve(`${id}/0`, { locationId: centre, variantId: yerba, quantityMilli: 6000 })],
    });
    expect(await levels({ state: 'out' })).toMatchObject([{ on_hand: 6000, reserved: 6000 }]);
  });

  it('[ST14] pages hold every level once, in order of name, whatever their size', async () => {
    const names = ['pan', 'Pan', 'leche', 'café', 'arroz', 'té', 'zapallo'];
    for (const name of names) {
      const ids = await shop.product(tenant, name, ['chico', 'grande']);
      for (const id of ids) {
        await adjust(id, 1000, centre);
        await adjust(id, 1000, depot);
      }
    }
    const whole = await levels();
    expect(whole).toHaveLength(28);
    for (const limit of [1, 3, 5, 28]) {
      const seen: LevelRow[] = [];
      for (let after: LevelPosition | null = null; ; ) {
        const rows: LevelRow[] = await levels({ limit, after });
        seen.push(...rows.slice(0, limit));
        if (rows.length <= limit) break;
        after = positionOf(rows[limit - 1] as LevelRow);
      }
      expect(seen).toEqual(whole);
    }
    const first = whole[0]?.product_id as string;
    expect(await levels({ productIds: [first] })).toHaveLength(4);
    expect(await levels({ productIds: [] })).toEqual([]);
  });
});

describe('receipts', () => {
  it('[ST3] are listed with what they cost, newest first', async () => {
    const [yerba = ''] = await shop.product(tenant, 'Yerba');
    const supplierId = newId('sup');
    const payload = { supplierId, name: 'Molino', taxId: '', note: '' };
    await shop.commit(tenant, { events: [{ type: 'supplier.created', subject: supplierId, payload }] });
    const receive = (supplier: string | null, lines: readonly [number, number | null][]) =>
      shop.stock(tenant, {
        type: 'receive',
        receiptId: newId('stk'),
        locationId: centre,
        supplierId: supplier,
        reference: `R${lines.length}`,
        currency: 'ARS',
        lines: lines.map(([quantityMilli, unitCostMinor]) => ({
          productId: 'prod_1',
          variantId: yerba,
          quantityMilli,
          unitCostMinor,
        })),
      });
    await receive(null, [[1000, null]]);
    await receive(supplierId, [
      [2500, 333],
      [1000, null],
    ]);
    await receive(null, [[1, 1_000_000_000_000]]);
    await receive(null, [[100_000_000_000, 1_000_000_000_000]]);
    const list = (more: object = {}) =>
      listReceipts(shop.kit.database, tenant, { locationId: null, supplierId: null, before: null, limit: 50, ...more });
    const rows = await list();
    expect(rows.map((r) => [r.reference, r.line_count, r.quantity_milli, r.cost_minor])).toEqual([
      ['R1', 1, 100_000_000_000, null],
      ['R1', 1, 1, 1_000_000_000],
      ['R2', 2, 3500, 833],
      ['R1', 1, 1000, null],
    ]);
    expect(rows[2]).toMatchObject({ supplier_name: 'Molino', location_name: 'Centro' });
    expect(await list({ supplierId })).toHaveLength(1);
    expect(await list({ locationId: depot })).toEqual([]);
    expect(await list({ before: rows[1]?.seq })).toEqual(rows.slice(2));
  });
});
