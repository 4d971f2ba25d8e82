/**
 * The failures of the database that callers tell apart. Everything else is pg's own DatabaseError with its SQLSTATE.
 */

/** The database cannot be reached, or went away in the middle: whether the last command took effect is unknown. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** The database can be reached but not used as it is; the message says what to do. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';
}

/** COMMIT answered without having committed (the transaction was aborted before). */
export class NotCommitted extends Error {
  override readonly name = 'NotCommitted';
}
