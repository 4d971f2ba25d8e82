/** What a command on products refers to and the rules cannot see: tax rates, categories, the shop's currency, rights. */
import type { Platform } from '../../module.js';
import type { Database } from '../../platform/database/index.js';
import { ApiError, type Session } from '../../platform/http/index.js';
import { shopFacts } from '../tenant/index.js';

type Reader = Pick<Database, 'read'>;

export interface KnownTaxRates {
  /** Not archived. */
  readonly usable: ReadonlySet<string>;
  readonly defaultId: string;
}

export async function taxRatesOf(
  platform: Pick<Platform, 'database' | 'journal'>,
  tenantId: number,
): Promise<KnownTaxRates> {
  const { taxRates } = await shopFacts(platform, tenantId);
  const usable = taxRates.filter((r) => !r.archived);
  const standard = usable.find((r) => r.isDefault);
  if (standard === undefined) throw new Error('a shop has a default tax rate');
  return { usable: new Set(usable.map((r) => r.taxRateId)), defaultId: standard.taxRateId };
}

/** The given rate, or the shop's default. */
export async function taxRateFor(
  platform: Pick<Platform, 'database' | 'journal'>,
  tenantId: number,
  given: string | undefined,
): Promise<string> {
  const rates = await taxRatesOf(platform, tenantId);
  if (given === undefined) return rates.defaultId;
  if (!rates.usable.has(given)) throw new ApiError('tax_rate_unknown', { facts: { tax_rate_id: given } });
  return given;
}

export async function checkCategory(database: Reader, tenantId: number, categoryId: string | null): Promise<void> {
  if (categoryId === null) return;
  const [row] = await database.read<{ archived: boolean }>(tenantId, {
    text: 'SELECT archived FROM category WHERE category_id = $1',
    values: [categoryId],
  });
  if (row === undefined) throw new ApiError('category_unknown', { facts: { category_id: categoryId } });
  if (row.archived) throw new ApiError('category_archived', { facts: { category_id: categoryId } });
}

interface Amount {
  readonly amount: number;
  readonly currency: string;
}

/** Minor units of an amount in the shop's currency; null stays null. */
export function minorOf(session: Session, amount: Amount | null | undefined): number | null {
  if (amount === null || amount === undefined) return null;
  if (amount.currency !== session.tenant.currency) {
    throw new ApiError('currency_mismatch', { facts: { currency: session.tenant.currency } });
  }
  return amount.amount;
}

/** Prices are set by those who may, also in passing. */
export function mayPrice(session: Session): void {
  if (!session.permissions.has('price.write')) {
    throw new ApiError('forbidden', { facts: { permission: 'price.write' } });
  }
}
