/**
 * The port through which a tax authority's system will be connected. Until one is, `noFiscalPort` stands in, and every
 * receipt says that it is not a fiscal document [SA18].
 */
import type { SaleCompleted, SaleRefunded } from '@mostrador/domain/sale';

/** What an authority gave for a sale or a refund; it is printed on the receipt. */
export interface FiscalDocument {
  /** Its kind in the words of the country, for example `Factura B`. */
  readonly kind: string;
  readonly number: string;
  /** The authorisation code. */
  readonly authorisation: string;
  /** What the code for scanning holds, where the country asks for one. */
  readonly code?: string | undefined;
}

export interface FiscalPort {
  /** `none`, or the name of the connected system. */
  readonly name: string;
  /** The document of a sale or refund; null: there is none, the receipt is not fiscal. */
  documentOf(tenantId: number, what: SaleCompleted | SaleRefunded): Promise<FiscalDocument | null>;
}

export const noFiscalPort: FiscalPort = { name: 'none', documentOf: () => Promise.resolve(null) };
