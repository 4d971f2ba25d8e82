/** The catalogue's cache: bounded, counted, and never older than the last change. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CatalogueCache } from './catalogue-cache.js';

interface Entry {
  readonly variantId: string;
  readonly productId: string;
  readonly version: number;
}

const entry = (n: number, version = 1): Entry => ({ variantId: `var_${n}`, productId: `prod_${n % 3}`, version });

function keep(cache: CatalogueCache<Entry>, tenantId: number, ...entries: Entry[]): void {
  cache.keep(cache.begin(tenantId), entries);
}

const variants = (...ids: number[]) => ({
  variantIds: new Set(ids.map((n) => `var_${n}`)),
  productIds: new Set<string>(),
});
const products = (...ids: number[]) => ({
  variantIds: new Set<string>(),
  productIds: new Set(ids.map((n) => `prod_${n}`)),
});

describe('the cache', () => {
  it('gives back what it keeps, tenant by tenant, and counts', () => {
    const cache = new CatalogueCache<Entry>(10);
    keep(cache, 1, entry(1));
    expect(cache.get(1, 'var_1')).toEqual(entry(1));
    expect(cache.get(2, 'var_1')).toBeUndefined();
    expect(cache.figures()).toEqual({ entries: 1, capacity: 10, hits: 1, misses: 1, invalidations: 0, clears: 0 });
  });

  it('forgets by variant, by product, by tenant', () => {
    const cache = new CatalogueCache<Entry>(100);
    keep(cache, 1, ...[0, 1, 2, 3, 4, 5].map((n) => entry(n)));
    keep(cache, 2, entry(0));
    cache.invalidate(1, variants(1));
    cache.invalidate(1, products(0));
    expect([0, 1, 2, 3, 4, 5].filter((n) => cache.get(1, `var_${n}`) !== undefined)).toEqual([2, 4, 5]);
    expect(cache.get(2, 'var_0')).toBeDefined();
    cache.clear(1);
    expect(cache.get(1, 'var_2')).toBeUndefined();
    expect(cache.figures()).toMatchObject({ entries: 1, invalidations: 3, clears: 1 });
    cache.clear();
    expect(cache.figures().entries).toBe(0);
  });

  it.each([
    ['its variant changed', (c: CatalogueCache<Entry>) => c.invalidate(1, variants(1))],
    ['its product changed', (c: CatalogueCache<Entry>) => c.invalidate(1, products(1))],
    ['its tenant was cleared', (c: CatalogueCache<Entry>) => c.clear(1)],
    ['everything was cleared', (c: CatalogueCache<Entry>) => c.clear()],
  ])('does not keep what was read while %s', (_title, change) => {
    const cache = new CatalogueCache<Entry>(10);
    const reading = cache.begin(1);
    change(cache);
    cache.keep(reading, [entry(1), entry(2)]);
    expect(cache.get(1, 'var_1')).toBeUndefined();
    const next = cache.begin(1);
    cache.keep(next, [entry(1, 2)]);
    expect(cache.get(1, 'var_1')?.version).toBe(2);
  });

  it('stays within its bound and keeps what is asked for, under any course of events', () => {
    const step = fc.record({
      kind: fc.constantFrom('get', 'keep', 'invalidate', 'product', 'clear'),
      tenant: fc.integer({ min: 1, max: 2 }),
      n: fc.integer({ min: 0, max: 15 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const cache = new CatalogueCache<Entry>(8);
        const truth = new Map<string, number>();
        const key = (tenant: number, n: number) => `${tenant}/${n}`;
        const change = (tenant: number, n: number) => truth.set(key(tenant, n), (truth.get(key(tenant, n)) ?? 0) + 1);
        for (const { kind, tenant, n } of steps) {
          if (kind === 'keep') keep(cache, tenant, entry(n, truth.get(key(tenant, n)) ?? 0));
          else if (kind === 'invalidate') {
            change(tenant, n);
            cache.invalidate(tenant, variants(n));
          } else if (kind === 'product') {
            for (let other = n % 3; other <= 15; other += 3) change(tenant, other);
            cache.invalidate(tenant, products(n % 3));
          } else if (kind === 'clear' && n === 0) cache.clear(tenant);
          const found = cache.get(tenant, `var_${n}`);
          if (found !== undefined) expect(found.version).toBe(truth.get(key(tenant, n)) ?? 0);
          if (kind === 'keep') expect(found).toBeDefined();
          expect(cache.figures().entries).toBeLessThanOrEqual(8);
          expect(cache.figures().entries).toBeGreaterThanOrEqual(0);
        }
      }),
      { ...(process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) }) },
    );
  });
});
