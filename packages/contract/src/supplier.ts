/** Suppliers over REST: the companies that goods are received from. */
import { z } from 'zod';
import { page, zCursor, zFlag, zId, zLimit, zLine, zName, zNote, zTimestamp } from './common.js';

export const zSupplier = z
  .object({
    id: zId('sup'),
    name: z.string(),
    /** Its number at the tax office; '' when unknown. */
    tax_id: z.string(),
    note: z.string(),
    archived: z.boolean(),
    created_at: zTimestamp,
    updated_at: zTimestamp,
    /** For If-Match. */
    revision: z.int(),
  })
  .meta({ id: 'Supplier' });
export type SupplierJson = z.infer<typeof zSupplier>;

/** By name. */
export const zSupplierPage = page(zSupplier);

export const zSupplierQuery = z.strictObject({
  limit: zLimit,
  cursor: zCursor,
  /** A part of the name or of the tax id; case and accents do not matter. */
  q: zLine(200).optional(),
  /** Archived ones instead of the others. */
  archived: zFlag.optional(),
});

export const zSupplierParams = z.strictObject({ supplier_id: zId('sup') });

export const zSupplierInput = z.strictObject({
  name: zName(200),
  tax_id: zLine(40).default(''),
  note: zNote(2000).default(''),
});
export type SupplierInput = z.input<typeof zSupplierInput>;

export const zSupplierPatch = z.strictObject({ name: zName(200), tax_id: zLine(40), note: zNote(2000) }).partial();
export type SupplierPatch = z.input<typeof zSupplierPatch>;
