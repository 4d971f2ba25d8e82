/**
 * New ids. A server's ids are UUIDv7: they sort by the time they were made, which keeps new rows together on disk, and
 * within one process they never go back, so that ids made in the same millisecond keep their order too.
 */
import { randomFillSync } from 'node:crypto';
import { isUuid, makeId, uuidV7, uuidVersion } from '@mostrador/domain/id';

// Random bytes are drawn in bulk: one system call for a few hundred ids.
const pool = Buffer.alloc(4000);
let drawn = pool.length;
let lastMs = 0;
let counter = 0;

/** Ten random bytes, of which the first twelve bits that an id uses count up within a millisecond. */
function next(): Uint8Array {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const bytes = pool.subarray(drawn, drawn + 10);
  drawn += 10;
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = bytes.readUInt16BE(0) & 0x7ff;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
  }
  bytes.writeUInt16BE(counter, 0);
  return bytes;
}

/** A new UUIDv7 in its usual form. */
export function newUuid(): string {
  const bytes = next();
  return uuidV7(lastMs, bytes);
}

/** A new id `<prefix>_<26 characters>` over a UUIDv7. */
export function newId(prefix: string): string {
  const bytes = next();
  return makeId(prefix, lastMs, bytes);
}

/** Whether the text is a UUIDv7 in lower case. */
export function isUuidV7(text: string): boolean {
  return isUuid(text) && uuidVersion(text) === 7;
}
