/** How a product's figures are said where there is room for one line. */

import { Badge } from '@mantine/core';
import type { ProductJson } from '@mostrador/contract/product';
import { Money, useFormat } from '@mostrador/ui';
import { useTranslation } from 'react-i18next';

export function totalOnHand(product: ProductJson): number {
  return product.variants.reduce((sum, v) => sum + Math.round(v.on_hand * 1000), 0) / 1000;
}

export function firstBarcode(product: ProductJson): string {
  return product.variants.find((v) => v.barcodes.length > 0)?.barcodes[0] ?? '—';
}

/** One price, the span of several, or that there is none. */
export function PriceText({ product }: { readonly product: ProductJson }) {
  const { t } = useTranslation();
  const format = useFormat();
  const prices = product.variants.flatMap((v) => (v.price ? [v.price] : [])).sort((a, b) => a.amount - b.amount);
  const low = prices[0];
  const high = prices[prices.length - 1];
  if (!low || !high) return <Badge color="mustard">{t('product.noPrice')}</Badge>;
  if (low.amount === high.amount) return <Money value={low} />;
  return <span className="ms-num">{t('product.from', { price: format.money(low) })}</span>;
}
