/** The shop from outside, as a till would use it: to make what a test needs to look at. */
import { LOGIN } from './kit.js';

interface Ask {
  readonly method?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Api {
  ask<T>(path: string, options?: Ask): Promise<T>;
}

export async function openApi(origin: string): Promise<Api> {
  const send = async <T>(path: string, { method = 'GET', body, headers = {} }: Ask = {}): Promise<T> => {
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const { access_token } = await send<{ access_token: string }>('/auth/login', { method: 'POST', body: LOGIN });
  return {
    ask: (path, options = {}) =>
      send(path, { ...options, headers: { authorization: `Bearer ${access_token}`, ...options.headers } }),
  };
}

interface Variant {
  readonly id: string;
  readonly price: { readonly amount: number; readonly currency: string };
}

export interface SoldSale {
  readonly id: string;
  readonly receipt_number: string;
  readonly product: string;
}

/** Opens a drawer at the first location. */
export async function openDrawer(api: Api, name: string): Promise<string> {
  const { data } = await api.ask<{ data: { id: string }[] }>('/locations');
  const { currency } = await api.ask<{ currency: string }>('/settings');
  const drawer = await api.ask<{ id: string }>('/cash-sessions', {
    method: 'POST',
    headers: { 'idempotency-key': crypto.randomUUID() },
    body: { location_id: data[0]?.id, name, float: { amount: 0, currency } },
  });
  return drawer.id;
}

/** Sells two of the first product that answers to `q`: by card, or for cash into a drawer. */
export async function sellTwo(api: Api, q: string, drawer?: string): Promise<SoldSale> {
  const found = await api.ask<{ data: { name: string; variants: Variant[] }[] }>(
    `/products?q=${encodeURIComponent(q)}`,
  );
  const product = found.data[0];
  const variant = product?.variants[0];
  const locations = await api.ask<{ data: { id: string }[] }>('/locations');
  if (!product || !variant) throw new Error(`no product answers to ${q}`);
  const amount = { amount: variant.price.amount * 2, currency: variant.price.currency };
  const sale = await api.ask<{ id: string; receipt_number: string }>('/sales/checkout', {
    method: 'POST',
    headers: { 'idempotency-key': crypto.randomUUID() },
    body: {
      location_id: locations.data[0]?.id,
      lines: [{ variant_id: variant.id, quantity: 2 }],
      tenders: [{ type: drawer ? 'cash' : 'card', amount }],
      ...(drawer ? { cash_session_id: drawer } : {}),
    },
  });
  return { ...sale, product: product.name };
}
