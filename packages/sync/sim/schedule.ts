/**
 * One schedule: several tills and a server under one seed. People sell, messages are lost, doubled, late and out of order,
 * programs die around their saves, disks are copied and put back; then everybody comes online and all is checked.
 */
import type { PushRequest } from '@mostrador/contract/sync';
import { makeId } from '@mostrador/domain/id';
import { archive, type DeviceStorage, type Fetch, nextFetch, preparePush, prune } from '../src/device/index.js';
import { enterReceipt } from '../src/server/index.js';
import type { Bug } from './bugs.js';
import { Cashiers, type Deed } from './cashier.js';
import { checkAll, checkView, Violation } from './check.js';
import { quickHash, Random } from './random.js';
import { Server } from './server.js';
import { PRODUCTS } from './shop.js';
import { Crash } from './storage.js';
import { Till, type TillOptions, type World } from './till.js';

/** A disk that the simulator can copy. */
export interface Disk {
  readonly storage: DeviceStorage;
  copy(): Promise<Disk>;
  drop(): Promise<void>;
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly bug: Bug | null;
  makeDisk(): Promise<Disk>;
  /** Called with each line, for whoever wants to read along. */
  readonly onTrace?: ((line: string) => void) | undefined;
  /** Sees every message, for whoever wants to check its form. */
  readonly onMessage?: ((kind: 'push' | 'push_answer' | 'pull_answer' | 'page', message: unknown) => void) | undefined;
}

export interface ScheduleResult {
  readonly seed: number;
  /** The same for the same seed, bug and storage. */
  readonly traceHash: string;
  /** What did not hold; null: everything held. */
  readonly violation: string | null;
  readonly events: number;
}

interface Message {
  readonly atMs: number;
  readonly order: number;
  deliver(): Promise<void>;
}

const STEPS_MIN = 60;
const STEPS_MORE = 60;
const ROUNDS_MAX = 60;

export async function runSchedule(options: ScheduleOptions): Promise<ScheduleResult> {
  const schedule = new Schedule(options);
  let violation: string | null = null;
  try {
    await schedule.run();
  } catch (error) {
    if (!(error instanceof Violation)) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (options.bug === null) throw new Error(`seed ${options.seed}: ${text}`);
      violation = `the program failed: ${text.slice(0, 200)}`;
    } else violation = error.message;
  }
  await schedule.dropDisks();
  const { seed } = options;
  return { seed, traceHash: schedule.traceHash.slice(0, 16), violation, events: schedule.cashiers.deeds.length };
}

class Schedule implements World {
  readonly random: Random;
  readonly bug: Bug | null;
  readonly server: Server;
  readonly cashiers: Cashiers;
  nowMs = 1_700_000_000_000;
  traceHash = '';
  private readonly disks = new Map<Till, Disk>();
  private readonly spare: Disk[] = [];
  private readonly backups = new Map<Till, Disk>();
  private tills: Till[] = [];
  private mail: Message[] = [];
  private order = 0;
  private copies = 0;
  private readonly codes: Deed[] = [];

  constructor(private readonly options: ScheduleOptions) {
    this.random = new Random(options.seed);
    this.bug = options.bug;
    this.server = new Server(options.bug, () => this.nowMs);
    this.cashiers = new Cashiers(this);
  }

  trace(line: string): void {
    this.traceHash = quickHash(`${this.traceHash}${this.nowMs} ${line}`).slice(0, 16);
    this.options.onTrace?.(`${this.nowMs % 100_000_000} ${line}`);
  }

  async run(): Promise<void> {
    const count = 2 + this.random.below(2);
    for (let n = 0; n < count; n++) await this.addTill(n);
    const steps = STEPS_MIN + this.random.below(STEPS_MORE);
    for (let step = 0; step < steps; step++) await this.step();
    await this.comeOnline();
    await checkAll(this.tills, this.server, this.cashiers);
  }

  private async addTill(n: number): Promise<void> {
    const skews = [0, 0, 40_000, -30_000, 3_600_000, 31_536_000_000];
    const name = `T${n}`;
    const till: TillOptions = {
      name,
      deviceId: makeId('dev', 1_700_000_000_000 + n, this.random.bytes(10)),
      schema: n === 1 ? 1 : 2,
      skewMs: this.random.pick(skews),
      instance: `i${this.random.next()}`,
    };
    await this.boot(till, await this.options.makeDisk(), till.schema);
  }

