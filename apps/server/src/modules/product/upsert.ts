/**
 * Many products at once, for imports and the demo shop: a row makes a product, or changes the one that already has
 * its barcode or SKU. What a row finds decides what it does, not what was sent before: so an import that was
 * interrupted, or is run again, doubles nothing, and one that is run on purpose after changes by hand takes effect.
 */
import { createHash } from 'node:crypto';
import { barcodeMark, isInStore } from '@mostrador/domain/product';
import type { Platform } from '../../module.js';
import { newUuid } from '../../platform/ids.js';
import type { ProposedEvent } from '../../platform/journal/index.js';
import { type KnownTaxRates, taxRatesOf } from './checks.js';
import { productsById } from './queries.js';
import { type CategoryIds, categoriesFor } from './upsert-categories.js';
import {
  defectOf,
  eventsFor,
  type Identified,
  identify,
  keysOf,
  type ProductRow,
  type RowDefect,
} from './upsert-rows.js';

/** In the order of the rows. `changed` is false when the product was already as the row says. */
export type RowOutcome =
  | {
      readonly status: 'created' | 'updated';
      readonly changed: boolean;
      readonly productId: string;
      readonly variantId: string;
      readonly marks: readonly ('bad_gtin' | 'in_store')[];
    }
  | {
      readonly status: 'rejected';
      readonly code: RowDefect;
      readonly marks: readonly ('bad_gtin' | 'in_store')[];
    };

export interface UpsertOptions {
  /** What the rows come from; stands as the reason of changed prices. */
  readonly source: string;
  /** Default: `import`. */
  readonly actor?: string | undefined;
  /** When it happened, ms; default: now. */
  readonly at?: number | undefined;
}

/** Rows of one proposal: large enough to share the cost of a commit, small enough to let sales in between. */
const ROWS_A_PROPOSAL = 500;
/** The next ones are decided while these are written. */
const PROPOSALS_IN_FLIGHT = 3;
/** A row that lost a race against somebody else's change is decided anew, so often. */
const ATTEMPTS = 4;

/** What an oddity of a row's barcode counts as; a wrong in-store code is both. */
export function marksOf(row: ProductRow): ('bad_gtin' | 'in_store')[] {
  if (row.barcode === undefined) return [];
  const marks: ('bad_gtin' | 'in_store')[] = [];
  if (barcodeMark(row.barcode) === 'bad_gtin') marks.push('bad_gtin');
  if (isInStore(row.barcode)) marks.push('in_store');
  return marks;
}

type Needs = Pick<Platform, 'database' | 'journal'>;

interface Work {
  readonly index: number;
  readonly row: ProductRow;
}

/**
 * Durable when it resolves. Rows of one call may repeat codes: later ones change what earlier ones made. A call with
 * a few thousand rows is best; it is split into proposals that are committed together.
 */
export async function upsertProducts(
  platform: Needs,
  tenantId: number,
  rows: readonly ProductRow[],
  options: UpsertOptions,
): Promise<RowOutcome[]> {
  const outcomes: (RowOutcome | undefined)[] = new Array(rows.length).fill(undefined);
  const rates = await taxRatesOf(platform, tenantId);
  let waiting: Work[] = [];
  rows.forEach((row, index) => {
    const code = defectOf(row, rates);
    if (code === undefined) waiting.push({ index, row });
    else outcomes[index] = { status: 'rejected', code, marks: marksOf(row) };
  });
  const attempts = new Map<number, number>();
  while (waiting.length > 0) {
    const { now, later } = withoutRepeats(waiting);
    const pass = new Pass(platform, tenantId, rates, options, outcomes);
    await pass.run(now);
    const again = pass.lost.filter(({ index, row }) => {
      const n = (attempts.get(index) ?? 1) + 1;
      attempts.set(index, n);
      if (n <= ATTEMPTS) return true;
      outcomes[index] = { status: 'rejected', code: 'conflict', marks: marksOf(row) };
      return false;
    });
    waiting = [...again, ...pass.later, ...later].sort((a, b) => a.index - b.index);
  }
  return outcomes.map((outcome) => {
    if (outcome === undefined) throw new Error('a row has no outcome');
    return outcome;
  });
}

/** Rows whose codes were not named before, and the others, which must see what these do. */
function withoutRepeats(rows: readonly Work[]): { now: Work[]; later: Work[] } {
  const seen = new Set<string>();
  const now: Work[] = [];
  const later: Work[] = [];
  for (const work of rows) {
    const keys = keysOf(work.row);
    const repeated = keys.some((k) => seen.has(k));
    for (const key of keys) seen.add(key);
    (repeated ? later : now).push(work);
  }
  return { now, later };
}

