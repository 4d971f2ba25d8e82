/**
 * Reading what came over the wire: bytes must be UTF-8, JSON must be JSON, and text must be storable (no NUL, no half
 * characters), so that nothing malformed gets as far as the database. Also the digest by which a repeated command is known.
 */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { ApiError } from './api-error.js';

const BYTE_ORDER_MARK = 0xfeff;
const HALF_CHARACTER = /\p{Surrogate}/u;

/** Parses a JSON body; throws an ApiError that says what is wrong with it. An empty body is `undefined`. */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new ApiError('malformed_text', { detail: 'The body is not UTF-8.' });
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
  } catch (error) {
    throw new ApiError('malformed_json', { detail: error instanceof Error ? error.message : '' });
  }
  // Only an escape can bring in what UTF-8 itself cannot hold, or hide a key that rewrites a prototype.
  if (text.includes('\\u') || text.includes('__proto__')) refuseUnstorable(value);
  return value;
}

function refuseUnstorable(root: unknown): void {
  const open: { path: string; value: unknown }[] = [{ path: '', value: root }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { path, value } = at;
    if (typeof value === 'string') {
      refuseText(path, value);
    } else if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) open.push({ path: join(path, String(i)), value: value[i] });
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        refuseText(path, key);
        if (key === '__proto__') refuse(path, 'the key __proto__ is not allowed');
        open.push({ path: join(path, key), value: inner });
      }
    }
  }
}

function refuseText(path: string, text: string): void {
  if (text.includes('\0')) refuse(path, 'NUL characters are not allowed');
  if (HALF_CHARACTER.test(text)) refuse(path, 'half of a surrogate pair is not a character');
}

function refuse(path: string, message: string): never {
  throw new ApiError('malformed_text', { errors: [{ path, code: 'malformed_text', message }] });
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** Throws when the address holds an escape that is not UTF-8, or a NUL. */
export function checkAddress(url: string): void {
  if (!url.includes('%')) return;
  let decoded: string;
  try {
    decoded = decodeURIComponent(url);
  } catch {
    throw new ApiError('malformed_text', { detail: 'The address has escapes that are not UTF-8.' });
  }
  if (decoded.includes('\0')) throw new ApiError('malformed_text', { detail: 'The address has a NUL character.' });
}

/** JSON with sorted keys: the same for the same content, however it was written. */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) {
    let text = '[';
    for (let i = 0; i < value.length; i++) text += i === 0 ? canonical(value[i]) : `,${canonical(value[i])}`;
    return `${text}]`;
  }
  const record = value as Record<string, unknown>;
  let text = '{';
  for (const key of Object.keys(record).sort()) {
    if (record[key] === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(key)}:${canonical(record[key])}`;
  }
  return `${text}}`;
}

/** Hex SHA-256 of the parts. */
export function digest(...parts: readonly string[]): string {
  return hash('sha256', parts.join('\n'), 'hex');
}
