/** The location chosen in the top bar; '' means all of them. A device's habit, not part of an address. */
import { useSyncExternalStore } from 'react';
import { useLocations } from '../api/nouns.js';

const KEY = 'mostrador.location';
let chosen = globalThis.localStorage?.getItem(KEY) ?? '';
const listeners = new Set<() => void>();

export function setChosenLocation(id: string): void {
  chosen = id;
  localStorage.setItem(KEY, id);
  for (const listener of listeners) listener();
}

/** '' when all are meant, or when the kept one is gone. */
export function useChosenLocation(): string {
  const id = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => chosen,
  );
  const locations = useLocations();
  return locations.some((l) => l.id === id) ? id : '';
}

/** Where something is done when nothing else was said: the chosen location, else the shop's default. */
export function useWorkingLocation(): string {
  const id = useChosenLocation();
  const locations = useLocations();
  return id || (locations[0]?.id ?? '');
}
