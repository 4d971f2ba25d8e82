/**
 * The route table and the one handler that all routes share: guard, read, check, call, answer. It is on the path of
 * every sale, so it does each thing once and leaves the framework's own serialising, logging and hooks aside.
 */
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Defect } from '@mostrador/contract/problem';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isUuidV7, newUuid } from '../ids.js';
import { ApiError } from './api-error.js';
import { API_HEADERS, DOCUMENT_HEADERS } from './headers.js';
import { Buckets, type Limits } from './limits.js';
import { canonical, checkAddress, digest } from './text.js';
import type { Api, Command, Handler, RawAnswer, RawResponse, Route, RouteOptions, Session } from './types.js';
import { check } from './validate.js';

export const API_PREFIX = '/api/v1';

const DEFAULT_BODY_LIMIT = 1_048_576;
/** Lists worth compressing; the answer to a sale is not. */
const COMPRESS_FROM = 8192;
const gzipAsync = promisify(gzip);

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null;
  }
}

/** Knows the tokens it has seen; a promise only for the others. Throws or rejects with an ApiError. */
export type Authenticate = (token: string) => Session | Promise<Session>;

export interface RoutesOptions {
  readonly authenticate: Authenticate;
  readonly limits: Limits;
  readonly now: () => number;
  /** Tests: answers are held against their schemas, and a mismatch is a fault. */
  readonly checkAnswers: boolean;
}

type AnySchema = z.ZodType | undefined;
type AnyHandler = (r: HandledRequest) => unknown;

/** What a handler gets. The command is made only where it is asked for. */
class HandledRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly session: Session | undefined;
  readonly ifMatch: number | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly #key: string | undefined;
  readonly #route: Route;
  #command: Command | undefined;

  constructor(
    route: Route,
    request: FastifyRequest,
    reply: FastifyReply,
    values: { params: unknown; query: unknown; body: unknown; key: string | undefined; ifMatch: number | undefined },
  ) {
    this.#route = route;
    this.request = request;
    this.reply = reply;
    this.params = values.params;
    this.query = values.query;
    this.body = values.body;
    this.ifMatch = values.ifMatch;
    this.session = request.session ?? undefined;
    this.#key = values.key;
  }

  get command(): Command {
    this.#command ??= this.#makeCommand();
    return this.#command;
  }

  #makeCommand(): Command {
    const key = this.#key;
    const named = key?.toLowerCase();
    const own = named !== undefined && isUuidV7(named);
    const id = own ? named : newUuid();
    const content = digest(
      `${this.#route.method} ${this.#route.url}`,
      String(this.session?.tenantId ?? 0),
      canonical(this.request.params),
      canonical(this.request.query),
      // A file has no canonical form here; its route compares what it stored.
      this.#route.multipart === true ? '' : canonical(this.request.body ?? null),
    );
    return key === undefined || own ? { id, digest: content } : { id, key, digest: content };
  }
}

export class Routes implements Api {
  readonly routes: Route[] = [];
  readonly #app: FastifyInstance;
  readonly #options: RoutesOptions;
  readonly #anonymous: Buckets | null;
  readonly #staff: Buckets | null;

  constructor(app: FastifyInstance, options: RoutesOptions) {
    this.#app = app;
    this.#options = options;
    const { anonymousPerHour, staffPerHour } = options.limits;
    this.#anonymous = anonymousPerHour === null ? null : new Buckets(anonymousPerHour, options.now);
    this.#staff = staffPerHour === null ? null : new Buckets(staffPerHour, options.now);
    app.decorateRequest('session', null);
  }

  route<
    R extends z.ZodType | RawResponse,
    A extends Route['permission'],
    P extends AnySchema = undefined,
    Q extends AnySchema = undefined,
    B extends AnySchema = undefined,
  >(options: RouteOptions<A, P, Q, B, R>, handler: Handler<A, P, Q, B, R>): void {
    // The table forgets the types that bound handler and schemas to each other.
    this.#register(options as unknown as Route, handler as unknown as AnyHandler);
  }

