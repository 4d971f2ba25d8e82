/**
 * What the checkout needs of variants, kept in memory. Bounded by two generations: what is asked for moves to the
 * young one, and when that is full the old one is forgotten. A reading that began before an invalidation is not kept.
 */
import type { Stale } from './announce.js';

export interface CacheFigures {
  readonly entries: number;
  readonly capacity: number;
  readonly hits: number;
  readonly misses: number;
  readonly invalidations: number;
  readonly clears: number;
}

interface Entry {
  readonly variantId: string;
  readonly productId: string;
}

/** A reading under way: what has become stale since it began. */
export interface Reading {
  readonly tenantId: number;
  readonly variantIds: Set<string>;
  readonly productIds: Set<string>;
  all: boolean;
}

export class CatalogueCache<E extends Entry> {
  readonly #half: number;
  readonly #readings = new Set<Reading>();
  #young = new Map<number, Map<string, E>>();
  #old = new Map<number, Map<string, E>>();
  #youngCount = 0;
  #oldCount = 0;
  #hits = 0;
  #misses = 0;
  #invalidations = 0;
  #clears = 0;

  /** `capacity`: variants of all tenants together, an even number. */
  constructor(capacity: number) {
    this.#half = Math.max(1, Math.floor(capacity / 2));
  }

  get(tenantId: number, variantId: string): E | undefined {
    const young = this.#young.get(tenantId)?.get(variantId);
    if (young !== undefined) {
      this.#hits++;
      return young;
    }
    const old = this.#old.get(tenantId)?.get(variantId);
    if (old === undefined) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    this.#put(tenantId, old);
    return old;
  }

  /** Call before the database is asked, and `keep` or `abandon` after. */
  begin(tenantId: number): Reading {
    const reading: Reading = { tenantId, variantIds: new Set(), productIds: new Set(), all: false };
    this.#readings.add(reading);
    return reading;
  }

  abandon(reading: Reading): void {
    this.#readings.delete(reading);
  }

  /** Keeps what was read, but for what has changed while it was. */
  keep(reading: Reading, entries: Iterable<E>): void {
    this.#readings.delete(reading);
    if (reading.all) return;
    for (const entry of entries) {
      if (reading.variantIds.has(entry.variantId) || reading.productIds.has(entry.productId)) continue;
      this.#put(reading.tenantId, entry);
    }
  }

  invalidate(tenantId: number, { variantIds, productIds }: Stale): void {
    for (const reading of this.#readings) {
      if (reading.tenantId !== tenantId) continue;
      for (const id of variantIds) reading.variantIds.add(id);
      for (const id of productIds) reading.productIds.add(id);
    }
    for (const id of variantIds) this.#drop(tenantId, id);
    if (productIds.size === 0) return;
    for (const generation of [this.#young, this.#old]) {
      for (const entry of generation.get(tenantId)?.values() ?? []) {
        if (productIds.has(entry.productId)) this.#drop(tenantId, entry.variantId);
      }
    }
  }

  /** Forgets a tenant, or everything. */
  clear(tenantId?: number): void {
    this.#clears++;
    for (const reading of this.#readings) {
      if (tenantId === undefined || reading.tenantId === tenantId) reading.all = true;
    }
    if (tenantId === undefined) {
      this.#young = new Map();
      this.#old = new Map();
      this.#youngCount = 0;
      this.#oldCount = 0;
      return;
    }
    this.#youngCount -= this.#young.get(tenantId)?.size ?? 0;
    this.#oldCount -= this.#old.get(tenantId)?.size ?? 0;
    this.#young.delete(tenantId);
    this.#old.delete(tenantId);
  }

  figures(): CacheFigures {
    return {
      entries: this.#youngCount + this.#oldCount,
      capacity: this.#half * 2,
      hits: this.#hits,
      misses: this.#misses,
      invalidations: this.#invalidations,
      clears: this.#clears,
    };
  }

  #put(tenantId: number, entry: E): void {
    if (this.#old.get(tenantId)?.delete(entry.variantId) === true) this.#oldCount--;
    if (this.#youngCount >= this.#half) {
      this.#old = this.#young;
      this.#oldCount = this.#youngCount;
      this.#young = new Map();
      this.#youngCount = 0;
    }
    let young = this.#young.get(tenantId);
    if (young === undefined) {
      young = new Map();
      this.#young.set(tenantId, young);
    }
    const before = young.size;
    young.set(entry.variantId, entry);
    this.#youngCount += young.size - before;
    // The old generation may just have become the one that holds it.
    if (this.#old.get(tenantId)?.delete(entry.variantId) === true) this.#oldCount--;
  }

  #drop(tenantId: number, variantId: string): void {
    let gone = false;
    if (this.#young.get(tenantId)?.delete(variantId) === true) {
      this.#youngCount--;
      gone = true;
    }
    if (this.#old.get(tenantId)?.delete(variantId) === true) {
      this.#oldCount--;
      gone = true;
    }
    if (gone) this.#invalidations++;
  }
}