  private async boot(options: TillOptions, disk: Disk, schema: number): Promise<Till> {
    const till = new Till(this, options, disk.storage);
    till.schema = schema;
    this.disks.set(till, disk);
    this.tills.push(till);
    await till.start();
    return till;
  }

  private async step(): Promise<void> {
    this.nowMs += this.random.chance(3) ? this.random.below(9_000_000) : this.random.below(2500);
    const till = this.random.pick(this.tills);
    const roll = this.random.below(1000);
    if (roll < 300) await this.alive(till, () => this.sell(till));
    else if (roll < 560) await this.alive(till, () => till.tick());
    else if (roll < 850) await this.deliverSome();
    else if (roll < 890) this.inTheOffice();
    else if (roll < 930) till.storage.arm(this.random.pick(['before', 'after'] as const));
    else if (roll < 950) this.server.arm(this.random.pick(['before', 'after'] as const), this.random.below(3));
    else if (roll < 956) await this.copyDisk(till);
    else if (roll < 962) await this.backUp(till);
    else if (roll < 968) await this.putBack(till);
    else if (roll < 976) this.server.backUp();
    else if (roll < 982) this.restoreServer();
    else if (roll < 988) await this.enterCode();
    else if (roll < 994) await this.tidy(till);
    else await this.alive(till, () => checkView(till, this.server, this.cashiers));
  }

