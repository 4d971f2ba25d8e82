/** Small lists that many screens need: locations, tax rates, categories, suppliers. Read once, kept for minutes. */

import type { CategoryJson } from '@mostrador/contract/product';
import type { SupplierJson } from '@mostrador/contract/supplier';
import type { Location, TaxRate } from '@mostrador/contract/tenant';
import { useQuery } from '@tanstack/react-query';
import { get } from './client.js';

const MINUTES = 5 * 60_000;

function useSmallList<T>(noun: string, path: string, query?: Record<string, string>, enabled = true): readonly T[] {
  const { data } = useQuery({
    queryKey: [noun, 'small', path, query],
    queryFn: async ({ signal }) => (await get<{ data: T[] }>(path, query, signal)).data,
    staleTime: MINUTES,
    enabled,
  });
  return data ?? [];
}

export const useLocations = (): readonly Location[] => useSmallList<Location>('location', '/locations');
export const useTaxRates = (): readonly TaxRate[] => useSmallList<TaxRate>('tax-rate', '/tax-rates');
export const useCategories = (): readonly CategoryJson[] => useSmallList<CategoryJson>('category', '/categories');
export const useSuppliers = (enabled = true): readonly SupplierJson[] =>
  useSmallList<SupplierJson>('supplier', '/suppliers', { limit: '200' }, enabled);
