/**
 * Ids that repeat: whatever is imported gets its id from what it is, so that an import that was interrupted, or is
 * run a second time, meets its own traces and doubles nothing [IM3].
 */
import { createHash } from 'node:crypto';
import { deriveId, uuidV8 } from '@mostrador/domain/id';

function hash(parts: readonly string[]): Uint8Array {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/** A UUIDv8 for a proposal: `at` in ms, and what it is about. */
export function derivedCommit(at: number, ...parts: readonly string[]): string {
  return uuidV8(at, hash(['commit', ...parts]));
}

/** An id with a prefix over a UUIDv8. */
export function derivedId(prefix: string, at: number, ...parts: readonly string[]): string {
  return deriveId(prefix, at, hash([prefix, ...parts]));
}

/** Hex SHA-256 of what was asked, for a proposal. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
