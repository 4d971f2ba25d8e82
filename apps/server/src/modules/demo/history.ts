/**
 * Five weeks in the life of the demo shop, up to now: deliveries, two shifts a day, sales with the rhythm of a
 * neighbourhood, some refunds, what spoils, a price rise. Pure: the same seed, moment and ids give the same history.
 */
import { decide as decideCash, sessionCash } from '@mostrador/domain/cash';
import { priceChanges } from '@mostrador/domain/product';
import {
  decideSale,
  evolveSale,
  type SaleEvent,
  type SaleItem,
  type SaleState,
  type TenderType,
} from '@mostrador/domain/sale';
import { decide as decideStock, EMPTY_STOCK, stockAccount } from '@mostrador/domain/stock';
import type { Proposal } from '../../platform/journal/index.js';
import type { DemoProduct } from './catalogue.js';
import { Dice } from './dice.js';
import { Register } from './register.js';

export interface StockedProduct extends DemoProduct {
  readonly productId: string;
  readonly variantId: string;
}

export interface DemoShop {
  readonly seed: number;
  /** The last moment, ms. */
  readonly now: number;
  readonly locationId: string;
  readonly currency: string;
  readonly receipt: { readonly series: string; readonly prefix: string };
  readonly refund: { readonly series: string; readonly prefix: string };
  readonly products: readonly StockedProduct[];
  /** By rate in basis points. */
  readonly taxRateIds: Readonly<Record<2100 | 1050, string>>;
  readonly supplierIds: readonly string[];
  readonly customerIds: readonly string[];
  readonly managerId: string;
  /** Of the day and of the night. */
  readonly cashierIds: readonly [string, string];
}

export const DAYS = 35;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;
/** Buenos Aires is three hours behind UTC all year. */
const ZONE = -3 * HOUR;

/** Sunday first. */
const WEEK = [0.75, 0.9, 0.9, 1, 1.05, 1.3, 1.4];
/** Sales of an average day in each hour: lunch, and the way home. */
const HOURS = [
  0.4, 0.2, 0.1, 0.1, 0.1, 0.2, 0.7, 1.8, 2.8, 3.4, 4, 4.8, 5.2, 4, 2.2, 2, 2.6, 3.8, 5.4, 6.4, 6.2, 4.4, 2.2, 1,
];
const NOTES = [50_000, 100_000, 200_000, 1_000_000];
/** What stays on the shelf whatever is asked, in thousandths; the first few run low. */
const FLOOR_MILLI = 12_000;
const LOW_FLOOR_MILLI = 3_000;
const RUN_LOW = ['Vinagre de alcohol 1 l', 'Helado pote 1 l', 'Velas x 4'];

interface Shift {
  readonly cashSessionId: string;
  readonly userId: string;
  readonly until: number;
}

interface Sold {
  state: SaleState;
  readonly at: number;
}

/** When the history begins: midnight in the shop, five weeks back. */
export function firstMoment(now: number): number {
  return Math.floor((now + ZONE) / DAY) * DAY - ZONE - DAYS * DAY;
}

export function demoHistory(shop: DemoShop): Proposal[] {
  return new History(shop).run();
}

class History {
  readonly #shop: DemoShop;
  readonly #dice: Dice;
  readonly #register: Register;
  readonly #weights: readonly number[];
  /** What a delivery fills up to, in thousandths. */
  readonly #targets: readonly number[];
  readonly #items: SaleItem[];
  readonly #sold: Sold[] = [];
  #shift: Shift | undefined;

