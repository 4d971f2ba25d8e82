/**
 * What must hold. The expectations are made from what people did and from the order of the journal alone, by code that
 * shares nothing with what is tested but the ids.
 */
import type { PulledEvent } from '@mostrador/contract/sync';
import { type Json, type OwnEvent, read } from '../src/device/index.js';
import { chainHash, digestOf, positionKey } from '../src/hash.js';
import type { Cashiers, Deed } from './cashier.js';
import { quickHash } from './random.js';
import { readEvent } from './read-event.js';
import type { Server } from './server.js';
import { OPENING_STOCK, PRODUCTS, type ShopServer, shopProjector } from './shop.js';
import type { Till } from './till.js';

export class Violation extends Error {}

function hold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Violation(what);
}

/** [SY23] In the middle of everything: what a till shows is its confirmed part of the journal and its own deeds. */
export async function checkView(till: Till, server: Server, _: Cashiers): Promise<void> {
  const meta = await till.storage.peek((tx) => tx.meta());
  if (meta === undefined || meta.logId === null) return;
  const isWhole = meta.generation > 0 && meta.loading === null && !meta.needsSnapshot;
  const shop = server.lives.get(meta.logId);
  if (!isWhole || shop === undefined || shop.events.length < meta.cursor) return;
  const contained = shop.events.slice(0, meta.cursor);
  const ids = new Set(contained.map((e) => e.commit_id));
  const own = (await till.own()).filter((e) => e.status !== 'failed' && !ids.has(e.id));
  const projector = shopProjector(till.schema);
  const keys = PRODUCTS.map((p) => `stock/${p}`);
  const seen = await read(till.ports, keys);
  const rows = await till.storage.peek((tx) => tx.state(meta.generation, keys));
  for (const [i, key] of keys.entries()) {
    // A row of a snapshot can be ahead of the cursor: then it is not what the cursor stands for.
    if ((rows[i]?.revision ?? 0) > meta.cursor) continue;
    let expected: Json | undefined;
    const fold = (event: Parameters<typeof projector.apply>[2]) => {
      if (projector.knows(event) && projector.keysOf(event).includes(key))
        expected = projector.apply(key, expected, event);
    };
    for (const e of contained) fold({ ...e, id: e.commit_id });
    for (const e of own) fold(JSON.parse(e.body));
    hold(seen[i] === expected, `${till.options.name} shows ${seen[i]} of ${key}, not ${expected}`);
  }
}

export async function checkAll(tills: readonly Till[], server: Server, cashiers: Cashiers): Promise<void> {
  const { shop } = server.life;
  checkOnce(shop, cashiers);
  checkReplay(shop, cashiers);
  checkBalances(shop);
  checkQuarantine(tills, server, cashiers);
  checkReceipts(cashiers);
  const seqs = new Map(shop.events.map((e) => [e.commit_id, e.seq]));
  for (const id of server.confirmed.get(server.life.logId) ?? []) {
    hold(seqs.has(id), `event ${id} was confirmed and is not in the journal`);
  }
  for (const till of tills) {
    const own = await till.own();
    await checkQueue(till, server, own, seqs);
    checkOrder(till, cashiers, seqs);
    await checkEqual(till, shop);
  }
}

/** Nothing doubled: each deed is in one commit, whatever ids it travelled under. */
function checkOnce(shop: ShopServer, cashiers: Cashiers): void {
  const commits = new Map<number, string>();
  const seen = new Set<string>();
  for (const event of shop.events) {
    const nonce = event.payload.nonce as number | undefined;
    if (nonce === undefined) continue;
    hold(!seen.has(`${nonce}/${event.commit_id}/${event.type}`), `deed ${nonce} was applied twice`);
    seen.add(`${nonce}/${event.commit_id}/${event.type}`);
    const before = commits.get(nonce);
    hold(before === undefined || before === event.commit_id, `deed ${nonce} stands in the journal twice`);
    commits.set(nonce, event.commit_id);
    hold(cashiers.byNonce.has(nonce), `deed ${nonce} was never done`);
  }
}

/** What a payload of the model shop can hold; which of it depends on the type. */
interface Details {
  readonly product: string;
  readonly session: string;
  readonly quantity: number;
  readonly amount: number;
  readonly delta: number;
  readonly counted: number;
  readonly seen: number;
  readonly float: number;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly field: string;
  readonly from: string | number;
  readonly to: string | number;
  readonly changes: Readonly<Record<string, string | number>>;
  readonly base: Readonly<Record<string, string | number>>;
}

const detailsOf = (payload: Readonly<Record<string, unknown>>) => payload as unknown as Details;

interface Expected {
  readonly stock: Map<string, number>;
  readonly cash: Map<string, number>;
  readonly closed: Set<string>;
  readonly products: Map<string, { name: string; price: number; tags: Set<string>; archived: boolean }>;
}

