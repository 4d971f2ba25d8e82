/** Puts the server's defects beside the fields of a form. */
import type { TFunction } from 'i18next';
import type { ApiProblem } from '../api/problem.js';

/** By the form's field name; `names` maps the server's path where it differs. */
export function defectsByField(
  problem: ApiProblem,
  t: TFunction,
  names: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const defect of problem.defects) {
    const field = names[defect.path] ?? defect.path.replace(/\.amount$/, '');
    found[field] ??= t(`defect.${defect.code}`, { defaultValue: t('defect.other') });
  }
  return found;
}
