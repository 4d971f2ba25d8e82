/** Local state: the confirmed rows, and over them what this till did that they do not contain yet. [SY23] */
import type { DevicePorts, DeviceTransaction, Json } from './types.js';
import { readBody } from './types.js';

/** `undefined` where there is no such row. */
export function read(ports: DevicePorts, keys: readonly string[]): Promise<(Json | undefined)[]> {
  return ports.storage.transaction((tx) => readIn(tx, ports, keys));
}

export async function readIn(
  tx: DeviceTransaction,
  ports: DevicePorts,
  keys: readonly string[],
): Promise<(Json | undefined)[]> {
  const meta = await tx.meta();
  if (meta === undefined) return keys.map(() => undefined);
  // A first snapshot is sold from while it is still coming in.
  const generation = meta.generation === 0 ? (meta.loading?.generation ?? 0) : meta.generation;
  const rows = await tx.state(generation, keys);
  const own = await tx.overlaying(keys);
  const { projector } = ports;
  const values = rows.map((row) => row?.value);
  for (const event of own) {
    const body = readBody(event.body);
    for (const [i, key] of keys.entries()) {
      if (!event.keys.includes(key)) continue;
      if (event.seq !== null && event.seq <= (rows[i]?.revision ?? 0)) continue;
      values[i] = projector.apply(key, values[i], body);
    }
  }
  return values;
}
