/**
 * A sale that is entered again from the code on its receipt. It is the same proposal as the till's own event: the same id,
 * the same digest, so whichever comes second is a duplicate. Rules: [SY39].
 */
import type { EventBody } from '@mostrador/contract/sync';
import { judgeTime } from '../clock.js';
import type { Outcome, ServerPorts } from './types.js';

export interface Reentry {
  readonly device: string;
  readonly digest: string;
  readonly event: EventBody;
}

export async function enterReceipt(ports: Pick<ServerPorts, 'journal' | 'now'>, entry: Reentry): Promise<Outcome> {
  const receivedMs = ports.now();
  const { atMs, isAhead: isClockAhead } = judgeTime(entry.event.at_ms, entry.event.correction_ms, receivedMs);
  const arrival = { ...entry, at: null, id: entry.event.id, atMs, isClockAhead, receivedMs };
  return (await ports.journal.apply([arrival]))[0] as Outcome;
}
