/** Which prices a change by percentage touches, and carrying it out as one event. */
import { money } from '@mostrador/contract/common';
import type { PriceChangeJson, zPriceChangeInput } from '@mostrador/contract/product';
import {
  decidePriceChange,
  foldWords,
  MAX_PRICE_CHANGES,
  type PriceChange,
  type ProductEvent,
  priceChanges,
} from '@mostrador/domain/product';
import type { z } from 'zod';
import type { Platform } from '../../module.js';
import { ApiError, type Command, commitOrThrow, orAsBefore, type Session } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { priceChangeRefusal } from './refuse.js';

type Input = z.output<typeof zPriceChangeInput>;

/** Rows shown of a change. */
const SHOWN = 100;

interface Candidate {
  product_id: string;
  variant_id: string;
  price_minor: number;
  sku: string;
  name: string;
  variant_name: string;
}

/** Priced variants of products that are not archived, by name; one more than can be changed at once. */
async function candidates(platform: Platform, tenantId: number, filters: Input['filters']): Promise<Candidate[]> {
  const values: unknown[] = [MAX_PRICE_CHANGES + 1];
  const bind = (value: unknown) => {
    values.push(value);
    return `$${values.length}`;
  };
  const conditions = ['p.status < 2', 'v.price_minor > 0'];
  if (filters.category_id !== undefined) conditions.push(`p.category_id = ${bind(filters.category_id)}`);
  if (filters.brand !== undefined) conditions.push(`p.brand_key = ${bind(foldWords(filters.brand))}`);
  if (filters.product_ids !== undefined) conditions.push(`p.product_id = ANY (${bind(filters.product_ids)}::text[])`);
  if (filters.q !== undefined) {
    // All that match, not the best few: so every name is looked at, which a change by hand can wait for.
    const patterns = foldWords(filters.q)
      .split(' ')
      .map((word) => `% ${word}%`);
    conditions.push(`EXISTS (SELECT FROM product_search s WHERE s.product_id = p.product_id
      AND ' ' || s.name_words || ' ' || s.brand_words || ' ' || s.variant_words LIKE ALL (${bind(patterns)}::text[]))`);
  }
  return platform.database.read<Candidate>(tenantId, {
    text: `SELECT p.product_id, v.variant_id, v.price_minor, v.sku, p.name, v.name AS variant_name
      FROM product p JOIN variant v ON v.product_id = p.product_id
      WHERE ${conditions.join(' AND ')} ORDER BY p.name_key, p.product_id, v.position LIMIT $1`,
    values,
  });
}

export async function changePrices(
  platform: Platform,
  asked: { readonly session: Session; readonly command: Command },
  input: Input,
): Promise<PriceChangeJson> {
  const { session, command } = asked;
  const found = await candidates(platform, session.tenantId, input.filters);
  const changes = priceChanges(
    found.map((c) => ({ productId: c.product_id, variantId: c.variant_id, priceMinor: c.price_minor })),
    input.percent_bp,
    input.rounding,
  );
  const changeId = newId('pch');
  const decision = decidePriceChange(changeId, changes, input.reason);
  if (input.preview) {
    if (!decision.ok) throw priceChangeRefusal(decision.rejection);
    const names = new Map(found.map((c) => [c.variant_id, c]));
    return answer(session.tenant.currency, null, changes, (id) => names.get(id));
  }
  const nothing = new ApiError('not_found');
  try {
    const committed = await orAsBefore(platform.journal, session.tenantId, command, async () => {
      if (!decision.ok) throw priceChangeRefusal(decision.rejection);
      if (decision.events.length === 0) throw nothing;
      return commitOrThrow(platform.journal, session.tenantId, {
        ...command,
        actor: session.userId,
        events: decision.events,
      });
    });
    const [event] = committed.events;
    if (event === undefined) throw new Error('a price change is one event');
    // This command's event is of this type.
    const payload = event.payload as unknown as Extract<ProductEvent, { type: 'product.priced' }>['payload'];
    const done = payload.changes.map((c) => ({
      productId: c.productId,
      variantId: c.variantId,
      priceMinor: c.priceMinor ?? 0,
      previousPriceMinor: c.previousPriceMinor ?? 0,
    }));
    return answer(session.tenant.currency, { id: event.subject, seq: event.seq }, done);
  } catch (error) {
    if (error === nothing) return { ...answer(session.tenant.currency, null, []), preview: false };
    throw error;
  }
}

function answer(
  currency: string,
  carriedOut: { readonly id: string; readonly seq: number } | null,
  changes: readonly PriceChange[],
  named: (variantId: string) => Candidate | undefined = () => undefined,
): PriceChangeJson {
  return {
    id: carriedOut?.id ?? null,
    seq: carriedOut?.seq ?? null,
    preview: carriedOut === null,
    changed: changes.length,
    changes: changes.slice(0, SHOWN).map((c) => {
      const known = named(c.variantId);
      const variantName = known?.variant_name ?? '';
      return {
        product_id: c.productId,
        variant_id: c.variantId,
        name: variantName === '' ? (known?.name ?? '') : `${known?.name ?? ''} (${variantName})`,
        sku: known?.sku ?? '',
        previous: money(c.previousPriceMinor, currency),
        price: money(c.priceMinor, currency),
      };
    }),
  };
}