/** The whole shop from the deeds, in the order in which the journal has them. */
function checkReplay(shop: ShopServer, cashiers: Cashiers): void {
  const byId = new Map(cashiers.deeds.map((deed) => [deed.id, deed]));
  const expected: Expected = { stock: new Map(), cash: new Map(), closed: new Set(), products: new Map() };
  for (const p of PRODUCTS) {
    expected.stock.set(p, OPENING_STOCK);
    expected.products.set(p, { name: p, price: 100, tags: new Set(), archived: false });
  }
  const tasks = new Set<string>();
  for (const event of shop.events)
    if (event.type === 'task.opened') tasks.add(`${event.commit_id} ${event.payload.kind}`);
  const done = new Set<string>();
  for (const event of shop.events) {
    if (done.has(event.commit_id)) continue;
    done.add(event.commit_id);
    const deed = byId.get(event.commit_id);
    if (deed !== undefined) replayDeed(expected, deed, tasks);
    else if (event.commit_id.startsWith('office-')) replayOffice(expected, event);
  }
  for (const [p, level] of expected.stock) {
    hold(shop.state.get(`stock/${p}`) === level, `stock of ${p} is ${shop.state.get(`stock/${p}`)}, not ${level}`);
  }
  for (const [session, cash] of expected.cash) {
    const found = shop.state.get(`cash/${session}`) ?? 0;
    hold(found === cash, `cash of ${session} is ${found}, not ${cash}`);
    const isOpenReference = (shop.state.get(`open/${session}`) ?? 0) !== 0;
    hold(!(isOpenReference && shop.state.has(`session/${session}`)), `the reference to ${session} stayed open`);
  }
  for (const [p, { tags, ...product }] of expected.products) {
    const wanted = JSON.stringify({ ...product, tags: [...tags].sort() });
    const { name, price, archived, tags: found } = shop.state.get(`product/${p}`) as never as Record<string, Json>;
    hold(JSON.stringify({ name, price, archived, tags: found }) === wanted, `product ${p} is not ${wanted}`);
  }
}

function replayDeed(expected: Expected, deed: Deed, tasks: ReadonlySet<string>): void {
  const { draft, id } = deed;
  const p = detailsOf(draft.payload);
  const { stock, cash, closed } = expected;
  const add = (map: Map<string, number>, key: string, by: number) => map.set(key, (map.get(key) ?? 0) + by);
  switch (draft.type) {
    case 'sale.completed':
      add(stock, p.product, -p.quantity);
      add(cash, p.session, closed.has(p.session) ? 0 : p.amount);
      hold((stock.get(p.product) ?? 0) >= 0 || tasks.has(`${id} stock_short`), `no task for short sale ${id}`);
      return;
    case 'stock.adjusted':
      add(stock, p.product, p.delta);
      return;
    case 'stock.counted':
      add(stock, p.product, p.counted - p.seen);
      return;
    case 'cash.session_opened':
      add(cash, draft.subject, p.float);
      return;
    case 'cash.session_closed':
      closed.add(draft.subject);
      cash.set(draft.subject, 0);
      return;
    default:
      replayProduct(expected, deed, tasks);
  }
}

function replayProduct(expected: Expected, { draft, id }: Deed, tasks: ReadonlySet<string>): void {
  const product = expected.products.get(draft.subject);
  if (product === undefined) return;
  const p = detailsOf(draft.payload);
  if (draft.type === 'product.archived') product.archived = true;
  if (draft.type === 'product.tagged') {
    for (const tag of p.remove) product.tags.delete(tag);
    for (const tag of p.add) product.tags.add(tag);
  }
  if (draft.type !== 'product.changed') return;
  const isOld = draft.version === 1;
  const changes = isOld ? { [p.field]: p.to } : p.changes;
  const base = isOld ? { [p.field]: p.from } : p.base;
  if ('name' in changes) product.name = changes.name as string;
  if (!('price' in changes) || changes.price === product.price) return;
  if (base.price === product.price) product.price = changes.price as number;
  else hold(tasks.has(`${id} price_kept`), `no task shows the two prices of ${id}`);
}

function replayOffice(expected: Expected, event: PulledEvent): void {
  const p = detailsOf(event.payload);
  if (event.type === 'stock.adjusted') {
    expected.stock.set(p.product, (expected.stock.get(p.product) ?? 0) + p.delta);
  } else Object.assign(expected.products.get(event.subject) as object, p.changes);
}

/** Balances = the fold of the transfers = what is shown. */
function checkBalances(shop: ShopServer): void {
  const folded = new Map<string, number>();
  for (const { debit, credit, amount } of shop.transfers) {
    for (const [ref, by] of [[debit, amount] as const, [credit, -amount] as const]) {
      const key = `${ref.kind}/${ref.kind === 'stock' ? ref.item : ref.owner}`;
      folded.set(key, (folded.get(key) ?? 0) + by);
    }
  }
  for (const [key, value] of shop.state) {
    if (!key.startsWith('stock/') && !key.startsWith('cash/')) continue;
    hold((folded.get(key) ?? 0) === value && shop.balance(key) === value, `the balance of ${key} is not its fold`);
  }
}

