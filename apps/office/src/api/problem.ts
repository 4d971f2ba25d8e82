/** What the server refuses, as an error that screens can read: stable code, facts, defects by field. */
import type { Defect, ErrorCode, Problem } from '@mostrador/contract';
import type { Failure } from '@mostrador/ui';

export type OfficeErrorCode = ErrorCode | 'offline' | 'unknown';

export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: OfficeErrorCode;
  readonly defects: readonly Defect[];
  /** Further members of the problem (`quantity_available`). */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(problem: Partial<Problem> & { readonly status: number; readonly code: string }) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.status = problem.status;
    this.code = problem.code as OfficeErrorCode;
    this.defects = problem.errors ?? [];
    this.facts = problem;
  }
}

/** The problem in an error, whatever was thrown. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem({ status: 0, code: 'unknown', detail: error instanceof Error ? error.message : String(error) });
}

/** How a screen shows it; `words` translates the code. */
export function failureOf(error: unknown, words: (code: string) => string): Failure {
  const problem = problemOf(error);
  const kind =
    problem.code === 'offline'
      ? 'offline'
      : problem.status === 403
        ? 'forbidden'
        : problem.status === 404
          ? 'missing'
          : 'other';
  return { kind, detail: words(problem.code), code: problem.code };
}

/**
 * Whether it is certain that nothing was done. Only then may the next attempt carry a key of its own: after an answer
 * that was lost, the same key keeps the goods from arriving twice.
 */
export function isRefusal(problem: ApiProblem): boolean {
  return problem.status >= 400 && problem.status < 500;
}

/** Whether asking again may help. */
export function mayRetry(error: unknown): boolean {
  const { status } = problemOf(error);
  return status === 0 || status === 503 || status === 429;
}
