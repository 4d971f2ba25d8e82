/**
 * A client that knows only what the interface promises: it signs in, fills shelves, sells and looks things up by `fetch`. A
 * load keeps what was acknowledged apart from what was left without an answer.
 */
import { randomUUID } from 'node:crypto';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, the text of anything else. */
  // biome-ignore lint/suspicious/noExplicitAny: tests state what they expect of it.
  readonly body: any;
}

export interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: that of whoever signed in; null: none. */
  readonly token?: string | null;
}

/** An article on the shelf. */
export interface Article {
  readonly variantId: string;
  readonly priceMinor: number;
}

export interface CheckoutBody {
  readonly location_id: string;
  readonly lines: readonly { readonly variant_id: string; readonly quantity: number }[];
  readonly tenders: readonly {
    readonly type: string;
    readonly amount: { readonly amount: number | string; readonly currency: string };
  }[];
}

/** A checkout that was sent. */
export interface Sent {
  readonly key: string;
  readonly body: CheckoutBody;
}

/** One that was acknowledged, with the answer. */
export interface Sold extends Sent {
  readonly answer: { readonly id: string; readonly receipt_number: string; readonly seq: number };
}

export interface LoadResult {
  readonly sold: Sold[];
  /** Sent, but the connection ended before an answer came. */
  readonly unanswered: Sent[];
  /** Answered otherwise than with 201. */
  readonly refused: (Sent & { readonly refusal: Answered })[];
}

export class Outsider {
  token: string | null = null;

  constructor(readonly base: string) {}

  /** `path` under /api/v1 unless it begins with `!`. Throws when no answer comes. */
  async ask(method: string, path: string, { body, headers = {}, token = this.token }: Ask = {}): Promise<Answered> {
    const isText = typeof body === 'string';
    const response = await fetch(path.startsWith('!') ? this.base + path.slice(1) : `${this.base}/api/v1${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  get(path: string, ask?: Ask): Promise<Answered> {
    return this.ask('GET', path, ask);
  }

  /** With an Idempotency-Key, a fresh one unless given. */
  post(path: string, body: unknown, { headers, ...ask }: Ask = {}): Promise<Answered> {
    return this.ask('POST', path, { ...ask, body, headers: { 'idempotency-key': randomUUID(), ...headers } });
  }

  checkout({ key, body }: Sent): Promise<Answered> {
    return this.post('/sales/checkout', body, { headers: { 'idempotency-key': key } });
  }

  async signIn({ email, password }: { readonly email: string; readonly password: string }): Promise<Answered> {
    const answer = await this.ask('POST', '/auth/login', { body: { email, password }, token: null });
    if (answer.status === 200) this.token = answer.body.access_token;
    return answer;
  }

  /** All rows of a list, page by page. */
  async walk(path: string, limit = 200): Promise<Answered['body'][]> {
    const rows: Answered['body'][] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { status, body } = await this.get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${more}`);
      if (status !== 200) throw new Error(`GET ${path} answered ${status} ${JSON.stringify(body)}`);
      rows.push(...body.data);
      cursor = body.page.next_cursor;
      if ((cursor !== null) !== body.page.has_more) throw new Error('next_cursor and has_more disagree');
    } while (cursor !== null);
    return rows;
  }

  /** The default location, which lists first. */
  async locationId(): Promise<string> {
    return (await this.get('/locations')).body.data[0].id;
  }

  /** Products of one variant each with `stock` in the default location. */
  async stockUp(count: number, stock: number): Promise<Article[]> {
    const locationId = await this.locationId();
    const articles: Article[] = [];
    for (let i = 0; i < count; i++) {
      const priceMinor = 1000 + i * 10;
      const made = await this.post('/products', {
        name: `Artículo ${randomUUID()}`,
        variants: [{ price: { amount: priceMinor, currency: 'ARS' } }],
      });
      if (made.status !== 201) throw new Error(`a product was refused: ${JSON.stringify(made.body)}`);
      articles.push({ variantId: made.body.variants[0].id, priceMinor });
    }
    const received = await this.post('/stock/receipts', {
      location_id: locationId,
      lines: articles.map(({ variantId }) => ({ variant_id: variantId, quantity: stock })),
    });
    if (received.status !== 201) throw new Error(`a receipt was refused: ${JSON.stringify(received.body)}`);
    return articles;
  }

  async onHand(variantId: string): Promise<number> {
    const { body } = await this.get(`/stock?variant_id=${variantId}`);
    return body.data.reduce((sum: number, level: { on_hand: number }) => sum + level.on_hand, 0);
  }
}

/** A checkout of the articles, one piece each, paid in cash to the cent. */
export function basket(locationId: string, articles: readonly Article[]): CheckoutBody {
  const amount = articles.reduce((sum, { priceMinor }) => sum + priceMinor, 0);
  return {
    location_id: locationId,
    lines: articles.map(({ variantId }) => ({ variant_id: variantId, quantity: 1 })),
    tenders: [{ type: 'cash', amount: { amount, currency: 'ARS' } }],
  };
}

export interface LoadOptions {
  /** Workers take them in turn. */
  readonly outsiders: readonly Outsider[];
  readonly workers: number;
  readonly next: () => CheckoutBody;
  /** Hears how many were acknowledged; `false` ends the load. */
  readonly acknowledged?: (count: number) => boolean | undefined;
  /** Asked before each request. */
  readonly enough?: () => boolean;
}

/** Sells over as many connections as workers, each until told to stop or until its server answers no more. */
export async function load({ outsiders, workers, next, acknowledged, enough }: LoadOptions): Promise<LoadResult> {
  const result: LoadResult = { sold: [], unanswered: [], refused: [] };
  let going = true;
  const work = async (outsider: Outsider) => {
    while (going && enough?.() !== true) {
      const sent: Sent = { key: randomUUID(), body: next() };
      let answer: Answered;
      try {
        answer = await outsider.checkout(sent);
      } catch {
        result.unanswered.push(sent);
        return;
      }
      if (answer.status !== 201) {
        result.refused.push({ ...sent, refusal: answer });
        continue;
      }
      result.sold.push({ ...sent, answer: answer.body });
      if (acknowledged?.(result.sold.length) === false) going = false;
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, i) => work(outsiders[i % outsiders.length] as Outsider)));
  return result;
}

/** Runs tasks with at most so many under way at once; the results in their order. */
export async function abreast<T, R>(items: readonly T[], most: number, run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let at = 0;
  const work = async () => {
    while (at < items.length) {
      const i = at++;
      results[i] = await run(items[i] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  return results;
}
