/** Filters live in the address, so that a view can be shared, and going back undoes a filter. */
import { useCallback, useMemo } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';

export interface Address {
  readonly values: Readonly<Record<string, string>>;
  /** '' takes a key away. */
  readonly set: (changes: Readonly<Record<string, string>>) => void;
}

export function useAddress(): Address {
  const [search, setSearch] = useSearchParams();
  const values = useMemo(() => Object.fromEntries(search.entries()), [search]);
  const set = useCallback(
    (changes: Readonly<Record<string, string>>) => {
      setSearch(
        (old) => {
          const next = new URLSearchParams(old);
          for (const [key, value] of Object.entries(changes)) {
            if (value) next.set(key, value);
            else next.delete(key);
          }
          return next;
        },
        { replace: true, preventScrollReset: true },
      );
    },
    [setSearch],
  );
  return { values, set };
}

/** Opens and closes a panel below a list without losing the list's filters or its place. */
export function usePanelNavigation(base: string) {
  const navigate = useNavigate();
  const { search } = useLocation();
  return {
    href: (id: string) => `/office${base}/${id}${search}`,
    open: (id: string) => navigate({ pathname: `${base}/${id}`, search }, { preventScrollReset: true }),
    close: useCallback(
      () => navigate({ pathname: base, search }, { preventScrollReset: true }),
      [navigate, base, search],
    ),
  };
}