  constructor(shop: DemoShop) {
    this.#shop = shop;
    this.#dice = new Dice(shop.seed);
    this.#register = new Register(this.#dice);
    this.#weights = shop.products.map((product) => product.weight);
    const all = this.#weights.reduce((sum, weight) => sum + weight, 0);
    // About 65 sales of 3 products a day, a delivery every 3 or 4 days, and twice what is expected.
    this.#targets = shop.products.map(({ weight, name }) => {
      const pieces = Math.ceil((65 * 3 * 1.4 * 4 * 2 * weight) / all);
      return (RUN_LOW.includes(name) ? 8 : Math.max(24, Math.ceil(pieces / 6) * 6)) * 1000;
    });
    this.#items = shop.products.map((product) => ({
      productId: product.productId,
      variantId: product.variantId,
      sku: product.sku,
      name: product.name,
      salesUnit: product.salesUnit,
      priceMinor: product.priceMinor,
      costMinor: product.costMinor,
      taxRateId: shop.taxRateIds[product.rateBp],
      rateBp: product.rateBp,
      archived: false,
    }));
  }

  run(): Proposal[] {
    const { now } = this.#shop;
    const start = firstMoment(now);
    for (const supplier of this.#shop.supplierIds.keys()) this.#deliver(supplier, start + supplier * MINUTE, 1);
    for (let hour = start + HOUR; hour < now; hour += HOUR) {
      const local = new Date(hour + ZONE);
      if (hour + 6 * MINUTE <= now) this.#chores(hour, local.getUTCDay(), local.getUTCHours());
      const busy = (HOURS[local.getUTCHours()] as number) * (WEEK[local.getUTCDay()] as number);
      for (const at of this.#moments(hour, busy)) if (at < now) this.#serve(at);
    }
    // Whoever opens the shop sees that it is open, at night too.
    const last = this.#sold.at(-1)?.at ?? start;
    for (const minutes of [47, 24, 6]) if (now - minutes * MINUTE > last) this.#serve(now - minutes * MINUTE);
    return this.#register.proposals;
  }

  /** Moments of the customers of one hour, in order, a few minutes after it strikes. */
  #moments(hour: number, expected: number): number[] {
    let count = Math.floor(expected);
    if (this.#dice.chance(expected - count)) count++;
    if (count > 0) count = Math.max(0, count + this.#dice.whole(-1, 1));
    return Array.from({ length: count }, () => hour + 6 * MINUTE + Math.floor(this.#dice.next() * 53 * MINUTE)).sort(
      (a, b) => a - b,
    );
  }

  /** What a shop does by the clock. */
  #chores(hour: number, day: number, of: number): void {
    if (of === 6 || of === 18) this.#changeShift(hour, of === 6);
    if (of === 8) {
      for (const supplier of this.#shop.supplierIds.keys()) {
        // Bread and greens come daily but Sunday, the rest twice a week.
        const daily = supplier === 3 || supplier === 4;
        if (daily ? day !== 0 : day === (1 + supplier) % 7 || day === 4 + (supplier % 2)) {
          this.#deliver(supplier, hour + (1 + supplier) * MINUTE, 0.6);
        }
      }
    }
    if (of === 21 && day === 6) this.#spoil(hour + 2 * MINUTE);
    if (of === 10 && day === 3) this.#count(hour + MINUTE);
    if (of === 7 && hour < this.#shop.now - 12 * DAY && hour >= this.#shop.now - 13 * DAY) this.#raisePrices(hour);
  }

  #changeShift(at: number, day: boolean): void {
    const { locationId, currency, cashierIds } = this.#shop;
    this.#closeShift(at);
    const userId = day ? cashierIds[0] : cashierIds[1];
    const cashSessionId = this.#register.id('cse', at + MINUTE);
    const name = day ? 'Turno día' : 'Turno noche';
    this.#register.act(at + MINUTE, userId, (context) =>
      decideCash(null, { type: 'open', cashSessionId, locationId, name, currency, floatMinor: 2_000_000 }, context),
    );
    this.#shift = { cashSessionId, userId, until: at + 12 * HOUR };
  }

  /** Counted by somebody in a hurry: a bill or two may be missing or too many. */
  #closeShift(at: number): void {
    const shift = this.#shift;
    if (shift === undefined) return;
    const { currency, locationId } = this.#shop;
    const session = this.#openSession(shift);
    const expectedMinor = this.#register.balance(sessionCash(shift.cashSessionId, currency));
    const odd = this.#dice.chance(0.2) ? this.#dice.pick([-50_000, -20_000, -10_000, 10_000, 20_000]) : 0;
    const countedMinor = Math.max(0, expectedMinor + odd);
    this.#register.act(at, shift.userId, (context) =>
      decideCash(
        { ...session, locationId },
        { type: 'close', countedMinor, currency, note: odd === 0 ? '' : 'Diferencia al contar', expectedMinor },
        context,
      ),
    );
    this.#shift = undefined;
  }

  #openSession({ cashSessionId }: Shift) {
    const { locationId, currency } = this.#shop;
    return {
      cashSessionId,
      locationId,
      name: '',
      currency,
      status: 'open' as const,
      floatMinor: 0,
      inMinor: 0,
      outMinor: 0,
      expectedMinor: null,
      countedMinor: null,
      note: '',
      lateMinor: 0,
    };
  }

  /** Fills up what has fallen below `share` of its target. */
  #deliver(supplier: number, at: number, share: number): void {
    const { locationId, currency, supplierIds, products, managerId } = this.#shop;
    const lines = products.flatMap((product, i) => {
      const target = this.#targets[i] as number;
      const level = this.#register.balance(stockAccount(locationId, product.variantId));
      if (product.supplier !== supplier || level >= target * share) return [];
      if (RUN_LOW.includes(product.name) && level > 0) return [];
      const { productId, variantId, costMinor } = product;
      return [{ productId, variantId, quantityMilli: target - level, unitCostMinor: costMinor }];
    });
    if (lines.length === 0) return;
    const receiptId = this.#register.id('stk', at);
    const reference = `R-${String(this.#dice.whole(1000, 9999))}`;
    const supplierId = supplierIds[supplier] ?? null;
    this.#register.act(at, managerId, (context) =>
      decideStock(
        EMPTY_STOCK,
        { type: 'receive', receiptId, locationId, supplierId, reference, currency, lines },
        context,
      ),
    );
  }

  /** Greens that nobody bought. */
  #spoil(at: number): void {
    const { locationId, products, managerId } = this.#shop;
    const lines = products.flatMap((product) => {
      const level = this.#register.balance(stockAccount(locationId, product.variantId));
      const spare = level - FLOOR_MILLI;
      if (product.supplier !== 3 || spare < 1000 || !this.#dice.chance(0.5)) return [];
      return [{ variantId: product.variantId, quantityMilli: Math.min(spare, this.#dice.whole(60, 300) * 5) }];
    });
    if (lines.length === 0) return;
    const writeOffId = this.#register.id('stk', at);
    this.#register.act(at, managerId, (context) =>
      decideStock(
        EMPTY_STOCK,
        { type: 'write_off', writeOffId, locationId, reason: 'Mercadería vencida', lines, allowBelowZero: false },
        context,
      ),
    );
  }

  /** Some shelves are counted each week; now and then something is missing. */
  #count(at: number): void {
    const { locationId, products, managerId } = this.#shop;
    const lines = Array.from({ length: 8 }, () => this.#dice.pick(products))
      .filter((product, i, all) => product.salesUnit === 'piece' && all.indexOf(product) === i)
      .map(({ variantId }) => {
        const seenMilli = this.#register.balance(stockAccount(locationId, variantId));
        const missing = seenMilli > FLOOR_MILLI + 2000 && this.#dice.chance(0.25) ? 1000 * this.#dice.whole(1, 2) : 0;
        return { variantId, countedMilli: seenMilli - missing, seenMilli };
      });
    const countId = this.#register.id('stk', at);
    this.#register.act(at, managerId, (context) =>
      decideStock(EMPTY_STOCK, { type: 'count', countId, locationId, note: 'Conteo semanal', lines }, context),
    );
  }

  #raisePrices(at: number): void {
    const drinks = this.#items.filter((_, i) => this.#shop.products[i]?.category === 1);
    const before = drinks.map(({ productId, variantId, priceMinor }) => ({
      productId,
      variantId,
      priceMinor: priceMinor ?? 0,
    }));
    const changes = priceChanges(before, 500, { step: 10_000, mode: 'nearest' });
    const payload = { changes, reason: 'Lista nueva de bebidas' };
    this.#register.note(at, this.#shop.managerId, [
      { type: 'product.priced', subject: this.#register.id('pch', at), payload },
    ]);
    for (const change of changes) {
      const i = this.#items.findIndex((item) => item.variantId === change.variantId);
      this.#items[i] = { ...(this.#items[i] as SaleItem), priceMinor: change.priceMinor };
    }
  }

  #serve(at: number): void {
    const shift = this.#shift;
    if (this.#sold.length > 0 && this.#dice.chance(0.012)) this.#refund(at);
    const { locationId, currency, customerIds, receipt } = this.#shop;
    const lines = this.#basket();
    if (lines.length === 0) return;
    const total = lines.reduce(
      (sum, { item, quantityMilli }) => sum + Math.round(((item.priceMinor ?? 0) * quantityMilli) / 1000),
      0,
    );
    const saleId = this.#register.id('sal', at);
    const tender = this.#tender(total);
    const customerId = this.#dice.chance(0.12) ? this.#dice.pick(customerIds) : null;
    const [event] = this.#register.act(at, shift?.userId ?? this.#shop.managerId, (context) =>
      decideSale(
        null,
        {
          type: 'complete',
          saleId,
          locationId,
          receipt,
          currency,
          cashSessionId: shift?.cashSessionId ?? null,
          customerId,
          lines: lines.map(({ item, quantityMilli }) => ({ item, variantId: item.variantId, quantityMilli })),
          tenders: [{ ...tender, currency }],
          channel: 'demo',
        },
        context,
      ),
    );
    const state = evolveSale(null, event as unknown as SaleEvent);
    if (state !== null) this.#sold.push({ state, at });
    if (this.#sold.length > 60) this.#sold.shift();
  }

  /** One to eight products, the popular ones more often, of those that are on the shelf. */
  #basket(): { item: SaleItem; quantityMilli: number }[] {
    const { locationId, products } = this.#shop;
    let size = 1;
    while (size < 8 && this.#dice.chance(0.62)) size++;
    const basket = new Map<number, number>();
    for (let n = 0; n < size; n++) {
      const i = this.#dice.weighted(this.#weights);
      const product = products[i] as StockedProduct;
      if (basket.has(i)) continue;
      const quantity =
        product.salesUnit === 'kg' ? this.#dice.whole(30, 300) * 5 : this.#dice.weighted([0, 70, 20, 6, 4]) * 1000;
      const floor = RUN_LOW.includes(product.name) ? LOW_FLOOR_MILLI : FLOOR_MILLI;
      if (this.#register.balance(stockAccount(locationId, product.variantId)) - quantity >= floor)
        basket.set(i, quantity);
    }
    return [...basket].map(([i, quantityMilli]) => ({ item: this.#items[i] as SaleItem, quantityMilli }));
  }

  #tender(totalMinor: number): { type: TenderType; amountMinor: number } {
    const type = (['cash', 'card', 'transfer'] as const)[this.#dice.weighted([45, 33, 22])] as TenderType;
    if (type !== 'cash' || this.#dice.chance(0.3)) return { type, amountMinor: totalMinor };
    const note = this.#dice.pick(NOTES);
    return { type, amountMinor: Math.ceil(totalMinor / note) * note };
  }

  /** A recent sale, or one line of it, comes back. */
  #refund(at: number): void {
    const { currency, refund, managerId } = this.#shop;
    const sold = this.#dice.pick(this.#sold);
    if (sold.state.refundedMinor > 0) return;
    const shift = this.#shift;
    const session = shift?.cashSessionId ?? null;
    const line = sold.state.sale.lines[0];
    const part = sold.state.sale.lines.length > 1 && line !== undefined;
    const back = part ? line.totalMinor : sold.state.sale.totalMinor;
    if (session === null || this.#register.balance(sessionCash(session, currency)) < back) return;
    const refundId = this.#register.id('ref', at);
    const reason = this.#dice.pick(['Producto vencido', 'Se equivocó de producto', 'Envase roto', 'Cobrado de más']);
    const restock = reason === 'Se equivocó de producto' || reason === 'Cobrado de más';
    const lines = sold.state.sale.lines.flatMap((_, saleLine) => (part && saleLine > 0 ? [] : [{ saleLine, restock }]));
    const [event] = this.#register.act(at - MINUTE, managerId, (context) =>
      decideSale(
        sold.state,
        { type: 'refund', refundId, receipt: refund, cashSessionId: session, lines, reason, channel: 'demo' },
        context,
      ),
    );
    sold.state = evolveSale(sold.state, event as unknown as SaleEvent) ?? sold.state;
  }
}
