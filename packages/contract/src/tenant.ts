/** The shop over REST: its settings, tax rates and locations. */
import { z } from 'zod';
import { list, zBasisPoints, zCountry, zCurrency, zId, zLine, zLocale, zName, zNote, zTimestamp } from './common.js';

/** The shop as every signed-in application sees it. */
export const zTenant = z
  .object({
    id: zId('ten'),
    name: z.string(),
    country: zCountry,
    currency: zCurrency,
    time_zone: z.string(),
    locale: zLocale,
  })
  .meta({ id: 'Tenant' });
export type Tenant = z.infer<typeof zTenant>;

export const zSettings = z
  .object({
    ...zTenant.shape,
    /** The shop's own tax number. */
    tax_identifier: z.string(),
    address: z.string(),
    receipt_footer: z.string(),
    option_sets: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
    units: z.array(z.object({ unit: z.enum(['piece', 'kg', 'l', 'm']), decimals: z.int() })),
    created_at: zTimestamp,
    updated_at: zTimestamp,
    revision: z.int(),
  })
  .meta({ id: 'Settings' });
export type Settings = z.infer<typeof zSettings>;

/** Country and currency are for life: everything booked is in them. */
export const zSettingsChange = z
  .strictObject({
    name: zName(120),
    time_zone: z.string().min(1).max(60),
    locale: zLocale,
    tax_identifier: zLine(40),
    address: zNote(300),
    receipt_footer: zNote(500),
  })
  .partial();
export type SettingsChange = z.input<typeof zSettingsChange>;

export const zTaxRate = z
  .object({
    id: zId('tax'),
    name: z.string(),
    /** Basis points of the net price: 2100 = 21 %. */
    rate_bp: z.int(),
    is_default: z.boolean(),
    archived: z.boolean(),
  })
  .meta({ id: 'TaxRate' });
export type TaxRate = z.infer<typeof zTaxRate>;
export const zTaxRates = list(zTaxRate);

export const zTaxRateCreate = z.strictObject({
  name: zName(60),
  rate_bp: zBasisPoints,
  is_default: z.boolean().default(false),
});
export type TaxRateCreate = z.input<typeof zTaxRateCreate>;

/** The rate itself is for life, since prices and receipts name it; add another and make that the default. */
export const zTaxRateChange = z.strictObject({
  name: zName(60).optional(),
  is_default: z.literal(true).optional(),
  archived: z.boolean().optional(),
});
export type TaxRateChange = z.input<typeof zTaxRateChange>;

export const zTaxRateParams = z.strictObject({ tax_rate_id: zId('tax') });

export const zLocation = z
  .object({
    id: zId('loc'),
    name: z.string(),
    address: z.string(),
    is_default: z.boolean(),
    /** Opens the numbers of this location's receipts. */
    receipt_prefix: z.string(),
    archived: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'Location' });
export type Location = z.infer<typeof zLocation>;
/** The default location comes first. */
export const zLocations = list(zLocation);

export const zLocationCreate = z.strictObject({
  name: zName(120),
  address: zNote(300).default(''),
  is_default: z.boolean().default(false),
  /** Two to six capitals and digits; made from the name when absent. */
  receipt_prefix: z
    .string()
    .regex(/^[A-Z0-9]{2,6}$/, { message: 'not two to six capitals and digits' })
    .optional(),
});
export type LocationCreate = z.input<typeof zLocationCreate>;

export const zLocationChange = z.strictObject({
  name: zName(120).optional(),
  address: zNote(300).optional(),
  is_default: z.literal(true).optional(),
  archived: z.boolean().optional(),
});
export type LocationChange = z.input<typeof zLocationChange>;

export const zLocationParams = z.strictObject({ location_id: zId('loc') });
export const zLocationQuery = z.strictObject({ archived: z.enum(['true', 'false']).default('false') });
