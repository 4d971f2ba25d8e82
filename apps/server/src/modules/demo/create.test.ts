/** The demo shop on a real database: complete, quick to repeat, and a journal that verifies. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authOf } from '../identity/index.js';
import { type ImportShop, openImportShop } from '../import/testing/shop.js';
import { listTenants } from '../tenant/index.js';
import { CATEGORIES, demoProducts, SUPPLIERS } from './catalogue.js';
import { createDemo, DEMO_LOGINS } from './index.js';
import { CUSTOMERS, STAFF } from './people.js';

let kit: ImportShop;
beforeAll(async () => {
  kit = await openImportShop();
});
afterAll(() => kit.close());

describe('an empty installation', () => {
  it('gets a demo shop once, complete, also when two servers begin at once and one was interrupted', async () => {
    const { platform } = kit;
    // Interrupted: the journal fails somewhere in the middle of the history.
    let left = 500;
    const failing = {
      ...platform,
      journal: new Proxy(platform.journal, {
        get: (journal, name) => {
          if (name !== 'commit')
            return Reflect.get(journal, name, journal).bind?.(journal) ?? Reflect.get(journal, name);
          return (...args: Parameters<typeof journal.commit>) =>
            left-- > 0 ? journal.commit(...args) : Promise.reject(new Error('the power went out'));
        },
      }),
    };
    await expect(createDemo(failing)).rejects.toThrow('the power went out');
    const made = await Promise.all([createDemo(platform), createDemo(platform)]);
    expect(made.sort()).toEqual([false, true]);
    expect(await createDemo(platform)).toBe(false);

    const tenants = await listTenants(platform);
    expect(tenants).toMatchObject([{ country: 'AR', currency: 'ARS' }]);
    const tenantId = tenants[0]?.tenantId ?? 0;
    const counts = await kit.counts(tenantId);
    expect(counts).toMatchObject({
      'tenant.created': 1,
      'location.created': 1,
      'user.created': STAFF.length,
      'product.created': demoProducts().length,
      'category.created': CATEGORIES.length,
      'supplier.created': SUPPLIERS.length,
      'customer.created': CUSTOMERS.length,
      'product.priced': 1,
      'tenant.changed': 1,
    });
    for (const type of [
      'sale.completed',
      'sale.refunded',
      'stock.received',
      'stock.written_off',
      'cash.session_opened',
    ]) {
      expect(counts[type], type).toBeGreaterThan(1);
    }
    expect(await kit.verify(tenantId)).toEqual([]);

    // Every product is for sale and in stock at the location that lists first.
    const rows = await platform.database.read<{ price_minor: number | null; on_hand: number | null; barcodes: number }>(
      tenantId,
      {
        text: `SELECT v.price_minor, a.debits_posted - a.credits_posted AS on_hand,
  (SELECT count(*) FROM barcode b WHERE b.tenant_id = $1 AND b.variant_id = v.variant_id) AS barcodes
FROM variant v LEFT JOIN location l ON l.tenant_id = $1 AND l.is_default
LEFT JOIN ledger_account a ON a.tenant_id = $1 AND a.kind = 'stock' AND a.owner = l.location_id AND a.item = v.variant_id
WHERE v.tenant_id = $1`,
        values: [tenantId],
      },
    );
    expect(rows.length).toBe(demoProducts().length);
    expect(rows.every((r) => (r.price_minor ?? 0) > 0 && (r.on_hand ?? 0) >= 1000 && r.barcodes === 1)).toBe(true);
    for (const { email, password } of DEMO_LOGINS) {
      const tokens = await authOf(platform).signIn({ email, password, ip: '127.0.0.1' });
      expect(tokens).toBeDefined();
    }
  });
});
