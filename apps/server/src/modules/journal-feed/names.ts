/** Gives names to the ids that events mention: gathered from a page of events, then read in one query per noun. */
import type { Platform } from '../../module.js';
import type { JournalEvent } from '../../platform/journal/index.js';
import { customerNames } from '../customer/index.js';
import { userNames } from '../identity/index.js';
import { supplierNames } from '../supplier/index.js';
import { type NamedTable, plainNames, receiptNumbers, type VariantName, variantNames } from './queries.js';

/** A page is not held up by an event that mentions thousands: its first ids are named. */
const IDS_MAX = 200;
const ID = /^([a-z]{3,4})_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

export interface EventNames {
  /** '' for what is unknown, or has no name. */
  of(id: string | null | undefined): string;
  variant(id: string): VariantName | undefined;
  /** Every id that has a name. */
  readonly all: ReadonlyMap<string, string>;
}

/** `reveal`: the names of customers unmasked. */
export async function namesFor(
  platform: Pick<Platform, 'database' | 'keyring'>,
  tenantId: number,
  events: readonly JournalEvent[],
  reveal: boolean,
): Promise<EventNames> {
  const { database } = platform;
  const ids = new Map<string, Set<string>>();
  for (const event of events) {
    collect(event.subject, ids);
    collect(event.actor, ids);
    collect(event.payload, ids);
  }
  const wanted = (prefix: string) => [...(ids.get(prefix) ?? [])];
  // Built-in roles are named by their ids, which have no prefix.
  for (const event of events) if (event.type.startsWith('role.')) add(ids, 'rol', event.subject);
  const names = new Map<string, string>();
  const variants = new Map<string, VariantName>();
  const put = (rows: readonly { id: string; name: string }[]) => {
    for (const row of rows) names.set(row.id, row.name);
  };
  const plain = async (prefix: string, table: NamedTable) => {
    const of = wanted(prefix);
    if (of.length > 0) put(await plainNames(database, tenantId, table, of));
  };
  const mapped = async (read: Promise<ReadonlyMap<string, string>>) => {
    for (const [id, name] of await read) names.set(id, name);
  };
  const receipts = [...wanted('sal'), ...wanted('ref')];
  await Promise.all([
    plain('prod', 'product'),
    plain('cat', 'category'),
    plain('loc', 'location'),
    plain('tax', 'tax_rate'),
    plain('rol', 'identity_role'),
    plain('cse', 'cash_session'),
    wanted('usr').length > 0 ? mapped(userNames(platform, tenantId, wanted('usr'))) : undefined,
    wanted('sup').length > 0 ? mapped(supplierNames(platform, tenantId, wanted('sup'))) : undefined,
    wanted('cus').length > 0 ? mapped(customerNames(platform, tenantId, wanted('cus'), reveal)) : undefined,
    receipts.length > 0 ? receiptNumbers(database, tenantId, receipts).then(put) : undefined,
    wanted('var').length > 0
      ? variantNames(database, tenantId, wanted('var')).then((rows) => {
          for (const row of rows) {
            variants.set(row.variant_id, row);
            names.set(row.variant_id, row.variant_name === '' ? row.name : `${row.name} (${row.variant_name})`);
          }
        })
      : undefined,
  ]);
  return {
    of: (id) => (id === null || id === undefined ? '' : (names.get(id) ?? '')),
    variant: (id) => variants.get(id),
    all: names,
  };
}

function add(ids: Map<string, Set<string>>, prefix: string, id: string): void {
  let set = ids.get(prefix);
  if (set === undefined) {
    set = new Set();
    ids.set(prefix, set);
  }
  set.add(id);
}

function collect(root: unknown, ids: Map<string, Set<string>>): void {
  let found = 0;
  // Depth first and in order, so that the first line of an event is among those that are named.
  const open: unknown[] = [root];
  while (open.length > 0 && found < IDS_MAX) {
    const value = open.pop();
    if (typeof value === 'string') {
      const prefix = ID.exec(value)?.[1];
      if (prefix !== undefined) {
        add(ids, prefix, value);
        found += 1;
      }
    } else if (typeof value === 'object' && value !== null) {
      const inner = Object.values(value);
      for (let i = Math.min(inner.length, IDS_MAX) - 1; i >= 0; i--) open.push(inner[i]);
    }
  }
}
