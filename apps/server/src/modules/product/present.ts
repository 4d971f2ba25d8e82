/** Products as REST shows them. */
import { fromMilli, money, timestamp } from '@mostrador/contract/common';
import type { ProductJson, VariantJson } from '@mostrador/contract/product';
import { type ProductState, statusOf } from '@mostrador/domain/product';
import type { Session } from '../../platform/http/index.js';
import { pictureUrl } from './picture.js';
import type { StoredProduct } from './queries.js';

/** Costs are for those who set prices or read reports, not for everybody at the counter. */
export function seesCosts(session: Session): boolean {
  return session.permissions.has('product.write') || session.permissions.has('report.read');
}

/** A product's own part: what follows from its events alone. */
interface Whole extends Omit<StoredProduct, 'createdAt' | 'updatedAt'> {
  readonly createdAt: Date | number;
  readonly updatedAt: Date | number;
}

export function productJson(session: Session, product: Whole): ProductJson {
  const { state } = product;
  return {
    id: state.productId,
    name: state.name,
    brand: state.brand,
    description: state.description,
    category_id: state.categoryId,
    category_name: product.categoryName,
    tax_rate_id: state.taxRateId,
    sales_unit: state.salesUnit,
    status: statusOf(state),
    options: [...state.options],
    picture_url: pictureUrl(state.name, state.picture),
    variants: state.variants.map((v) => variantJson(session, state, v, product.onHandMilli[v.variantId] ?? 0)),
    created_at: timestamp(Number(product.createdAt)),
    updated_at: timestamp(Number(product.updatedAt)),
    revision: product.revision,
  };
}

export function variantJson(
  session: Session,
  state: ProductState,
  variant: ProductState['variants'][number],
  onHandMilli: number,
): VariantJson {
  const { currency } = session.tenant;
  const marks = variant.barcodes.flatMap((b) => {
    const mark = state.barcodeMarks[b];
    return mark === undefined ? [] : [[b, mark] as const];
  });
  return {
    id: variant.variantId,
    sku: variant.sku,
    name: variant.name,
    price: variant.priceMinor === null ? null : money(variant.priceMinor, currency),
    cost: variant.costMinor === null || !seesCosts(session) ? null : money(variant.costMinor, currency),
    barcodes: [...variant.barcodes],
    barcode_marks: Object.fromEntries(marks),
    on_hand: fromMilli(onHandMilli),
  };
}
