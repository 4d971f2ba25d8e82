/**
 * What modules see of HTTP: a table of routes. A route states who may call it and what goes in and out; reading,
 * checking, limiting, answering and describing it (OpenAPI) are done once, for all of them, from that statement.
 */
import type { Readable } from 'node:stream';
import type { ErrorCode } from '@mostrador/contract/errors';
import type { Permission } from '@mostrador/domain/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';

/** The shop that a request belongs to. */
export interface SessionTenant {
  /** `ten_…` */
  readonly id: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2, ISO 4217, IANA. */
  readonly country: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly locale: 'es' | 'en';
}

/** Who asks. Kept until something about the person, the roles or the shop changes. */
export interface Session {
  /** The row number that isolates the shop in the database. */
  readonly tenantId: number;
  readonly tenant: SessionTenant;
  readonly userId: string;
  readonly sessionId: string;
  readonly roleIds: readonly string[];
  readonly permissions: ReadonlySet<Permission>;
}

export type Access = Permission | 'public' | 'signed_in';

/** What a Proposal needs of a request; spread it into the proposal. */
export interface Command {
  readonly id: string;
  readonly key?: string;
  readonly digest: string;
}

/** An answer that is not JSON. */
export interface RawAnswer {
  readonly type: string;
  readonly body: string | Buffer | Readable;
  /** Offered as a download under this name. */
  readonly filename?: string;
  /** `Cache-Control`; `no-store` when absent. */
  readonly cache?: string;
}

/** States that a route answers something else than JSON: the content types. */
export interface RawResponse {
  readonly raw: readonly string[];
}

type Schema = z.ZodType | undefined;

export type Output<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;
export type Answer<R extends z.ZodType | RawResponse> = R extends z.ZodType ? z.input<R> : RawAnswer;

export interface RouteOptions<
  A extends Access,
  P extends Schema,
  Q extends Schema,
  B extends Schema,
  R extends z.ZodType | RawResponse,
> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Under /api/v1, parameters in braces: `/sales/{sale_id}`. */
  readonly url: string;
  /** The noun it belongs to in the reference. */
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly permission: A;
  /** The `Idempotency-Key` header is required. */
  readonly idempotent?: true;
  readonly params?: P;
  /** Strict; values arrive as text. */
  readonly query?: Q;
  /** Strict, JSON. */
  readonly body?: B;
  /** The body is multipart/form-data and read by the handler from `request.parts()`; `body` is then absent. */
  readonly multipart?: true;
  /** Largest body in bytes; 1 MiB when absent. */
  readonly bodyLimit?: number;
  /** 200 when absent. */
  readonly status?: 200 | 201 | 202 | 204;
  readonly response: R;
  /** Codes beside those that every route can answer. */
  readonly errors?: readonly ErrorCode[];
}

/** A request as its handler sees it: checked. */
export interface Handled<A extends Access, P extends Schema, Q extends Schema, B extends Schema> {
  readonly params: Output<P>;
  readonly query: Output<Q>;
  readonly body: Output<B>;
  /** Absent on public routes. */
  readonly session: [A] extends ['public'] ? undefined : Session;
  /** From the Idempotency-Key, or fresh where none was sent. */
  readonly command: Command;
  /** The revision in `If-Match`. */
  readonly ifMatch: number | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export type Handler<
  A extends Access,
  P extends Schema,
  Q extends Schema,
  B extends Schema,
  R extends z.ZodType | RawResponse,
> = (r: Handled<A, P, Q, B>) => Promise<Answer<R>> | Answer<R>;

/** A route as the table holds it. */
export type Route = RouteOptions<Access, Schema, Schema, Schema, z.ZodType | RawResponse>;

export interface Api {
  route<
    R extends z.ZodType | RawResponse,
    A extends Access,
    P extends Schema = undefined,
    Q extends Schema = undefined,
    B extends Schema = undefined,
  >(options: RouteOptions<A, P, Q, B, R>, handler: Handler<A, P, Q, B, R>): void;
  /** All routes so far, in the order of registration. */
  readonly routes: readonly Route[];
}
