/**
 * Headers that protect browsers, made once. Answers of the interface are data: nothing in them may run, be framed or
 * be kept. Pages of the applications load only what this server serves.
 */
import type { IncomingHttpHeaders } from 'node:http';

const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** For JSON and other data. */
export const API_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
} as const;

/** For pages of the applications. */
export const PAGE_HEADERS = {
  ...EVERYWHERE,
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    // Component libraries set sizes and positions as style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'permissions-policy': 'camera=(self), microphone=(), geolocation=(self), payment=()',
  'x-frame-options': 'DENY',
} as const;

/** For documents that the server makes (receipts): they may be styled and framed by this site, and run nothing. */
export const DOCUMENT_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; frame-ancestors 'self'; sandbox allow-modals",
} as const;

/** What a page of another origin may do here: nothing, unless the shop named that origin. */
export function corsHeaders(headers: IncomingHttpHeaders, allowed: ReadonlySet<string>): Record<string, string> | null {
  const origin = headers.origin;
  if (origin === undefined || allowed.size === 0 || !allowed.has(origin)) return null;
  return {
    'access-control-allow-origin': origin,
    vary: 'Origin',
    'access-control-expose-headers': 'ETag, X-Request-Id',
  };
}

export function preflightHeaders(): Record<string, string> {
  return {
    'access-control-allow-methods': 'GET, POST, PATCH, PUT, DELETE',
    'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key, If-Match, X-Request-Id',
    'access-control-max-age': '600',
  };
}
