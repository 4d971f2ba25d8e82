/**
 * Two people edit one product, at two tills that do not see each other. Each edit says what it changed and what stood
 * there before, so that the server can tell a field that nobody else touched from one that was. Rules: [SY31].
 */

export type Scalar = string | number | boolean | null;

/** `descriptive`: the later in server order wins. `guarded`: money and tax, where the server's value stays. */
export type FieldKind = 'descriptive' | 'guarded';

export interface Edit {
  readonly changes: Readonly<Record<string, Scalar>>;
  /** What the till saw in each changed field. */
  readonly base: Readonly<Record<string, Scalar>>;
}

/** A field whose two values a person has to choose between. */
export interface FieldConflict {
  readonly field: string;
  readonly base: Scalar;
  readonly kept: Scalar;
  readonly proposed: Scalar;
}

export interface MergedEdit {
  /** What is to be set. */
  readonly changes: Readonly<Record<string, Scalar>>;
  readonly conflicts: readonly FieldConflict[];
}

/** `current` holds what the server has; a field that it lacks is null. */
export function mergeEdit(
  current: Readonly<Record<string, Scalar>>,
  edit: Edit,
  kindOf: (field: string) => FieldKind,
): MergedEdit {
  const changes: Record<string, Scalar> = {};
  const conflicts: FieldConflict[] = [];
  for (const [field, proposed] of Object.entries(edit.changes)) {
    const kept = current[field] ?? null;
    const base = edit.base[field] ?? null;
    if (kept === proposed) continue;
    if (kindOf(field) === 'guarded' && kept !== base) conflicts.push({ field, base, kept, proposed });
    else changes[field] = proposed;
  }
  return { changes, conflicts };
}

/** Sets (barcodes, tags) merge: what was added is there, what was removed is gone, all else stays as it is. */
export function mergeSet(
  current: readonly string[],
  change: { readonly add: readonly string[]; readonly remove: readonly string[] },
): readonly string[] {
  const gone = new Set(change.remove);
  const next = new Set(current.filter((one) => !gone.has(one)));
  for (const one of change.add) next.add(one);
  return [...next].sort();
}
