/** What people do at the simulated tills, and the truth about it, kept apart from everything that is tested. */
import type { Json } from '../src/device/index.js';
import { type Draft, type OwnEvent, read } from '../src/device/index.js';
import { PRODUCTS } from './shop.js';
import type { Till, World } from './till.js';

/** One thing that somebody did; its nonce travels in the payload, under whatever id. */
export interface Deed {
  readonly nonce: number;
  readonly till: Till;
  readonly draft: Draft;
  readonly kind: 'good' | 'bad' | 'poison';
  readonly id: string;
  readonly body: string;
  readonly receipt: string | null;
}

export class Cashiers {
  readonly deeds: Deed[] = [];
  readonly byNonce = new Map<number, Deed>();
  private nonces = 0;
  private sessions = 0;
  /** The session that an image has open. */
  private readonly open = new Map<Till, string>();

  constructor(private readonly world: World) {}

  /** Chooses something to do; null when the program died on the way and it is as if it had not been. */
  async act(till: Till): Promise<Deed | null> {
    const { draft, kind } = await this.choose(till);
    const nonce = ++this.nonces;
    const full: Draft = { ...draft, payload: { ...draft.payload, nonce } };
    try {
      await till.record([full]);
    } finally {
      const saved = till.storage.lastSaved as { ok?: boolean; events?: readonly OwnEvent[] } | null;
      const event = saved?.events?.[0];
      if (event !== undefined) this.note(till, full, kind, nonce, event);
    }
    return this.byNonce.get(nonce) ?? null;
  }

  private note(till: Till, draft: Draft, kind: Deed['kind'], nonce: number, event: OwnEvent): void {
    const receipt = (JSON.parse(event.body).payload.receipt as string | undefined) ?? null;
    const deed: Deed = { nonce, till, draft, kind, id: event.id, body: event.body, receipt };
    this.deeds.push(deed);
    this.byNonce.set(nonce, deed);
    if (draft.type === 'cash.session_opened') this.open.set(till, draft.subject);
    if (draft.type === 'cash.session_closed') this.open.delete(till);
    this.world.trace(
      `${till.options.name} ${draft.type} ${draft.subject} ${event.epoch}/${event.lane}/${event.number}`,
    );
  }

  private async choose(till: Till): Promise<{ draft: Draft; kind: Deed['kind'] }> {
    const { random } = this.world;
    const product = random.pick(PRODUCTS);
    const good = (draft: Omit<Draft, 'actor'>) => ({ draft: { ...draft, actor: 'usr' }, kind: 'good' as const });
    const roll = random.below(100);
    const session = this.open.get(till);
    if (session === undefined && roll < 60) {
      const subject = `cse_${till.options.name}_${++this.sessions}`;
      return good({ type: 'cash.session_opened', subject, lane: 'high', payload: { float: 50 } });
    }
    if (roll < 45) return good(this.sale(product, session ?? 'cse_none', 1 + random.below(3)));
    if (roll < 55) {
      const delta = random.below(9) - 4 || 5;
      return good({
        type: 'stock.adjusted',
        subject: `adj_${random.next()}`,
        lane: 'high',
        payload: { product, delta },
      });
    }
    if (roll < 62) return good(await this.count(till, product));
    if (roll < 78) return good(await this.edit(till, product));
    if (roll < 86 && till.schema >= 2) {
      const payload = { add: [`t${random.below(5)}`], remove: random.chance(40) ? [`t${random.below(5)}`] : [] };
      return good({ type: 'product.tagged', version: 2, subject: product, lane: 'low', payload });
    }
    if (roll < 88 && session !== undefined) {
      return good({
        type: 'cash.session_closed',
        subject: session,
        lane: 'high',
        payload: { counted: random.below(500) },
      });
    }
    if (roll < 90) return good({ type: 'product.archived', version: 2, subject: product, lane: 'normal', payload: {} });
    if (roll < 93) return { ...good(this.sale(product, session ?? 'cse_none', -1, 'sale.wrong')), kind: 'bad' };
    if (roll < 95) {
      const sale = this.sale(product, session ?? 'cse_none', 1);
      return { ...good({ ...sale, payload: { ...sale.payload, poison: true } }), kind: 'poison' };
    }
    return good({ type: 'till.logged', subject: till.options.name, lane: 'low', payload: {} });
  }

  private sale(product: string, session: string, quantity: number, type = 'sale.completed'): Omit<Draft, 'actor'> {
    return {
      type,
      subject: `sal_${this.world.random.next()}`,
      lane: 'critical',
      payload: { product, session, quantity, amount: 100 * quantity },
      receipt: { field: 'receipt', prefix: '' },
    };
  }

  private async count(till: Till, product: string): Promise<Omit<Draft, 'actor'>> {
    const seen = ((await read(till.ports, [`stock/${product}`]))[0] as number | undefined) ?? 0;
    const counted = Math.max(0, seen + this.world.random.below(5) - 2);
    return { type: 'stock.counted', subject: `cnt_${this.nonces}`, lane: 'high', payload: { product, seen, counted } };
  }

  private async edit(till: Till, product: string): Promise<Omit<Draft, 'actor'>> {
    const { random } = this.world;
    const row = ((await read(till.ports, [`product/${product}`]))[0] ?? { name: product, price: 100 }) as {
      readonly [field: string]: Json;
    };
    const name = `n${random.below(1000)}`;
    const price = 100 + random.below(50);
    const at = { type: 'product.changed', subject: product, lane: 'normal' as const };
    if (till.schema < 2) {
      const field = random.pick(['name', 'price'] as const);
      const to = field === 'name' ? name : price;
      return { ...at, version: 1, payload: { field, from: row[field], to } };
    }
    const changes = random.chance(50) ? { name } : random.chance(50) ? { price } : { name, price };
    const base = Object.fromEntries(Object.keys(changes).map((field) => [field, row[field]]));
    return { ...at, version: 2, payload: { changes, base } };
  }
}
