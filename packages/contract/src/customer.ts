/**
 * Customers over REST. Whoever may not reveal personal data gets it masked (`masked: true`); changes name only the
 * fields that change, so that masked text never comes back as data.
 */
import { z } from 'zod';
import { page, zCountry, zCursor, zId, zLimit, zLine, zName, zNote, zTimestamp } from './common.js';

/** What a customer may agree to; nothing is agreed unless it stands here. */
export const CONSENTS = ['marketing_email', 'marketing_message', 'loyalty', 'analytics'] as const;
export const zConsent = z.enum(CONSENTS).meta({ id: 'Consent' });
export type Consent = z.infer<typeof zConsent>;

const zConsents = z
  .array(zConsent)
  .max(CONSENTS.length)
  .refine((given) => new Set(given).size === given.length, { message: 'named twice' });

/** An e-mail address or nothing. */
const zEmailOrNone = z
  .string()
  .trim()
  .max(254)
  .regex(/^([^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,190})?$/u, { message: 'not an e-mail address' });

/** A telephone number as people write it, or nothing. */
const zPhoneOrNone = z
  .string()
  .trim()
  .max(40)
  .regex(/^(\+?[0-9 ().\-/]*)$/, { message: 'not a telephone number' });

export const zCustomer = z
  .object({
    id: zId('cus'),
    /** '' once erased. */
    name: z.string(),
    email: z.string(),
    phone: z.string(),
    /** Tax or identity document. */
    document: z.string(),
    address: z.string(),
    note: z.string(),
    /** The six above are masked: the reader may not see them whole. */
    masked: z.boolean(),
    country: z.string(),
    consents: z.array(z.string()),
    /** The number the customer had where it was imported from. */
    external_reference: z.string().nullable(),
    /** Personal data was destroyed on request; sales stay. */
    erased_at: zTimestamp.nullable(),
    created_at: zTimestamp,
    updated_at: zTimestamp,
    /** For If-Match. */
    revision: z.int(),
  })
  .meta({ id: 'Customer' });
export type CustomerJson = z.infer<typeof zCustomer>;

/** Newest first. */
export const zCustomerPage = page(zCustomer);

export const zCustomerQuery = z.strictObject({
  limit: zLimit,
  cursor: zCursor,
  /**
   * A whole e-mail address, a telephone number (its last six digits or more), a whole document, or the beginnings of
   * words of the name (three letters or more each); accents and case do not matter.
   */
  q: zLine(200).optional(),
});

export const zCustomerParams = z.strictObject({ customer_id: zId('cus') });

export const zCustomerInput = z.strictObject({
  name: zName(200),
  email: zEmailOrNone.default(''),
  phone: zPhoneOrNone.default(''),
  document: zLine(40).default(''),
  address: zNote(500).default(''),
  note: zNote(2000).default(''),
  /** Absent: the shop's. */
  country: zCountry.optional(),
  consents: zConsents.default([]),
});
export type CustomerInput = z.input<typeof zCustomerInput>;

export const zCustomerPatch = z
  .strictObject({
    name: zName(200),
    email: zEmailOrNone,
    phone: zPhoneOrNone,
    document: zLine(40),
    address: zNote(500),
    note: zNote(2000),
    country: zCountry,
    consents: zConsents,
  })
  .partial();
export type CustomerPatch = z.input<typeof zCustomerPatch>;
