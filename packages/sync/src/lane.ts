/**
 * Which lane an event takes and how two writers of the same thing are reconciled, one line per event type. Closed on
 * purpose: a type that stands here nowhere cannot be recorded by a till. Rules: docs/spec/sync.md [SY1], [SY30].
 */
import { LANES, type Lane } from '@mostrador/contract/sync';

export { LANES, type Lane };

export const PRIORITY: Readonly<Record<Lane, number>> = { critical: 100, high: 50, normal: 25, low: 10 };

/**
 * `fact`: it happened and is never refused. `add`: deltas add up. `merge`: field by field, see conflict/edit.ts.
 * `first`: what came first stays, the later one becomes a task. `last`: the later in server order stays. `manual`: a
 * person decides on both sides. `reject`: kept in quarantine.
 */
export type ConflictRule = 'fact' | 'add' | 'merge' | 'first' | 'last' | 'manual' | 'reject';

export interface TypeRule {
  readonly lane: Lane;
  readonly conflict: ConflictRule;
}

const rule = (lane: Lane, conflict: ConflictRule): TypeRule => ({ lane, conflict });

export const TYPE_RULES: Readonly<Record<string, TypeRule>> = {
  'sale.completed': rule('critical', 'fact'),
  'sale.refunded': rule('critical', 'fact'),
  'stock.received': rule('high', 'add'),
  'stock.adjusted': rule('high', 'add'),
  'stock.written_off': rule('high', 'add'),
  'stock.counted': rule('high', 'add'),
  'stock.moved': rule('high', 'add'),
  'stock.threshold_set': rule('high', 'last'),
  // One writer each, so these never meet; a till that meets one anyway is told.
  'cash.session_opened': rule('high', 'manual'),
  'cash.moved': rule('high', 'fact'),
  'cash.session_closed': rule('high', 'first'),
  'product.created': rule('normal', 'merge'),
  'product.changed': rule('normal', 'merge'),
  'product.variant_added': rule('normal', 'merge'),
  'product.variant_changed': rule('normal', 'merge'),
  'product.barcode_added': rule('normal', 'merge'),
  'product.barcode_removed': rule('normal', 'merge'),
  'product.priced': rule('normal', 'merge'),
  'product.archived': rule('normal', 'last'),
  'product.restored': rule('normal', 'last'),
  'customer.created': rule('normal', 'merge'),
  'customer.changed': rule('normal', 'merge'),
  'tenant.changed': rule('low', 'last'),
  'till.settings_changed': rule('low', 'last'),
  'till.logged': rule('low', 'add'),
};

/** null: not for a till to record. */
export function ruleOf(type: string): TypeRule | null {
  return Object.hasOwn(TYPE_RULES, type) ? (TYPE_RULES[type] as TypeRule) : null;
}
