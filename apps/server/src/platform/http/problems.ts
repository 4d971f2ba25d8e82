/** Turns whatever was thrown into a problem document: a refusal keeps its code, a fault of ours is logged and hidden. */
import { ERRORS, type ErrorCode } from '@mostrador/contract/errors';
import { type Problem, problem } from '@mostrador/contract/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { DatabaseUnavailable } from '../database/index.js';
import { ApiError } from './api-error.js';
import { API_HEADERS } from './headers.js';

/** Codes of the framework whose meaning is not that of their status alone. */
const FRAMEWORK: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_REQ_FILE_TOO_LARGE: 'body_too_large',
  FST_PARTS_LIMIT: 'body_too_large',
  FST_FILES_LIMIT: 'body_too_large',
  FST_FIELDS_LIMIT: 'body_too_large',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'unsupported_media_type',
  FST_ERR_BAD_URL: 'malformed_text',
};

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'route_not_found',
  405: 'method_not_allowed',
  406: 'unsupported_media_type',
  408: 'request_timeout',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  431: 'header_too_large',
};

/** What the multipart reader says about bodies that end early or are not what they claim; it has no codes for these. */
const MULTIPART_DEFECT =
  /^(Unexpected end of|Malformed|Multipart: |Missing Content-Type|Part terminated|premature close)/i;

export class Problems {
  readonly #log: Logger;
  readonly #strict: boolean;

  /** `strict` (tests): a value that only the database refused counts as a fault, since a schema should have. */
  constructor(log: Logger, strict: boolean) {
    this.#log = log;
    this.#strict = strict;
  }

  send(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const refusal = this.#refusal(error, request);
    const document = problem(refusal.code, {
      detail: refusal.detail,
      errors: refusal.errors,
      facts: refusal.status >= 500 ? { ...refusal.facts, request_id: request.id } : refusal.facts,
      instance: pathOf(request.url),
    });
    if (refusal.status === 401) reply.header('www-authenticate', 'Bearer');
    if (refusal.headers !== undefined) reply.headers(refusal.headers);
    return sendProblem(reply, document);
  }

  #refusal(error: unknown, request: FastifyRequest): ApiError {
    if (error instanceof ApiError) {
      if (error.status >= 500) this.#fault(error, request);
      return error;
    }
    const { code, statusCode, message } = shapeOf(error);
    if (error instanceof DatabaseUnavailable) {
      this.#log.error({ ...context(request), err: error }, 'the database does not answer');
      return new ApiError('unavailable', { headers: { 'retry-after': '1' } });
    }
    const known = code === undefined ? undefined : FRAMEWORK[code];
    if (known !== undefined) return new ApiError(known, { detail: message });
    if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
      return new ApiError(BY_STATUS[statusCode] ?? 'malformed_request', { detail: message });
    }
    if (isMultipart(request) && MULTIPART_DEFECT.test(message)) {
      return new ApiError('malformed_request', { detail: message });
    }
    // SQLSTATE class 22: a value that the database cannot hold. A schema let it pass, which is a defect of ours, but
    // the caller is told what is true: the value cannot be used.
    if (!this.#strict && code !== undefined && /^22[0-9A-Z]{3}$/.test(code)) {
      this.#fault(error, request);
      return new ApiError('validation_failed');
    }
    this.#fault(error, request);
    return new ApiError('internal');
  }

  #fault(error: unknown, request: FastifyRequest): void {
    this.#log.error({ ...context(request), err: error }, 'a request failed');
  }
}

function context(request: FastifyRequest): Record<string, unknown> {
  return {
    request: request.id,
    tenant: request.session?.tenant.id,
    user: request.session?.userId,
    method: request.method,
    route: request.routeOptions.url,
  };
}

function shapeOf(error: unknown): { code: string | undefined; statusCode: number | undefined; message: string } {
  if (typeof error !== 'object' || error === null) return { code: undefined, statusCode: undefined, message: '' };
  const { code, statusCode, message } = error as { code?: unknown; statusCode?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : undefined,
    statusCode: typeof statusCode === 'number' ? statusCode : undefined,
    message: typeof message === 'string' ? message : '',
  };
}

function isMultipart(request: FastifyRequest): boolean {
  return request.headers['content-type']?.startsWith('multipart/') === true;
}

/** The path without its query, which may hold what should not be repeated. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

export function sendProblem(reply: FastifyReply, document: Problem): FastifyReply {
  return reply
    .code(document.status)
    .headers(API_HEADERS)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(document));
}

/** The bytes for a connection whose request could not even be read. */
export function rawProblem(code: ErrorCode): string {
  const body = JSON.stringify(problem(code));
  const { status } = ERRORS[code];
  return [
    `HTTP/1.1 ${status} Refused`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