  /** A program that dies is started again. */
  private async alive(till: Till, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.trace(`${till.options.name} dies ${error.message}`);
      await till.start();
    }
  }

  private async sell(till: Till): Promise<void> {
    const deed = await this.cashiers.act(till);
    if (deed?.draft.type === 'sale.completed' && deed.kind === 'good') this.codes.push(deed);
    if (this.random.chance(15)) await checkView(till, this.server, this.cashiers);
  }

  private async deliverSome(): Promise<void> {
    this.nowMs += this.random.below(300);
    const due = this.mail.filter((m) => m.atMs <= this.nowMs).sort((a, b) => a.atMs - b.atMs || a.order - b.order);
    this.mail = this.mail.filter((m) => m.atMs > this.nowMs);
    for (const message of due) await message.deliver();
  }

  /** Lost, doubled, late, out of order. */
  private post(deliver: () => Promise<void>): void {
    if (this.random.chance(10)) return;
    const times = this.random.chance(6) ? 2 : 1;
    for (let n = 0; n < times; n++) {
      const delay = this.random.chance(8) ? this.random.below(40_000) : this.random.below(400);
      this.mail.push({ atMs: this.nowMs + delay, order: this.order++, deliver });
    }
  }

  sendPush(till: Till, request: PushRequest): void {
    this.post(async () => {
      this.options.onMessage?.('push', request);
      const outcome = await this.server.push(request);
      this.trace(`server ${request.epoch}/${request.lane}/${request.from}+${request.events.length} ${outcome.kind}`);
      if (outcome.kind === 'offline') return;
      if (outcome.kind === 'answer') this.options.onMessage?.('push_answer', outcome.answer);
      this.post(() => this.alive(till, () => this.stillThere(till, () => till.afterPush(request, outcome))));
    });
  }

  sendFetch(till: Till, fetch: Fetch): void {
    this.post(async () => {
      const outcome = await this.server.fetch(till.options.deviceId, fetch);
      if (outcome.kind !== 'answer') return;
      this.post(() => this.alive(till, () => this.stillThere(till, () => this.take(till, outcome.answer))));
    });
  }

  /** A disk that was put back takes no answers of the program before it. */
  private async stillThere(till: Till, work: () => Promise<unknown>): Promise<void> {
    if (this.tills.includes(till)) await work();
  }

  private async take(till: Till, got: { pull?: unknown; page?: unknown }): Promise<string> {
    if (got.pull !== undefined) this.options.onMessage?.('pull_answer', got.pull);
    if (got.page !== undefined) this.options.onMessage?.('page', got.page);
    return got.pull === undefined ? till.afterSnapshot(got.page as never) : till.afterPull(got.pull as never);
  }

  private inTheOffice(): void {
    const { shop } = this.server.life;
    const product = this.random.pick(PRODUCTS);
    const id = `office-${this.random.next()}`;
    const roll = this.random.below(3);
    if (roll === 0) shop.office(id, 'stock.adjusted', id, { product, delta: 1 + this.random.below(6) });
    else {
      const changes = roll === 1 ? { price: 200 + this.random.below(50) } : { name: `o${this.random.below(1000)}` };
      shop.office(id, 'product.changed', product, { changes, base: {} });
    }
    this.trace(`${id} ${roll} ${product}`);
  }

  /** A second image under the same device. Mostly its start shows it to be a copy; sometimes nothing does. */
  private async copyDisk(till: Till): Promise<void> {
    if (this.tills.length >= 5) return;
    const disk = await (this.disks.get(till) as Disk).copy();
    await this.bootCopy(till, disk, 'copied');
  }

  private async bootCopy(from: Till, disk: Disk, how: string): Promise<void> {
    const isNoticed = this.random.chance(75);
    const instance = isNoticed ? `i${this.random.next()}` : from.instance;
    const name = `${from.options.name}c${++this.copies}`;
    this.trace(`${from.options.name} is ${how} as ${name} ${isNoticed ? 'noticed' : 'unnoticed'}`);
    const copy = await this.boot({ ...from.options, name, instance }, disk, from.schema);
    if (!isNoticed) {
      copy.isTwin = true;
      from.isTwin = true;
    }
    if (from.isTwin) copy.isTwin = true;
  }

  private async backUp(till: Till): Promise<void> {
    const disk = await (this.disks.get(till) as Disk).copy();
    const old = this.backups.get(till);
    if (old !== undefined) this.spare.push(old);
    this.backups.set(till, disk);
  }

  /** The disk's old content takes the place of the present one, which is gone. */
  private async putBack(till: Till): Promise<void> {
    const backup = this.backups.get(till);
    if (backup === undefined) return;
    this.spare.push(this.disks.get(till) as Disk);
    this.disks.delete(till);
    this.backups.delete(till);
    this.tills = this.tills.filter((t) => t !== till);
    await this.bootCopy(till, backup, 'put back');
  }

  private restoreServer(): void {
    if (this.server.restore()) this.trace(`server restored ${this.server.life.logId}`);
  }

  /** A customer comes with a receipt, whose sale the server may or may not have. */
  private async enterCode(): Promise<void> {
    if (this.codes.length === 0) return;
    const deed = this.random.pick(this.codes);
    const entry = { device: deed.till.options.deviceId, digest: quickHash(deed.body), event: JSON.parse(deed.body) };
    this.server.disarm();
    const outcome = await enterReceipt({ journal: this.server.life.shop, now: () => this.nowMs }, entry);
    this.trace(`receipt ${deed.id} ${outcome.status}`);
  }

  private async tidy(till: Till): Promise<void> {
    this.nowMs += 91 * 86_400_000;
    await this.alive(till, async () => {
      await archive(till.ports);
      if (this.random.chance(20)) await prune(till.ports, till.ports.now() - 100 * 86_400_000);
    });
  }

  /** No more faults: every till is upgraded and talks to the server until nothing is left to say. */
  private async comeOnline(): Promise<void> {
    this.server.disarm();
    this.mail = [];
    for (const till of this.tills) {
      till.storage.arm('after');
      await this.alive(till, () => till.storage.transaction(async (tx) => tx.meta()));
      await till.upgrade();
    }
    for (let round = 0; round < ROUNDS_MAX; round++) {
      this.nowMs += 61_000;
      let isQuiet = true;
      for (const till of this.tills) isQuiet = (await this.exchange(till)) && isQuiet;
      if (isQuiet) return;
    }
  }

  private async exchange(till: Till): Promise<boolean> {
    let isQuiet = true;
    for (let n = 0; n < 40; n++) {
      const outcome = await this.server.fetch(till.options.deviceId, await nextFetch(till.ports));
      if (outcome.kind !== 'answer') break;
      const effect = await this.take(till, outcome.answer);
      if (effect === 'up_to_date') break;
      isQuiet = false;
    }
    for (const lane of await till.storage.peek((tx) => tx.lanes())) {
      for (let n = 0; n < 12; n++) {
        const request = await preparePush(till.ports, lane.epoch, lane.lane);
        if (request === null) break;
        isQuiet = false;
        await till.afterPush(request, await this.server.push(request));
      }
    }
    return isQuiet;
  }

  async dropDisks(): Promise<void> {
    for (const disk of [...this.disks.values(), ...this.backups.values(), ...this.spare]) await disk.drop();
  }
}
