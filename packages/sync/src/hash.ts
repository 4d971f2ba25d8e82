/**
 * SHA-256 of text, pure and synchronous: a sale is numbered, chained and saved in one transaction of IndexedDB, which
 * ends at the first promise that is not its own, as those of crypto.subtle. A server may pass its own, faster one.
 */
import type { Position } from '@mostrador/contract/sync';

/** Hex SHA-256 of a text's UTF-8. */
export type Hasher = (text: string) => string;

/** Hash before the first event of every lane. */
export const GENESIS = '0'.repeat(64);

/** What an event is, apart from its place: the digest under which its id is bound. */
export function digestOf(hasher: Hasher, body: string): string {
  return hasher(body);
}

/** [SY2] The hash of an event at its place. No field but the body's digest, which is hex, comes from outside. */
export function chainHash(
  hasher: Hasher,
  link: {
    readonly prev: string;
    readonly device: string;
    readonly at: Position;
    readonly after: Position | null;
    readonly digest: string;
  },
): string {
  const { epoch, lane, number } = link.at;
  const after = link.after === null ? '' : positionKey(link.after);
  return hasher(`${link.prev}\n${link.device}\n${epoch}/${lane}/${number}\n${after}\n${link.digest}`);
}

export function laneKey(epoch: string, lane: string): string {
  return `${epoch}/${lane}`;
}

export function positionKey(at: Position): string {
  return `${at.epoch}/${at.lane}/${at.number}`;
}

const K = new Uint32Array(64);
const START = new Uint32Array(8);
fillConstants();

/** The first 32 bits of the fractions of the roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3). */
function fillConstants(): void {
  const fraction = (x: number) => ((x - Math.floor(x)) * 2 ** 32) >>> 0;
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let isPrime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false;
    if (!isPrime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    K[found++] = fraction(Math.cbrt(n));
  }
}

const W = new Uint32Array(64);

export const sha256: Hasher = (text) => {
  const bytes = utf8(text);
  const length = bytes.length;
  const padded = new Uint8Array(((length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(length / 2 ** 29));
  view.setUint32(padded.length - 4, (length << 3) >>> 0);
  const state = START.slice();
  for (let at = 0; at < padded.length; at += 64) compress(state, view, at);
  let hex = '';
  for (const word of state) hex += word.toString(16).padStart(8, '0');
  return hex;
};

function compress(state: Uint32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) W[i] = view.getUint32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15] as number;
    const y = W[i - 2] as number;
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    W[i] = ((W[i - 16] as number) + s0 + (W[i - 7] as number) + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const t1 =
      (h +
        (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
        ((e & f) ^ (~e & g)) +
        (K[i] as number) +
        (W[i] as number)) |
      0;
    const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  const out = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i++) state[i] = ((state[i] as number) + (out[i] as number)) | 0;
}

function rotate(x: number, n: number): number {
  return (x >>> n) | (x << (32 - n));
}

/** UTF-8 without TextEncoder, which the pure part's types do not know; a lone surrogate becomes U+FFFD. */
function utf8(text: string): Uint8Array {
  const out = new Uint8Array(text.length * 3);
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      out[n++] = code;
      continue;
    }
    if (code >= 0xd800 && code < 0xe000) {
      const low = text.charCodeAt(i + 1);
      if (code < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i++;
      } else code = 0xfffd;
    }
    if (code < 0x800) out[n++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) out[n++] = 0xe0 | (code >> 12);
      else {
        out[n++] = 0xf0 | (code >> 18);
        out[n++] = 0x80 | ((code >> 12) & 63);
      }
      out[n++] = 0x80 | ((code >> 6) & 63);
    }
    out[n++] = 0x80 | (code & 63);
  }
  return out.subarray(0, n);
}
