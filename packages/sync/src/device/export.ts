/** Unsent events as a file that a person carries to the server, when the network or the enrolment is gone. [SY37] */
import { type PushRequest, SYNC_VERSION, type UnsentFile } from '@mostrador/contract/sync';
import { requestOf } from './push.js';
import type { DevicePorts } from './types.js';

export function exportUnsent(ports: DevicePorts): Promise<UnsentFile> {
  return ports.storage.transaction(async (tx) => {
    const meta = await tx.meta();
    if (meta === undefined) throw new Error('the database was not opened');
    const pushes: PushRequest[] = [];
    for (const lane of await tx.lanes()) {
      let rows = await tx.ownFrom(lane.epoch, lane.lane, lane.acked + 1, lane.number - lane.acked);
      while (rows.length > 0) {
        // Whoever imports it need not be the server that confirmed what came before.
        const push = requestOf({ ...meta, logId: null }, lane, rows) as PushRequest;
        pushes.push(push);
        rows = rows.slice(push.events.length);
      }
    }
    return { format: 'mostrador-unsent', version: SYNC_VERSION, exported_at_ms: ports.now(), pushes };
  });
}
