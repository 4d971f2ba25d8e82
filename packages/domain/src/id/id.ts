/**
 * Ids that people can read aloud and databases can sort: a prefix that says what the thing is, and a UUID in
 * Crockford's base 32. Pure: time and randomness are arguments, so the till and imports make them too.
 * The text form follows the TypeID specification 0.3 with prefixes of three or four letters.
 */

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID = /^([a-z]{3,4})_([0-7][0-9a-hjkmnp-tv-z]{25})$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LATEST = 2 ** 48 - 1;

const VALUES: ReadonlyMap<string, number> = new Map([...ALPHABET].map((letter, value) => [letter, value]));

/** A UUIDv7 from milliseconds since the epoch and at least 10 random bytes. */
export function uuidV7(ms: number, random: Uint8Array): string {
  return formatUuid(layOut(ms, random, 0x70));
}

/** A UUIDv8 laid out like a UUIDv7, from a time and at least 10 bytes of a hash: the same input gives the same id. */
export function uuidV8(ms: number, hash: Uint8Array): string {
  return formatUuid(layOut(ms, hash, 0x80));
}

/** A new id: `makeId('sal', now, random)` with at least 10 random bytes. */
export function makeId(prefix: string, ms: number, random: Uint8Array): string {
  return `${prefix}_${encode(layOut(ms, random, 0x70))}`;
}

/** An id that repeats: of a time and at least 10 bytes of a hash (UUIDv8). For imports. */
export function deriveId(prefix: string, ms: number, hash: Uint8Array): string {
  return `${prefix}_${encode(layOut(ms, hash, 0x80))}`;
}

/** `sal_…` of a lower-case UUID. Throws RangeError when it is none. */
export function idOf(prefix: string, uuid: string): string {
  const bytes = parseUuid(uuid);
  if (bytes === null) throw new RangeError(`not a UUID: ${uuid}`);
  return `${prefix}_${encode(bytes)}`;
}

/** Prefix and lower-case UUID of an id; null when it is none. */
export function parseId(id: string): { readonly prefix: string; readonly uuid: string } | null {
  const match = ID.exec(id);
  if (match === null) return null;
  return { prefix: match[1] as string, uuid: formatUuid(decode(match[2] as string)) };
}

/** The UUID of an id that is known to be well formed. Throws RangeError otherwise. */
export function uuidOf(id: string): string {
  const parsed = parseId(id);
  if (parsed === null) throw new RangeError(`not an id: ${id}`);
  return parsed.uuid;
}

/** True for a well-formed id, with that prefix where one is given. */
export function isId(text: string, prefix?: string): boolean {
  const match = ID.exec(text);
  return match !== null && (prefix === undefined || match[1] === prefix);
}

/** True for a UUID in its usual text form, lower case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Version digit of a UUID (7 for live ids, 8 for derived ones); null when it is none. */
export function uuidVersion(uuid: string): number | null {
  return UUID.test(uuid) ? Number.parseInt(uuid.charAt(14), 16) : null;
}

/** Milliseconds since the epoch of a UUIDv7, or a UUIDv8 made here; null for other UUIDs. */
export function uuidTime(uuid: string): number | null {
  const version = uuidVersion(uuid);
  if (version !== 7 && version !== 8) return null;
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}

/** RFC 9562: 48 bits of time, version, 12 bits, variant, 62 bits. */
function layOut(ms: number, source: Uint8Array, version: number): Uint8Array {
  if (!Number.isInteger(ms) || ms < 0 || ms > LATEST) throw new RangeError(`not a time of a UUID: ${ms}`);
  if (source.length < 10) throw new RangeError('10 bytes are needed');
  const bytes = new Uint8Array(16);
  const high = Math.floor(ms / 2 ** 32);
  const low = ms % 2 ** 32;
  bytes[0] = high >>> 8;
  bytes[1] = high & 0xff;
  bytes[2] = low >>> 24;
  bytes[3] = (low >>> 16) & 0xff;
  bytes[4] = (low >>> 8) & 0xff;
  bytes[5] = low & 0xff;
  for (let i = 0; i < 10; i++) bytes[6 + i] = source[i] as number;
  bytes[6] = version | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  return bytes;
}

/** 128 bits, with two zero bits before them, as 26 letters of five bits. */
function encode(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 2;
  for (let i = 0; i < 16; i++) {
    buffer = (buffer << 8) | (bytes[i] as number);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((buffer >>> bits) & 31);
    }
    buffer &= (1 << bits) - 1;
  }
  return text;
}

function decode(text: string): Uint8Array {
  const bytes = new Uint8Array(16);
  let buffer = 0;
  let bits = -2;
  let at = 0;
  for (const letter of text) {
    buffer = (buffer << 5) | (VALUES.get(letter) as number);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (buffer >>> bits) & 0xff;
      buffer &= (1 << bits) - 1;
    }
  }
  return bytes;
}

function formatUuid(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function parseUuid(uuid: string): Uint8Array | null {
  if (!UUID.test(uuid)) return null;
  const hex = uuid.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