/** Only what deserves it is in quarantine. */
function checkQuarantine(tills: readonly Till[], server: Server, cashiers: Cashiers): void {
  const kinds = new Map(cashiers.deeds.map((deed) => [deed.id, deed.kind]));
  for (const device of new Set(tills.map((till) => till.options.deviceId))) {
    for (const kept of server.life.lanes.quarantined(device)) {
      const kind = kinds.get(readEvent(kept.body)?.id ?? '');
      hold(kind !== 'good', `a good event is in quarantine: ${kept.reason}`);
    }
  }
}

/** Also those of sales that a disk which was put back has forgotten: the customer has the paper. */
function checkReceipts(cashiers: Cashiers): void {
  const first = new Map<string, Deed>();
  for (const deed of cashiers.deeds) {
    if (deed.receipt === null) continue;
    const key = `${deed.till.options.deviceId} ${deed.receipt}`;
    const before = first.get(key);
    const isTwins = before?.till.isTwin === true && deed.till.isTwin;
    hold(before === undefined || before.id === deed.id || isTwins, `receipt ${deed.receipt} was printed twice`);
    if (before === undefined) first.set(key, deed);
  }
}

async function checkQueue(
  till: Till,
  server: Server,
  own: readonly OwnEvent[],
  seqs: ReadonlyMap<string, number>,
): Promise<void> {
  const { name, deviceId } = till.options;
  const kept = new Set(server.life.lanes.quarantined(deviceId).map((q) => readEvent(q.body)?.id));
  const lanes = await till.storage.peek((tx) => tx.lanes());
  for (const lane of lanes) {
    hold(lane.acked === lane.number, `${name} has ${lane.number - lane.acked} unsent events in ${lane.lane}`);
    const held = await server.life.lanes.head(deviceId, lane.epoch, lane.lane);
    hold((held?.number ?? 0) >= lane.acked, `${name} was told that the server holds what it does not`);
  }
  for (const event of own) {
    hold(event.status !== 'pending', `${name} still waits for an answer to ${event.id}`);
    hold(event.keys.length === 0, `${name} still overlays ${event.id}`);
    hold(seqs.has(event.id) || kept.has(event.id), `event ${event.id} of ${name} is lost`);
    await checkLink(till, server, event);
  }
}

/** [SY2] The till's chain is whole and the server has the same. */
async function checkLink(till: Till, server: Server, event: OwnEvent): Promise<void> {
  const { epoch, lane, number, prev, after } = event;
  const { deviceId: device, name } = till.options;
  const at = { epoch, lane, number };
  const hash = chainHash(quickHash, { prev, device, at, after, digest: digestOf(quickHash, event.body) });
  hold(hash === event.hash, `the chain of ${name} is broken at ${positionKey(at)}`);
  const [there] = await server.life.lanes.receipts(device, epoch, lane, number, number);
  const isLost = server.life.lanes.lost(device).some((l) => l.epoch === epoch && l.lane === lane && l.to >= number);
  hold(isLost || there?.hash === hash, `the server has another event than ${name} at ${positionKey(at)}`);
}

/** One image's deeds on one subject stand in the journal in their order, by whatever lanes they came. */
function checkOrder(till: Till, cashiers: Cashiers, seqs: ReadonlyMap<string, number>): void {
  if (till.hasForked) return;
  const last = new Map<string, number>();
  for (const deed of cashiers.deeds) {
    if (deed.till !== till) continue;
    const seq = seqs.get(deed.id);
    if (seq === undefined) continue;
    const before = last.get(deed.draft.subject) ?? 0;
    hold(seq > before, `${till.options.name}'s events on ${deed.draft.subject} changed their order`);
    last.set(deed.draft.subject, seq);
  }
}

/** All tills equal to the server. */
async function checkEqual(till: Till, shop: ShopServer): Promise<void> {
  const meta = await till.storage.peek((tx) => tx.meta());
  hold(
    meta !== undefined && meta.loading === null && meta.cursor === shop.events.length,
    `${till.options.name} is behind`,
  );
  const rows = await till.storage.peek((tx) => tx.stateByPrefix(meta.generation, ''));
  const keys = [...new Set([...shop.state.keys(), ...rows.map((row) => row.key)])];
  const values = await read(till.ports, keys);
  for (const [i, key] of keys.entries()) {
    const [here, there] = [JSON.stringify(values[i]), JSON.stringify(shop.state.get(key))];
    hold(here === there, `${till.options.name} has ${here} in ${key}, the server ${there}`);
  }
}
