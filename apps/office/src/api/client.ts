/** One way to the server: bearer token, one retry after a refresh, problems as errors, lists as pages. */
import { uuidV7 } from '@mostrador/domain/id';
import { ApiProblem } from './problem.js';
import { accessToken, refresh } from './session.js';

type QueryValue = string | number | boolean | undefined | null;

export interface RequestOptions {
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** JSON, or a form with files. */
  readonly body?: object;
  /** Makes a repetition harmless; one per intention. */
  readonly key?: string;
  /** The revision that was read; another one is answered by `conflict`. */
  readonly ifMatch?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A fresh idempotency key: the journal uses it as the commit's own id. */
export function newKey(): string {
  return uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}

function address(path: string, query: RequestOptions['query']): string {
  const entries = Object.entries(query ?? {}).filter(([, v]) => v !== undefined && v !== null && v !== '');
  const search = new URLSearchParams(entries.map(([k, v]) => [k, String(v)] as [string, string])).toString();
  return `/api/v1${path}${search ? `?${search}` : ''}`;
}

async function once(method: string, path: string, options: RequestOptions): Promise<Response> {
  const { body, key, ifMatch, signal } = options;
  const headers: Record<string, string> = { accept: 'application/json' };
  const bearer = accessToken();
  if (bearer) headers.authorization = `Bearer ${bearer}`;
  if (body && !(body instanceof FormData)) headers['content-type'] = 'application/json';
  if (key) headers['idempotency-key'] = key;
  if (ifMatch !== undefined) headers['if-match'] = `"${ifMatch}"`;
  try {
    return await fetch(address(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(body ? { body: body instanceof FormData ? body : JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiProblem({ status: 0, code: 'offline' });
  }
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  if (!accessToken()) await refresh();
  let response = await once(method, path, options);
  if (response.status === 401 && (await refresh())) response = await once(method, path, options);
  if (response.ok) return response;
  const problem: unknown = await response.json().catch(() => ({}));
  throw new ApiProblem({ code: 'unknown', ...(problem as object), status: response.status });
}

/** Asks and reads the JSON of the answer. Throws ApiProblem. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Asks for a file (PDF, CSV). */
export async function requestBlob(method: string, path: string, options: RequestOptions = {}): Promise<Blob> {
  return (await send(method, path, options)).blob();
}

export const get = <T>(path: string, query?: RequestOptions['query'], signal?: AbortSignal) =>
  request<T>('GET', path, { ...(query ? { query } : {}), signal });
export const post = <T>(path: string, body?: object, options: RequestOptions = {}) =>
  request<T>('POST', path, { key: newKey(), ...options, ...(body ? { body } : {}) });
export const patch = <T>(path: string, body: object, options: RequestOptions = {}) =>
  request<T>('PATCH', path, { ...options, body });
