/** A body as the contract's schema would read it, without the time that the schema takes; a test holds them together. */
import type { EventBody } from '@mostrador/contract/sync';

export function readEvent(body: string): EventBody | null {
  try {
    const event = JSON.parse(body);
    return typeof event?.id === 'string' && typeof event.type === 'string' ? event : null;
  } catch {
    return null;
  }
}
