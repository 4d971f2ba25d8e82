/** Gives every component below the formats of the person and the shop, and one shared minute clock. */
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import { type Format, type FormatSettings, makeFormat } from './format.js';

const FALLBACK: FormatSettings = { language: 'es', country: 'AR', currency: 'ARS', timeZone: 'UTC' };
const Context = createContext<Format>(makeFormat(FALLBACK));

export function FormatProvider({
  settings,
  children,
}: {
  readonly settings: FormatSettings;
  readonly children: ReactNode;
}) {
  const { language, country, currency, timeZone } = settings;
  const format = useMemo(
    () => makeFormat({ language, country, currency, timeZone }),
    [language, country, currency, timeZone],
  );
  return <Context.Provider value={format}>{children}</Context.Provider>;
}

export function useFormat(): Format {
  return useContext(Context);
}

const TICK_MS = 30_000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Milliseconds since the epoch, renewed every half minute; never read while nobody looks. */
export function useNow(): number {
  return useSyncExternalStore(
    subscribe,
    () => now,
    () => now,
  );
}
