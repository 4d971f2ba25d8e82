/** Checks a request against its schemas and gathers every defect, so that a form can show all of them at once. */
import type { Defect } from '@mostrador/contract/problem';
import type { z } from 'zod';

/** A body of a thousand bad lines should not give an answer of a megabyte. */
const MAX_DEFECTS = 200;

/** The checked value, or `undefined` with defects added. `where` opens their paths: '' for the body, `query.` … */
export function check(schema: z.ZodType, value: unknown, where: string, defects: Defect[]): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    if (defects.length >= MAX_DEFECTS) break;
    addIssue(issue, value, where, defects);
  }
  return undefined;
}

function addIssue(issue: z.core.$ZodIssue, input: unknown, where: string, defects: Defect[]): void {
  const path = where + issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys.slice(0, MAX_DEFECTS)) {
      defects.push({ path: join(path, key), code: 'unknown_field', message: 'there is no such field' });
    }
    return;
  }
  const missing = issue.code !== 'custom' && valueAt(input, issue.path) === undefined;
  defects.push(
    missing ? { path, code: 'required', message: 'is required' } : { path, code: issue.code, message: issue.message },
  );
}

function join(path: string, key: string): string {
  return path === '' || path.endsWith('.') ? path + key : `${path}.${key}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
