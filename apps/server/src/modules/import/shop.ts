/** What an import needs to know of the shop it writes into. */
export interface Shop {
  /** The row number that isolates it in the database. */
  readonly tenantId: number;
  /** ISO 3166-1 alpha-2, ISO 4217, IANA. */
  readonly country: string;
  readonly currency: string;
  readonly timeZone: string;
  /** The default location: what is imported lies and was sold there. */
  readonly locationId: string;
  /** Not archived; the default first. */
  readonly taxRates: readonly { readonly taxRateId: string; readonly rateBp: number }[];
}

/** Thrown when the import as a whole cannot be done; the message says what to do. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
}
