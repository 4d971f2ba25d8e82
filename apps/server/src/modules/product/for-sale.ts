/**
 * The catalogue as the checkout sees it: price, tax and state of a few variants, from memory where possible. Own
 * commits invalidate at once, other processes' by NOTIFY; without hearing those, nothing is kept.
 */
import type { Platform } from '../../module.js';
import { CHANNEL, readAnnouncement, staleBy } from './announce.js';
import { type CacheFigures, CatalogueCache } from './catalogue-cache.js';

/** A variant at the counter. Amounts are minor units of the shop's currency, tax included. */
export interface VariantForSale {
  readonly variantId: string;
  readonly productId: string;
  readonly sku: string;
  /** The product's name, with the variant's in brackets where it has one. */
  readonly name: string;
  /** null: a draft, not to be sold. */
  readonly priceMinor: number | null;
  readonly taxRateId: string;
  /** Basis points of the net price. */
  readonly rateBp: number;
  readonly salesUnit: 'piece' | 'kg' | 'l' | 'm';
  readonly costMinor: number | null;
  readonly archived: boolean;
}

/** Variants of all tenants; about 400 bytes each. */
const CAPACITY = 40_000;

type Needs = Pick<Platform, 'database' | 'journal' | 'log'>;

class Catalogue {
  readonly #platform: Needs;
  readonly #cache = new CatalogueCache<VariantForSale>(CAPACITY);
  /** Other processes' changes are heard. */
  #hears = false;

  constructor(platform: Needs) {
    this.#platform = platform;
    platform.journal.onCommitted((tenantId, events) => {
      const stale = staleBy(events);
      if (stale.variantIds.size + stale.productIds.size > 0) this.#cache.invalidate(tenantId, stale);
    });
    this.#listen();
  }

  async get(tenantId: number, variantIds: readonly string[]): Promise<Map<string, VariantForSale>> {
    const found = new Map<string, VariantForSale>();
    const missing: string[] = [];
    for (const id of variantIds) {
      const entry = this.#cache.get(tenantId, id);
      if (entry === undefined) missing.push(id);
      else found.set(id, entry);
    }
    if (missing.length > 0) for (const entry of await this.#read(tenantId, missing)) found.set(entry.variantId, entry);
    return found;
  }

  figures(): CacheFigures {
    return this.#cache.figures();
  }

  async #read(tenantId: number, variantIds: readonly string[]): Promise<VariantForSale[]> {
    const reading = this.#cache.begin(tenantId);
    try {
      const rows = await readForSale(this.#platform, tenantId, variantIds);
      if (this.#hears) this.#cache.keep(reading, rows);
      return rows;
    } finally {
      this.#cache.abandon(reading);
    }
  }

  #listen(): void {
    this.#platform.database
      .listen(CHANNEL, (message) => {
        const told = readAnnouncement(message);
        // An empty message: the connection was lost, and with it perhaps what was told meanwhile.
        if (told === null) this.#cache.clear();
        else if (told.stale === 'all') this.#cache.clear(told.tenantId);
        else this.#cache.invalidate(told.tenantId, told.stale);
      })
      .then(
        () => {
          this.#hears = true;
        },
        (error: unknown) => {
          this.#platform.log.warn({ err: error }, 'changes of products are not heard; the catalogue is not kept');
        },
      );
  }
}

interface Row {
  variant_id: string;
  product_id: string;
  sku: string;
  name: string;
  variant_name: string;
  price_minor: number | null;
  cost_minor: number | null;
  tax_rate_id: string;
  rate_bp: number;
  sales_unit: VariantForSale['salesUnit'];
  archived: boolean;
}

async function readForSale(
  platform: Needs,
  tenantId: number,
  variantIds: readonly string[],
): Promise<VariantForSale[]> {
  const rows = await platform.database.read<Row>(tenantId, {
    // OFFSET 0 keeps it to look-ups by key, also in a young shop, whose tables have no statistics yet.
    text: `SELECT v.variant_id, v.product_id, v.sku, p.name, v.name AS variant_name, v.price_minor, v.cost_minor,
        p.tax_rate_id, t.rate_bp, p.sales_unit, p.archived
      FROM unnest($2::text[]) AS u(id)
      CROSS JOIN LATERAL (SELECT * FROM variant WHERE tenant_id = $1 AND variant_id = u.id OFFSET 0) v
      CROSS JOIN LATERAL (SELECT * FROM product WHERE tenant_id = $1 AND product_id = v.product_id OFFSET 0) p
      JOIN tax_rate t ON t.tenant_id = $1 AND t.tax_rate_id = p.tax_rate_id`,
    values: [tenantId, variantIds],
  });
  return rows.map((row) => ({
    variantId: row.variant_id,
    productId: row.product_id,
    sku: row.sku,
    name: row.variant_name === '' ? row.name : `${row.name} (${row.variant_name})`,
    priceMinor: row.price_minor,
    taxRateId: row.tax_rate_id,
    rateBp: row.rate_bp,
    salesUnit: row.sales_unit,
    costMinor: row.cost_minor,
    archived: row.archived,
  }));
}

/** One for each composition: a process has one, a test may have several. */
const catalogues = new WeakMap<Platform['journal'], Catalogue>();

function catalogueOf(platform: Needs): Catalogue {
  let catalogue = catalogues.get(platform.journal);
  if (catalogue === undefined) {
    catalogue = new Catalogue(platform);
    catalogues.set(platform.journal, catalogue);
  }
  return catalogue;
}

/** By variant id; unknown ones are absent. Archived ones and drafts are there: whoever sells decides. */
export function variantsForSale(
  platform: Needs,
  tenantId: number,
  variantIds: readonly string[],
): Promise<Map<string, VariantForSale>> {
  return catalogueOf(platform).get(tenantId, variantIds);
}

/** What the catalogue's cache did since the process started. */
export function catalogueFigures(platform: Needs): CacheFigures {
  return catalogueOf(platform).figures();
}
