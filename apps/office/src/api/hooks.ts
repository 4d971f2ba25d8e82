/** Queries as screens use them: keyset lists that grow, single things, and commands that report their refusals. */
import type { Page } from '@mostrador/contract';
import { type Failure, toastFailed } from '@mostrador/ui';
import {
  keepPreviousData,
  type QueryKey,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { get, type RequestOptions } from './client.js';
import { type ApiProblem, failureOf, problemOf } from './problem.js';
import { type Session, type SessionState, sessionState, subscribeSession } from './session.js';

export function useSessionState(): SessionState {
  return useSyncExternalStore(subscribeSession, sessionState);
}

/** Only below the gate that has seen a session. */
export function useSession(): Session & { readonly can: (permission: string) => boolean } {
  const state = useSessionState();
  if (state.status !== 'in') throw new Error('no session');
  const { session } = state;
  return { ...session, can: (permission) => session.user.permissions.includes(permission) };
}

/** Translates a code of the catalogue; falls back to a plain sentence. */
export function useErrorWords(): (code: string) => string {
  const { t } = useTranslation();
  return (code) => t(`error.${code}`, { defaultValue: t('error.unknown') });
}

export interface ListState<T> {
  readonly rows: readonly T[];
  readonly loading: boolean;
  readonly loadingMore: boolean;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly failure: Failure | undefined;
  readonly onRetry: () => void;
}

export interface ListOptions {
  readonly enabled?: boolean;
  readonly limit?: number;
  readonly refetchMs?: number;
}

/** A list by keyset pages. `key` starts with the noun, so that commands can renew it. */
export function useList<T>(
  key: QueryKey,
  path: string,
  query: RequestOptions['query'],
  options: ListOptions = {},
): ListState<T> {
  const words = useErrorWords();
  const { limit = 100 } = options;
  const result = useInfiniteQuery({
    queryKey: [...key, 'list', path, query],
    queryFn: ({ pageParam, signal }) =>
      get<Page<T>>(path, { ...query, limit, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.page.next_cursor,
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
    ...(options.refetchMs ? { refetchInterval: options.refetchMs } : {}),
  });
  const rows = useMemo(() => result.data?.pages.flatMap((p) => p.data) ?? [], [result.data]);
  return {
    rows,
    loading: result.isPending,
    loadingMore: result.isFetchingNextPage,
    hasMore: result.hasNextPage,
    onMore: () => {
      if (result.hasNextPage && !result.isFetchingNextPage) void result.fetchNextPage();
    },
    failure: result.error ? failureOf(result.error, words) : undefined,
    onRetry: () => void result.refetch(),
  };
}

export interface OneOptions {
  readonly enabled?: boolean;
  readonly refetchMs?: number | ((data: unknown) => number | false);
  readonly keep?: boolean;
}

/** One thing. */
export function useOne<T>(key: QueryKey, path: string, query?: RequestOptions['query'], options: OneOptions = {}) {
  const words = useErrorWords();
  const { refetchMs } = options;
  const result = useQuery<T>({
    queryKey: [...key, 'one', path, query],
    queryFn: ({ signal }) => get<T>(path, query, signal),
    enabled: options.enabled ?? true,
    ...(options.keep ? { placeholderData: (before: T | undefined) => before as never } : {}),
    ...(refetchMs === undefined
      ? {}
      : {
          refetchInterval: (query: { readonly state: { readonly data: T | undefined } }) =>
            typeof refetchMs === 'number' ? refetchMs : refetchMs(query.state.data),
        }),
  });
  return {
    data: result.data,
    loading: result.isPending && result.fetchStatus !== 'idle',
    failure: result.error && !result.data ? failureOf(result.error, words) : undefined,
    onRetry: () => void result.refetch(),
  };
}

export interface CommandOptions<R> {
  /** Nouns whose queries are renewed afterwards. */
  readonly renews: readonly string[];
  readonly onDone?: (result: R) => void;
  /** true: the form shows it; else it is said in a toast. */
  readonly onProblem?: (problem: ApiProblem) => boolean;
}

/** Something that changes the shop. */
export function useCommand<A, R>(run: (argument: A) => Promise<R>, options: CommandOptions<R>) {
  const client = useQueryClient();
  const words = useErrorWords();
  return useMutation({
    mutationFn: run,
    onSuccess: async (result) => {
      options.onDone?.(result);
      await Promise.all(options.renews.map((noun) => client.invalidateQueries({ queryKey: [noun] })));
    },
    onError: (error) => {
      const problem = problemOf(error);
      if (!options.onProblem?.(problem)) toastFailed(words(problem.code));
    },
  });
}
