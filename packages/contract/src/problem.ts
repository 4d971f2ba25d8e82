/** The form in which every refusal is answered: RFC 9457, `application/problem+json`, with a stable code. */
import { z } from 'zod';
import { ERRORS, type ErrorCode } from './errors.js';

/** One defect of the input. `path` is the field (`lines.0.quantity`), or `query.…`, `path.…`, `header.…`. */
export const zDefect = z.object({ path: z.string(), code: z.string(), message: z.string() });
export type Defect = z.infer<typeof zDefect>;

/** Facts that a client needs (`quantity_available`) stand beside these as further members. */
export const zProblem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    errors: z.array(zDefect).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof zProblem>;

/** The address that names a code; it identifies, and need not answer. */
export function problemType(code: ErrorCode): string {
  return `urn:mostrador:problem:${code}`;
}

/** Builds the document of a code. */
export function problem(
  code: ErrorCode,
  more: {
    readonly detail?: string | undefined;
    readonly instance?: string | undefined;
    readonly errors?: readonly Defect[] | undefined;
    readonly facts?: Readonly<Record<string, unknown>> | undefined;
  } = {},
): Problem {
  const { status, title } = ERRORS[code];
  return {
    ...more.facts,
    type: problemType(code),
    title,
    status,
    code,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
    ...(more.instance === undefined ? {} : { instance: more.instance }),
    ...(more.errors === undefined || more.errors.length === 0 ? {} : { errors: [...more.errors] }),
  };
}