  #register(route: Route, handler: AnyHandler): void {
    if (/\{/.test(route.url) && route.params === undefined) {
      throw new Error(`${route.method} ${route.url} has parameters without a schema`);
    }
    this.routes.push(route);
    const status = route.status ?? 200;
    const query = route.query ?? z.strictObject({});
    this.#app.route({
      method: route.method,
      url: API_PREFIX + route.url.replaceAll(/\{(\w+)\}/g, ':$1'),
      bodyLimit: route.bodyLimit ?? DEFAULT_BODY_LIMIT,
      exposeHeadRoute: route.method === 'GET',
      onRequest: (request, _reply, done) => this.#guard(route, request, done),
      handler: async (request, reply) => {
        const answer = await handler(this.#read(route, query, request, reply));
        return this.#answer(route, status, answer, request, reply);
      },
    });
  }

  #guard(route: Route, request: FastifyRequest, done: (error?: Error) => void): void {
    try {
      checkAddress(request.url);
      if (route.permission === 'public') {
        done();
        return;
      }
      const header = request.headers.authorization;
      if (header === undefined || header === '') {
        this.#anonymous?.take(request.ip);
        throw new ApiError('unauthenticated');
      }
      const token = /^Bearer +([\w.~+/=-]+)$/i.exec(header)?.[1];
      if (token === undefined) {
        this.#anonymous?.take(request.ip);
        throw new ApiError('token_invalid');
      }
      const session = this.#options.authenticate(token);
      if (session instanceof Promise) {
        session.then(
          (found) => this.#admit(route, request, found, done),
          (error: Error) => {
            try {
              // Only somebody who was signed in holds an expired token: told it is a 429, their application would not renew it.
              if (!(error instanceof ApiError && error.code === 'token_expired')) this.#anonymous?.take(request.ip);
              done(error);
            } catch (limit) {
              done(limit as Error);
            }
          },
        );
      } else {
        this.#admit(route, request, session, done);
      }
    } catch (error) {
      done(error as Error);
    }
  }

  #admit(route: Route, request: FastifyRequest, session: Session, done: (error?: Error) => void): void {
    request.session = session;
    const { permission } = route;
    try {
      if (!session.roleIds.includes('admin')) this.#staff?.take(session.userId);
      if (permission !== 'signed_in' && permission !== 'public' && !session.permissions.has(permission)) {
        throw new ApiError('forbidden', { facts: { permission } });
      }
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }

  #read(route: Route, querySchema: z.ZodType, request: FastifyRequest, reply: FastifyReply): HandledRequest {
    const defects: Defect[] = [];
    const params = route.params === undefined ? undefined : check(route.params, request.params, 'path.', defects);
    const query = check(querySchema, request.query, 'query.', defects);
    let body: unknown;
    if (route.body !== undefined) {
      body = check(route.body, request.body, '', defects);
    } else if (route.multipart !== true && request.body !== undefined && request.body !== null) {
      check(NO_BODY, request.body, '', defects);
    }
    const key = keyOf(request.headers['idempotency-key'], route, defects);
    const ifMatch = revisionOf(request.headers['if-match']);
    if (defects.length > 0) {
      const only = defects.length === 1 ? defects[0] : undefined;
      if (only?.path === KEY_PATH) {
        throw new ApiError(only.code === 'required' ? 'idempotency_key_required' : 'idempotency_key_invalid', {
          errors: defects,
        });
      }
      throw new ApiError('validation_failed', { errors: defects });
    }
    return new HandledRequest(route, request, reply, {
      params,
      query: route.query === undefined ? undefined : query,
      body,
      key,
      ifMatch,
    });
  }

  async #answer(
    route: Route,
    status: number,
    answer: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    if (reply.statusCode === 200) reply.code(status);
    if ('raw' in route.response) return sendRaw(answer as RawAnswer, reply);
    if (this.#options.checkAnswers) checkAnswer(route, route.response, answer);
    reply.headers(API_HEADERS);
    if (answer === undefined) return reply.send();
    const revision = (answer as { revision?: unknown }).revision;
    if (typeof revision === 'number') reply.header('etag', `"${revision}"`);
    const text = JSON.stringify(answer);
    reply.type('application/json; charset=utf-8');
    if (route.method === 'GET' && text.length >= COMPRESS_FROM && acceptsGzip(request)) {
      const packed = await gzipAsync(text, { level: constants.Z_BEST_SPEED });
      return reply.header('content-encoding', 'gzip').header('vary', 'Accept-Encoding').send(packed);
    }
    return reply.send(text);
  }
}

const NO_BODY = z.strictObject({});
const KEY_PATH = 'header.idempotency-key';

function keyOf(value: string | string[] | undefined, route: Route, defects: Defect[]): string | undefined {
  if (value === undefined) {
    if (route.idempotent === true) defects.push({ path: KEY_PATH, code: 'required', message: 'is required' });
    return undefined;
  }
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(value)) {
    defects.push({ path: KEY_PATH, code: 'invalid_format', message: 'not 1 to 255 visible ASCII characters' });
    return undefined;
  }
  return value;
}

function revisionOf(value: string | undefined): number | undefined {
  if (value === undefined || value === '*') return undefined;
  const digits = /^(?:W\/)?"?(\d{1,15})"?$/.exec(value)?.[1];
  if (digits === undefined) {
    throw new ApiError('malformed_header', {
      errors: [{ path: 'header.if-match', code: 'invalid_format', message: 'not an ETag of this interface' }],
    });
  }
  return Number(digits);
}

function acceptsGzip(request: FastifyRequest): boolean {
  const accepted = request.headers['accept-encoding'];
  return typeof accepted === 'string' && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(accepted);
}

function sendRaw(answer: RawAnswer, reply: FastifyReply): FastifyReply {
  reply.headers(DOCUMENT_HEADERS).type(answer.type);
  reply.header('cache-control', answer.cache ?? 'no-store');
  if (answer.filename !== undefined) {
    const ascii = answer.filename.replaceAll(/[^\w. -]/g, '_');
    reply.header(
      'content-disposition',
      `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(answer.filename)}`,
    );
  }
  return reply.send(answer.body instanceof Readable ? answer.body : Buffer.from(answer.body));
}

function checkAnswer(route: Route, schema: z.ZodType, answer: unknown): void {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return;
  const defects = parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`);
  throw new Error(`${route.method} ${route.url} answers what it does not state: ${defects.join('; ')}`);
}
