/**
 * Person keys in memory: the least recently used are forgotten, none is kept for long, and an erasure anywhere drops
 * it here. Look-ups of one moment go to the database together, so a list of fifty people costs one query.
 */
import { randomBytes } from 'node:crypto';
import type { Database } from '../database/index.js';
import { closeBox, openBox } from './box.js';

/** The key, or null for an erased person. */
export type PersonKey = Buffer | null;

interface Cached {
  key: PersonKey;
  until: number;
}

interface Waiting {
  personId: string;
  create: boolean;
  resolve: (key: PersonKey | undefined) => void;
  reject: (error: unknown) => void;
}

const keptMillis = 60_000;
const keptKeys = 20_000;
const perQuery = 1_000;

const contextOf = (tenantId: number, personId: string) => `person/${tenantId}/${personId}`;

export class PersonKeys {
  readonly #database: Database;
  readonly #wrapping: Buffer;
  readonly #now: () => number;
  readonly #cache = new Map<string, Cached>();
  readonly #waiting = new Map<number, Waiting[]>();
  /** Counts erasures, so that an answer that was under way meanwhile is not kept. */
  #erasures = 0;

  constructor(database: Database, wrapping: Buffer, now: () => number) {
    this.#database = database;
    this.#wrapping = wrapping;
    this.#now = now;
  }

  /** The person's key; undefined when there never was one and `create` is false. */
  get(tenantId: number, personId: string, create: boolean): Promise<PersonKey | undefined> {
    const name = `${tenantId}/${personId}`;
    const cached = this.#cache.get(name);
    if (cached && cached.until > this.#now()) {
      this.#cache.delete(name);
      this.#cache.set(name, cached);
      return Promise.resolve(cached.key);
    }
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(tenantId) ?? [];
      if (waiting.length === 0) {
        this.#waiting.set(tenantId, waiting);
        setImmediate(() => this.#load(tenantId));
      }
      waiting.push({ personId, create, resolve, reject });
    });
  }

  /** Forgets one person's key, or all with an empty name (`tenant/person`). */
  forget(name: string): void {
    this.#erasures++;
    if (name === '') this.#cache.clear();
    else this.#cache.delete(name);
  }

  #load(tenantId: number): void {
    const waiting = this.#waiting.get(tenantId) ?? [];
    this.#waiting.delete(tenantId);
    for (let i = 0; i < waiting.length; i += perQuery) {
      const some = waiting.slice(i, i + perQuery);
      this.#fetch(tenantId, some).then(
        (keys) => {
          for (const w of some) w.resolve(keys.get(w.personId));
        },
        (error) => {
          for (const w of some) w.reject(error);
        },
      );
    }
  }

  async #fetch(tenantId: number, waiting: Waiting[]): Promise<Map<string, PersonKey>> {
    const before = this.#erasures;
    const keys = await this.#read(
      tenantId,
      waiting.map((w) => w.personId),
    );
    const toMake = [...new Set(waiting.filter((w) => w.create && !keys.has(w.personId)).map((w) => w.personId))];
    if (toMake.length > 0) {
      await this.#make(tenantId, toMake);
      for (const [personId, key] of await this.#read(tenantId, toMake)) keys.set(personId, key);
    }
    if (before === this.#erasures) for (const [personId, key] of keys) this.#keep(`${tenantId}/${personId}`, key);
    return keys;
  }

  async #read(tenantId: number, personIds: string[]): Promise<Map<string, PersonKey>> {
    const rows = await this.#database.read<{ person_id: string; wrapped: Buffer | null }>(tenantId, {
      name: 'keys_read',
      text: 'SELECT person_id, wrapped FROM person_key WHERE person_id = ANY ($1::text[])',
      values: [personIds],
    });
    return new Map(
      rows.map(({ person_id, wrapped }) => [
        person_id,
        wrapped && openBox(this.#wrapping, contextOf(tenantId, person_id), wrapped),
      ]),
    );
  }

  /** Durable before anything is sealed with them; another process may have been first. */
  async #make(tenantId: number, personIds: string[]): Promise<void> {
    const wrapped = personIds.map((id) => closeBox(this.#wrapping, contextOf(tenantId, id), randomBytes(32)));
    await this.#database.transaction(tenantId, (tx) =>
      tx.query(
        `INSERT INTO person_key (tenant_id, person_id, wrapped)
         SELECT $1, person_id, wrapped FROM unnest($2::text[], $3::bytea[]) AS k (person_id, wrapped)
         ORDER BY person_id ON CONFLICT DO NOTHING`,
        [tenantId, personIds, wrapped],
      ),
    );
  }

  #keep(name: string, key: PersonKey): void {
    this.#cache.set(name, { key, until: this.#now() + keptMillis });
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= keptKeys) break;
      this.#cache.delete(oldest);
    }
  }
}
