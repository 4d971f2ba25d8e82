/** What is done with many products at once: price changes by percentage, shelf labels, and the cache's figures. */
import { zCacheFigures, zLabelsInput, zPriceChange, zPriceChangeInput } from '@mostrador/contract/product';
import { exponentOf } from '@mostrador/domain/money';
import type { Platform } from '../../module.js';
import { type Api, ApiError, type Session } from '../../platform/http/index.js';
import { catalogueFigures } from './for-sale.js';
import { type Label, labelsPdf } from './labels.js';
import { changePrices } from './price-changes.js';

/** A person prints a few hundred; more would hold the process up. */
const MOST_LABELS = 2000;

export function shelfRoutes(api: Api, platform: Platform): void {
  api.route(
    {
      method: 'POST',
      url: '/products/price-changes',
      tag: 'product',
      summary: 'Change many prices by a percentage',
      description:
        'One event for all of them. With `preview` nothing is written. Variants without a price are left out.',
      permission: 'price.write',
      idempotent: true,
      body: zPriceChangeInput,
      response: zPriceChange,
      errors: ['price_changes_too_many', 'amount_out_of_range', 'idempotency_key_reused'],
    },
    async (r) => changePrices(platform, r, r.body),
  );

  api.route(
    {
      method: 'POST',
      url: '/products/labels',
      tag: 'product',
      summary: 'Shelf labels as a PDF',
      permission: 'product.read',
      body: zLabelsInput,
      response: { raw: ['application/pdf'] },
      errors: ['variant_unknown'],
    },
    async ({ session, body }) => {
      const known = await labelled(session, [...new Set(body.items.map((i) => i.variant_id))]);
      const labels = body.items.flatMap(({ variant_id, copies }) => {
        const label = known.get(variant_id);
        if (label === undefined) throw new ApiError('variant_unknown', { facts: { variant_id } });
        return Array<Label>(copies).fill(label);
      });
      if (labels.length > MOST_LABELS) {
        throw new ApiError('validation_failed', {
          errors: [{ path: 'items', code: 'too_big', message: `more than ${MOST_LABELS} labels` }],
        });
      }
      const pdf = await labelsPdf(labels, body.size, body.skip, session.tenant.name);
      return { type: 'application/pdf', body: pdf, filename: 'labels.pdf' };
    },
  );

  async function labelled(session: Session, variantIds: readonly string[]): Promise<Map<string, Label>> {
    const rows = await platform.database.read<{
      variant_id: string;
      sku: string;
      name: string;
      variant_name: string;
      price_minor: number | null;
      sales_unit: string;
      barcode: string | null;
    }>(session.tenantId, {
      text: `SELECT v.variant_id, v.sku, p.name, v.name AS variant_name, v.price_minor, p.sales_unit,
          (SELECT b.barcode FROM barcode b WHERE b.product_id = v.product_id AND b.variant_id = v.variant_id
            ORDER BY b.mark NULLS FIRST, b.position LIMIT 1) AS barcode
        FROM variant v JOIN product p ON p.product_id = v.product_id WHERE v.variant_id = ANY ($1::text[])`,
      values: [variantIds],
    });
    const { currency, locale, country } = session.tenant;
    const digits = exponentOf(currency);
    const format = new Intl.NumberFormat(`${locale}-${country}`, {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    return new Map(
      rows.map((row) => [
        row.variant_id,
        {
          name: row.variant_name === '' ? row.name : `${row.name} (${row.variant_name})`,
          sku: row.sku,
          price: row.price_minor === null ? '' : format.format(row.price_minor / 10 ** digits),
          barcode: row.barcode ?? '',
          unit: row.sales_unit === 'piece' ? '' : `/ ${row.sales_unit}`,
        },
      ]),
    );
  }

  api.route(
    {
      method: 'GET',
      url: '/products/cache-figures',
      tag: 'product',
      summary: "What the checkout's catalogue cache did since the process started",
      permission: 'report.read',
      response: zCacheFigures,
    },
    () => {
      const { entries, capacity, hits, misses, invalidations, clears } = catalogueFigures(platform);
      const asked = hits + misses;
      return { entries, capacity, hits, misses, invalidations, clears, hit_rate: asked === 0 ? null : hits / asked };
    },
  );
}
