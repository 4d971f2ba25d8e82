/** The one way in which a handler refuses: a code of the catalogue, with the facts that a client needs. */
import { ERRORS, type ErrorCode } from '@mostrador/contract/errors';
import type { Defect } from '@mostrador/contract/problem';

export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: string | undefined;
  readonly facts: Readonly<Record<string, unknown>> | undefined;
  readonly errors: readonly Defect[] | undefined;
  /** Extra response headers, for example `retry-after`. */
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(
    code: ErrorCode,
    more: {
      readonly detail?: string | undefined;
      readonly facts?: Readonly<Record<string, unknown>> | undefined;
      readonly errors?: readonly Defect[] | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    } = {},
  ) {
    super(more.detail ?? ERRORS[code].title);
    this.name = 'ApiError';
    this.code = code;
    this.status = ERRORS[code].status;
    this.detail = more.detail;
    this.facts = more.facts;
    this.errors = more.errors;
    this.headers = more.headers;
  }
}
