/**
 * The catalogue of error codes. A code is stable and tells a client what to do; the status follows from it, so that no
 * route chooses its own. Titles are for developers; applications translate by code.
 */

export const ERRORS = {
  // What is malformed.
  validation_failed: { status: 422, title: 'The request has values that cannot be used' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  malformed_text: { status: 400, title: 'The request is not valid UTF-8 text' },
  malformed_request: { status: 400, title: 'The request cannot be read' },
  malformed_header: { status: 400, title: 'A header cannot be used' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported here' },
  body_too_large: { status: 413, title: 'The body is too large' },
  header_too_large: { status: 431, title: 'The headers are too large' },
  uri_too_long: { status: 414, title: 'The address is too long' },
  cursor_invalid: { status: 400, title: 'The cursor was not made by this list' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },

  // Who asks.
  unauthenticated: { status: 401, title: 'Sign in first' },
  token_invalid: { status: 401, title: 'The access token is not valid' },
  token_expired: { status: 401, title: 'The access token has expired' },
  credentials_wrong: { status: 401, title: 'E-mail or password are wrong' },
  user_disabled: { status: 403, title: 'This person may no longer sign in' },
  refresh_invalid: { status: 401, title: 'The session has ended; sign in again' },
  refresh_reused: { status: 401, title: 'The session was used from two places and has been ended; sign in again' },
  forbidden: { status: 403, title: 'The role does not allow this' },
  sign_in_locked: { status: 429, title: 'Too many failed sign-ins; wait' },
  rate_limited: { status: 429, title: 'Too many requests; wait' },
  tenant_required: { status: 409, title: 'This person works in more than one shop; name one' },

  // Where.
  route_not_found: { status: 404, title: 'There is no such address' },
  method_not_allowed: { status: 405, title: 'This address does not know that method' },
  not_found: { status: 404, title: 'There is no such thing' },

  // How it is asked.
  idempotency_key_required: { status: 400, title: 'An Idempotency-Key header is required here' },
  idempotency_key_invalid: { status: 400, title: 'The Idempotency-Key header cannot be used' },
  idempotency_key_reused: { status: 422, title: 'This Idempotency-Key was used with another request' },
  conflict: { status: 409, title: 'It has been changed in the meantime; read it again' },

  // Ledger.
  insufficient_stock: { status: 409, title: 'There is not enough stock' },
  insufficient_cash: { status: 409, title: 'There is not enough cash in the drawer' },
  insufficient_balance: { status: 409, title: 'The balance is too low' },
  amount_out_of_range: { status: 422, title: 'An amount is too large to be counted' },
  transfer_refused: { status: 409, title: 'The ledger refuses this movement' },

  // Shop and staff.
  email_taken: { status: 409, title: 'Another person of this shop has this e-mail address' },
  password_weak: { status: 422, title: 'The password is too easy to guess' },
  password_wrong: { status: 422, title: 'The present password is wrong' },
  role_unknown: { status: 422, title: 'There is no such role' },
  role_built_in: { status: 409, title: 'A built-in role cannot be changed' },
  name_taken: { status: 409, title: 'The name is taken' },
  receipt_prefix_taken: { status: 409, title: 'Another location has this receipt prefix' },
  archived: { status: 409, title: 'It is archived' },
  last_admin: { status: 409, title: 'The shop would have no administrator left' },
  default_required: { status: 409, title: 'The shop needs a default' },
  country_unknown: { status: 422, title: 'There are no tax rates for this country' },
  time_zone_unknown: { status: 422, title: 'There is no such time zone' },
  location_unknown: { status: 422, title: 'There is no such location' },
  location_archived: { status: 409, title: 'The location is archived' },
  tax_rate_unknown: { status: 422, title: 'There is no such tax rate' },

  // Sales.
  variant_unknown: { status: 422, title: 'There is no such variant' },
  price_missing: { status: 422, title: 'The product has no price yet' },
  product_archived: { status: 422, title: 'The product is archived' },
  quantity_fraction: { status: 422, title: 'This product is sold by the piece' },
  currency_mismatch: { status: 422, title: 'The shop does not sell in this currency' },
  discount_excess: { status: 422, title: 'The discount is larger than what it is taken off' },
  tender_insufficient: { status: 422, title: 'The tenders do not cover the total' },
  tender_excess: { status: 422, title: 'Change is given out of cash only' },
  tender_mismatch: { status: 422, title: 'The tenders do not add up to the refund' },
  customer_unknown: { status: 422, title: 'There is no such customer' },
  cash_session_unknown: { status: 422, title: 'There is no such cash session here' },
  cash_session_open: { status: 409, title: 'This drawer has an open session' },
  cash_session_closed: { status: 409, title: 'The cash session is closed' },
  sale_line_unknown: { status: 422, title: 'The sale has no such line' },
  refund_excess: { status: 409, title: 'More than what is left of the sale' },

  // People and companies.
  customer_erased: { status: 409, title: 'The customer was erased' },
  supplier_unknown: { status: 422, title: 'There is no such supplier' },
  supplier_archived: { status: 409, title: 'The supplier is archived' },

  // Imports.
  file_unreadable: { status: 422, title: 'The file cannot be read as a table' },
  import_state: { status: 409, title: 'The import is not in a state that allows this' },

  // Products.
  sku_taken: { status: 409, title: 'Another variant has this SKU' },
  barcode_taken: { status: 409, title: 'Another variant has this barcode' },
  variants_too_many: { status: 422, title: 'A product cannot have that many variants' },
  barcodes_too_many: { status: 422, title: 'A variant cannot have that many barcodes' },
  category_unknown: { status: 422, title: 'There is no such category' },
  category_archived: { status: 409, title: 'The category is archived' },
  category_cycle: { status: 409, title: 'A category cannot stand below itself' },
  category_has_children: { status: 409, title: 'The category has others below it' },
  price_changes_too_many: { status: 422, title: 'That many prices cannot be changed at once; narrow the filters' },

  // Faults of ours.
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'The service cannot answer now; try again' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;
