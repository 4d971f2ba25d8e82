/**
 * Who is signed in. The access token lives in memory only; the refresh token is in a cookie that scripts cannot
 * read. Many requests may find the token expired at once, so they share one refresh, and tabs take turns at it,
 * because each refresh makes the one before it invalid.
 */
import type { Me, SignedIn } from '@mostrador/contract/identity';
import type { Tenant } from '@mostrador/contract/tenant';
import { ApiProblem } from './problem.js';

export interface Session {
  readonly user: Me;
  readonly tenant: Tenant;
}

export type SessionState =
  | { readonly status: 'unknown' }
  | { readonly status: 'out'; readonly reason?: 'ended' }
  | { readonly status: 'offline' }
  | { readonly status: 'in'; readonly session: Session };

let state: SessionState = { status: 'unknown' };
let token: string | null = null;
let refreshing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('mostrador.session') : null;

function set(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

export function sessionState(): SessionState {
  return state;
}

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function accessToken(): string | null {
  return token;
}

function accept(signedIn: SignedIn): void {
  token = signedIn.access_token;
  set({ status: 'in', session: { user: signedIn.user, tenant: signedIn.tenant } });
}

async function post(path: string, body?: unknown): Promise<Response> {
  try {
    return await fetch(`/api/v1/auth/${path}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiProblem({ status: 0, code: 'offline' });
  }
}

/** Signs in; throws the ApiProblem that says why not. */
export async function signIn(email: string, password: string, tenantId?: string): Promise<void> {
  const response = await post('login', { email, password, ...(tenantId ? { tenant_id: tenantId } : {}) });
  const body: unknown = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new ApiProblem({ code: 'unknown', ...(body as object), status: response.status });
  }
  accept(body as SignedIn);
}

async function refreshOnce(): Promise<boolean> {
  try {
    const response = await post('refresh');
    if (response.ok) {
      accept((await response.json()) as SignedIn);
      return true;
    }
    if (response.status >= 500 || response.status === 429) {
      if (state.status === 'unknown') set({ status: 'offline' });
      return false;
    }
    token = null;
    set(state.status === 'in' ? { status: 'out', reason: 'ended' } : { status: 'out' });
    return false;
  } catch {
    if (state.status === 'unknown') set({ status: 'offline' });
    return false;
  }
}

/** Gets a new access token by the cookie; true when there is one. */
export function refresh(): Promise<boolean> {
  refreshing ??= (
    'locks' in navigator ? navigator.locks.request('mostrador.refresh', refreshOnce) : refreshOnce()
  ).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

export async function signOut(): Promise<void> {
  const bearer = token;
  token = null;
  set({ status: 'out' });
  channel?.postMessage('out');
  await fetch('/api/v1/auth/logout', {
    method: 'POST',
    credentials: 'same-origin',
    headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
  }).catch(() => undefined);
}

/** After the person or the shop has been changed by this office. */
export function updateSession(change: { readonly user?: Partial<Me>; readonly tenant?: Partial<Tenant> }): void {
  if (state.status !== 'in') return;
  const { user, tenant } = state.session;
  set({ status: 'in', session: { user: { ...user, ...change.user }, tenant: { ...tenant, ...change.tenant } } });
}

channel?.addEventListener('message', () => {
  token = null;
  if (state.status === 'in') set({ status: 'out' });
});
