/**
 * The second reading of a sales file: which products it has and what they are called and cost, who bought, which sales
 * cancellations can ask for, and how much of each product must have been there before [IM8]. Only invoices that are not
 * in the journal yet move stock here, so that an import that goes on asks for no more than is still missing.
 */
import type { Decimal } from '../values.js';
import { type CodeKind, codeKind } from './code.js';
import type { Invoice } from './invoices.js';
import { matchKey } from './match.js';
import { sortInvoice } from './sort.js';

export interface Product {
  /** As first written. */
  readonly sku: string;
  readonly firstAt: number;
  /** Name → how many lines with a price use it. */
  readonly names: Map<string, number>;
  /** Names of lines without a price: second choice, they often hold remarks. */
  readonly remarks: Map<string, number>;
  /** The last price above zero at which it was sold; null: never. */
  price: Decimal | null;
  /** Stock relative to the start, thousandths. */
  level: number;
  lowest: number;
}

export class Needs {
  readonly products = new Map<string, Product>();
  /** Customer → moment of the first invoice, ms, and the country it names. */
  readonly customers = new Map<string, { readonly at: number; readonly country: string }>();
  /** What some cancellation asks for. */
  readonly wanted = new Set<string>();
  /** The earliest moment of the invoices that are to come, ms. */
  firstAt = Number.POSITIVE_INFINITY;
  #kinds: Map<string, CodeKind> | undefined;

  /** All invoices in their order; `isDone`: it is in the journal. Lines of codes that are no products are left out later. */
  add(invoice: Invoice, isDone: boolean): void {
    if (invoice.lines.length === 0) return;
    for (const line of invoice.lines) {
      const product = this.#product(line.key, line.sku, invoice.at);
      const priced = line.price.units > 0n;
      if (line.name !== '') {
        const names = priced ? product.names : product.remarks;
        names.set(line.name, (names.get(line.name) ?? 0) + 1);
      }
      if (priced && line.quantityMilli > 0) product.price = line.price;
      if (line.quantityMilli < 0) {
        const key = matchKey(line.customer, line.key, line.price);
        if (key !== null) this.wanted.add(key);
      }
    }
    if (invoice.customer !== '' && !this.customers.has(invoice.customer)) {
      this.customers.set(invoice.customer, { at: invoice.at, country: invoice.lines[0]?.country ?? '' });
    }
    if (isDone) return;
    this.firstAt = Math.min(this.firstAt, invoice.at);
    this.#move(invoice);
  }

  /** Takes stock as the plan will: what is sold before what comes back. */
  #move(invoice: Invoice): void {
    const sorted = sortInvoice(invoice, GOODS);
    for (const { line, code } of [...sorted.sold, ...sorted.returned]) {
      if (code.kind === 'product') this.#take(line.key, -line.quantityMilli);
    }
    for (const { line } of [...sorted.lost, ...sorted.found]) this.#take(line.key, line.quantityMilli);
  }

  #take(key: string, milli: number): void {
    const product = this.products.get(key) as Product;
    product.level += milli;
    if (product.level < product.lowest) product.lowest = product.level;
  }

  #product(key: string, sku: string, at: number): Product {
    let product = this.products.get(key);
    if (product === undefined) {
      product = { sku, firstAt: at, names: new Map(), remarks: new Map(), price: null, level: 0, lowest: 0 };
      this.products.set(key, product);
    }
    return product;
  }

  /** What a code is; known once all lines were seen. */
  kindOf(key: string): CodeKind {
    if (this.#kinds === undefined) {
      this.#kinds = new Map([...this.products].map(([k, product]) => [k, codeKind(k, nameOf(product))]));
    }
    return this.#kinds.get(key) ?? codeKind(key, '');
  }

  /** Products by key, without the codes that are none. */
  *goods(): Generator<[string, Product]> {
    for (const entry of this.products) {
      if (this.kindOf(entry[0]).kind === 'product') yield entry;
    }
  }
}

/** Codes that are no products move no stock in the end; until their names are known all are taken for products. */
const GOODS = (): CodeKind => ({ kind: 'product', own: false });

/** The name that most priced lines use, the later one of equals; then remarks, then the code itself [IM5]. */
export function nameOf(product: Product): string {
  return mostUsed(product.names) ?? mostUsed(product.remarks) ?? product.sku;
}

function mostUsed(names: ReadonlyMap<string, number>): string | null {
  let best: string | null = null;
  let most = 0;
  for (const [name, count] of names) {
    if (count >= most) {
      best = name;
      most = count;
    }
  }
  return best;
}