interface Decided {
  readonly work: Work;
  readonly events: readonly ProposedEvent[];
  readonly outcome: Extract<RowOutcome, { productId: string }>;
  /** Revision of a known product when it was decided on. */
  readonly revision: number;
}

/** One round over rows that share no code. Each lot is decided while the ones before are committed. */
class Pass {
  /** Met by somebody else's change. */
  readonly lost: Work[] = [];
  /** Of a product that another row of this round changes: to be decided on what that one did. */
  readonly later: Work[] = [];
  readonly #touched = new Set<string>();
  readonly #platform: Needs;
  readonly #tenantId: number;
  readonly #rates: KnownTaxRates;
  readonly #options: UpsertOptions;
  readonly #outcomes: (RowOutcome | undefined)[];

  constructor(
    platform: Needs,
    tenantId: number,
    rates: KnownTaxRates,
    options: UpsertOptions,
    outcomes: (RowOutcome | undefined)[],
  ) {
    this.#platform = platform;
    this.#tenantId = tenantId;
    this.#rates = rates;
    this.#options = options;
    this.#outcomes = outcomes;
  }

  async run(work: readonly Work[]): Promise<void> {
    const names = work.map((w) => w.row.category);
    const categories = await categoriesFor(this.#platform, this.#tenantId, names, this.#options);
    const flying: Promise<void>[] = [];
    for (let i = 0; i < work.length; i += ROWS_A_PROPOSAL) {
      const decided = await this.#decide(work.slice(i, i + ROWS_A_PROPOSAL), categories);
      const committed = this.#commit(decided);
      // Met by an await below; until then it is nobody's fault.
      committed.catch(() => {});
      flying.push(committed);
      if (flying.length >= PROPOSALS_IN_FLIGHT) await flying.shift();
    }
    await Promise.all(flying);
  }

  async #decide(work: readonly Work[], categories: CategoryIds): Promise<Decided[]> {
    const { database } = this.#platform;
    const identified = await identify(
      database,
      this.#tenantId,
      work.map((w) => w.row),
    );
    const ids = new Set(identified.flatMap((i) => (i.kind === 'known' ? [i.productId] : [])));
    const stored = await productsById(database, this.#tenantId, [...ids]);
    const products = new Map(stored.map((p) => [p.state.productId, p]));
    const decided: Decided[] = [];
    work.forEach((w, n) => {
      const found = identified[n] as Identified;
      if (found.kind === 'known') {
        if (this.#touched.has(found.productId)) {
          this.later.push(w);
          return;
        }
        this.#touched.add(found.productId);
      }
      const product = found.kind === 'known' ? products.get(found.productId) : undefined;
      const result = eventsFor(w.row, found, product?.state, categories, this.#rates, this.#options.source);
      const marks = marksOf(w.row);
      if ('code' in result) {
        this.#outcomes[w.index] = { status: 'rejected', code: result.code, marks };
        return;
      }
      const outcome = {
        status: found.kind === 'known' ? ('updated' as const) : ('created' as const),
        changed: result.events.length > 0,
        productId: result.productId,
        variantId: result.variantId,
        marks,
      };
      if (outcome.changed) {
        decided.push({ work: w, events: result.events, outcome, revision: product?.revision ?? 0 });
      } else this.#outcomes[w.index] = outcome;
    });
    return decided;
  }

  async #commit(decided: readonly Decided[]): Promise<void> {
    if (decided.length === 0) return;
    if (await commitRows(this.#platform, this.#tenantId, decided, this.#options)) {
      for (const d of decided) this.#outcomes[d.work.index] = d.outcome;
    } else if (decided.length === 1) {
      for (const d of decided) this.lost.push(d.work);
    } else {
      // One row spoilt it; alone, the others pass.
      for (const d of decided) await this.#commit([d]);
    }
  }
}

/** False when somebody else changed or took something meanwhile. */
async function commitRows(
  platform: Needs,
  tenantId: number,
  decided: readonly Decided[],
  options: UpsertOptions,
): Promise<boolean> {
  const id = newUuid();
  const result = await platform.journal.commit(tenantId, {
    id,
    // The id is new, so nothing will ever be compared with this.
    digest: createHash('sha256').update(id).digest('hex'),
    actor: options.actor ?? 'import',
    at: options.at,
    events: decided.flatMap((d) => d.events),
    expects: decided.flatMap((d) =>
      d.outcome.status === 'updated' ? [{ subject: d.outcome.productId, revision: d.revision }] : [],
    ),
  });
  return result.status !== 'rejected';
}
