/**
 * The planted bugs: each is a mistake that somebody could make in good faith. They live here and in the wrappers of the
 * simulator, never in the product, and the simulator must find every one. The list stands in docs/spec/sync.md.
 */
export const BUGS = [
  // A till's storage and queue.
  'cursor-saved-before-data',
  'data-saved-before-cursor',
  'head-not-saved',
  'receipt-counter-forgotten',
  'copy-keeps-epoch',
  'overlay-never-released',
  'overlay-dropped-at-answer',
  'unsent-dropped-by-snapshot',
  'attempts-not-kept',
  'retry-under-new-id',
  'unknown-forgotten',
  'answer-of-lost-log-believed',
  // The server's lanes and journal.
  'answered-before-durable',
  'repeat-applied-twice',
  'fork-not-noticed',
  'restore-keeps-log-id',
  'restore-claims-all-held',
  'quarantine-not-acknowledged',
  'order-of-subject-ignored',
  'pull-skips-latest',
  'snapshot-pages-as-of-first',
  // The rules.
  'count-sets-level',
  'price-taken-blindly',
  'name-by-device-clock',
  'tags-replaced',
  'short-sale-refused',
  'clock-ahead-refused',
  'late-cash-ignored',
] as const;

export type Bug = (typeof BUGS)[number];
