/**
 * The hash chain [JR9]: each event's hash covers its own bytes, its commit's transfers and the hash before it, so that
 * no event or transfer can be changed, removed or slipped in without `verify` naming the place.
 */
import { createHash, hash as nodeHash } from 'node:crypto';
import { type AccountRef, accountKey } from '@mostrador/domain/ledger';

/** One transfer as the chain sees it, with account ids as stored. */
export interface HashedTransfer {
  readonly kind: number;
  readonly cause: string;
  readonly debitAccount: number;
  readonly creditAccount: number;
  readonly amount: number;
  readonly released: number;
  readonly pendingId: string | null;
  readonly expiresAt: number | null;
  readonly overdrawn: number | null;
}

/** An account that a commit was the first to move: from here on its id stands for its address. */
export interface OpenedAccount {
  readonly id: number;
  readonly ref: AccountRef;
}

export interface HashedEvent {
  readonly seq: number;
  readonly n: number;
  readonly commitId: string;
  readonly digest: string;
  readonly version: number;
  readonly type: string;
  readonly subject: string;
  readonly actor: string;
  readonly at: number;
  readonly recordedAt: number;
  readonly series: string | null;
  readonly number: number | null;
  /** The very text that is stored. */
  readonly payload: string;
}

export const genesisHash: Buffer = createHash('sha256').update('mostrador').digest();

/**
 * `transfers` and `opened` are those of the commit on its first event (n = 0) and empty on the others. No field but the
 * payload, which is last, holds a line break, comma or semicolon that could be taken for the end of it: the writer
 * refuses them and `verify` names them.
 */
export function eventHash(
  previous: Buffer,
  event: HashedEvent,
  transfers: readonly HashedTransfer[],
  opened: readonly OpenedAccount[],
): Buffer {
  let moved = '';
  for (const { id, ref } of opened) moved += `${id}=${accountKey(ref)};`;
  for (const t of transfers) {
    moved += `${t.kind},${t.cause},${t.debitAccount},${t.creditAccount},${t.amount},${t.released},${t.pendingId ?? ''},${t.expiresAt ?? ''},${t.overdrawn ?? ''};`;
  }
  const text = `${previous.toString('base64')}\n${event.seq}\n${event.n}\n${event.commitId}\n${event.digest}\n${event.version}\n${event.type}\n${event.subject}\n${event.actor}\n${event.at}\n${event.recordedAt}\n${event.series ?? ''}\n${event.number ?? ''}\n${moved}\n${event.payload}`;
  // The one-shot form (Node 20.12 and newer) costs half of a Hash object.
  return nodeHash('sha256', text, 'buffer');
}
