/** Giving an event its place: number, hash and predecessor. The only function that moves a lane's head forward. [SY2] [SY5] */
import type { Lane, Position } from '@mostrador/contract/sync';
import { chainHash, digestOf, GENESIS } from '../hash.js';
import type { DeviceMeta, DevicePorts, DeviceTransaction, OwnEvent } from './types.js';

export type Unplaced = Omit<OwnEvent, 'epoch' | 'number' | 'prev' | 'hash' | 'after'> & { readonly lane: Lane };

export async function appendOwn(
  tx: DeviceTransaction,
  ports: DevicePorts,
  meta: DeviceMeta,
  event: Unplaced,
): Promise<OwnEvent> {
  const { epoch, deviceId } = meta;
  const { lane } = event;
  const head = await tx.lane(epoch, lane);
  const number = (head?.number ?? 0) + 1;
  const prev = head?.hash ?? GENESIS;
  const after = await predecessor(tx, event.subject, epoch, lane);
  const at: Position = { epoch, lane, number };
  const hash = chainHash(ports.hasher, {
    prev,
    device: deviceId,
    at,
    after,
    digest: digestOf(ports.hasher, event.body),
  });
  const placed: OwnEvent = { ...event, ...at, prev, hash, after };
  await tx.putOwn([placed]);
  await tx.putLane({ epoch, lane, number, hash, acked: head?.acked ?? 0, firstHeld: head?.firstHeld ?? 1 });
  return placed;
}

/** The last event on the subject, where it took another way; on the same way the numbers tell the order. */
async function predecessor(
  tx: DeviceTransaction,
  subject: string,
  epoch: string,
  lane: Lane,
): Promise<Position | null> {
  const last = await tx.lastOwnOf(subject);
  if (last === undefined || (last.epoch === epoch && last.lane === lane)) return null;
  return { epoch: last.epoch, lane: last.lane, number: last.number };
}
