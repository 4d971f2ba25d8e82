/**
 * The HTTP server: one Fastify application behind one or two sockets (IPv4 and IPv6 loopback), whose closing finishes
 * what was accepted. Modules add routes through `api`; the composition root may add others through `app`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import multipart from '@fastify/multipart';
import { ERRORS, type ErrorCode } from '@mostrador/contract/errors';
import { problem } from '@mostrador/contract/problem';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { newUuid } from '../ids.js';
import { corsHeaders, preflightHeaders } from './headers.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { Problems, pathOf, rawProblem, sendProblem } from './problems.js';
import { registerReference } from './reference.js';
import { type Authenticate, Routes } from './routes.js';
import { parseJson } from './text.js';
import type { Api } from './types.js';

/** Largest file that an import takes. */
const MAX_UPLOAD_BYTES = 512 * 1024 * 1024;

export interface HttpOptions {
  readonly log: Logger;
  readonly authenticate: Authenticate;
  readonly version: string;
  readonly now?: () => number;
  readonly limits?: Limits;
  /** Origins of other sites whose pages may call the interface. */
  readonly corsOrigins?: readonly string[];
  /** Hears of every answer: seconds, and the route as it was registered. */
  readonly observe?: (method: string, route: string, status: number, seconds: number) => void;
  /** Tests: answers are held against their schemas, and what only the database refused is a fault. */
  readonly strict?: boolean;
}

export interface Http {
  readonly api: Api;
  /** For routes outside the interface: monitoring, the applications. */
  readonly app: FastifyInstance;
  /** Empty host: loopback of both families. Port 0: any. Answers the addresses, 127.0.0.1 first. */
  listen(host: string, port: number): Promise<readonly string[]>;
  /** Takes no new connection, answers what was accepted, then ends; after `graceMs` it cuts what still runs. */
  close(graceMs?: number): Promise<void>;
}

/** Makes the server; it listens when told to. */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const now = options.now ?? Date.now;
  const problems = new Problems(options.log, options.strict === true);
  const state = { closing: false };
  const nextId = requestIds();

  const app = fastify({
    logger: false,
    genReqId: (request) => givenId(request.headers['x-request-id']) ?? nextId(),
    // Behind a proxy on this machine the caller is who the proxy says; nobody else is believed.
    trustProxy: 'loopback',
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: (error, request, reply) => {
      problems.send(error, request as FastifyRequest, reply as FastifyReply);
    },
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  await app.register(multipart, { limits: { fileSize: MAX_UPLOAD_BYTES, files: 1, fields: 20, parts: 21 } });

  const api = new Routes(app, {
    authenticate: options.authenticate,
    limits: options.limits ?? DEFAULT_LIMITS,
    now,
    checkAnswers: options.strict === true,
  });
  const origins = new Set(options.corsOrigins ?? []);

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (state.closing) reply.header('connection', 'close');
    const cors = corsHeaders(request.headers, origins);
    if (cors !== null) reply.headers(cors);
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // Also for a request that came before the closing began, whose socket would else stay open.
    if (state.closing) reply.header('connection', 'close');
    done();
  });
  const { log, observe } = options;
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const ms = reply.elapsedTime;
    observe?.(request.method, route, reply.statusCode, ms / 1000);
    log.info(
      {
        request: request.id,
        tenant: request.session?.tenant.id,
        user: request.session?.userId,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(ms * 10) / 10,
      },
      'answered',
    );
    done();
  });
  app.setErrorHandler((error, request, reply) => problems.send(error, request, reply));
  app.setNotFoundHandler((request, reply) => notFound(app, request, reply));
  registerReference(app, api.routes, options.version);

  const servers: Server[] = [];
  // Connections that have asked nothing yet; browsers open some in advance.
  const silent = new Set<Socket>();
  return {
    api,
    app,
    listen: async (host, port) => {
      await app.ready();
      servers.push(...(await openSockets(app, silent, host, port)));
      return servers.map(addressOf);
    },
    close: async (graceMs = 2000) => {
      state.closing = true;
      await closeSockets(servers, silent, graceMs);
      await app.close();
    },
  };
}

/** A prefix for this process and a count: unique enough to find a request in the logs, and cheap. */
function requestIds(): () => string {
  const prefix = newUuid().slice(-8);
  let count = 0;
  return () => `${prefix}-${(++count).toString(36)}`;
}

function givenId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,64}$/.test(header) ? header : undefined;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'] as const;

function notFound(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = pathOf(request.url);
  const allowed = METHODS.filter((method) => knows(app, method, path));
  if (allowed.length === 0) {
    return sendProblem(reply, problem('route_not_found', { instance: path }));
  }
  reply.header('allow', [...allowed, 'OPTIONS'].join(', '));
  if (request.method === 'OPTIONS') {
    if (reply.hasHeader('access-control-allow-origin')) reply.headers(preflightHeaders());
    return reply.code(204).send();
  }
  return sendProblem(reply, problem('method_not_allowed', { instance: path, facts: { allowed } }));
}

function knows(app: FastifyInstance, method: (typeof METHODS)[number], path: string): boolean {
  // The router itself is asked, so that the answer cannot differ from what it would do. A wildcard is a page, not a route.
  try {
    const found = (app as RouterAware).findRoute({ method, url: path });
    return found !== null && found !== undefined;
  } catch {
    return false;
  }
}

type RouterAware = FastifyInstance & { findRoute(options: { method: string; url: string }): unknown };

async function openSockets(app: FastifyInstance, silent: Set<Socket>, host: string, port: number): Promise<Server[]> {
  const first = await openSocket(app, silent, host === '' ? '127.0.0.1' : host, port);
  if (host !== '') return [first];
  // `localhost` may mean either family; a machine without IPv6 simply has one.
  try {
    return [first, await openSocket(app, silent, '::1', (first.address() as AddressInfo).port)];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || (code === 'EADDRINUSE' && port === 0)) return [first];
    first.close();
    throw error;
  }
}

function openSocket(app: FastifyInstance, silent: Set<Socket>, host: string, port: number): Promise<Server> {
  // Node would refuse a missing Host, and an Expect that it does not know, without a word.
  const options = { keepAliveTimeout: 72_000, requestTimeout: 120_000, requireHostHeader: false };
  const server = createServer(options, (request, response) => {
    silent.delete(request.socket);
    if (request.headers.host === undefined && request.httpVersion === '1.1') refuseHeader(request, response);
    else app.routing(request, response);
  });
  server.on('checkExpectation', refuseHeader);
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('clientError', refuseUnreadable);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

const UNREADABLE: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'header_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

function refuseHeader(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(ERRORS.malformed_header.status, {
    'content-type': 'application/problem+json; charset=utf-8',
    connection: 'close',
  });
  response.end(JSON.stringify(problem('malformed_header')));
}

/** What is not even HTTP gets a problem too, then the connection ends. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(rawProblem(UNREADABLE[error.code ?? ''] ?? 'malformed_request'));
}

function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function closeSockets(servers: readonly Server[], silent: Set<Socket>, graceMs: number): Promise<void> {
  // A connection that is idle now, or becomes so after its last answer, is closed; nothing else tells its client. One that
  // never asked counts as busy to Node for a minute.
  const sweep = setInterval(() => {
    for (const server of servers) server.closeIdleConnections();
    for (const socket of silent) socket.destroy();
  }, 25);
  const cut = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, graceMs);
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  clearInterval(sweep);
  clearTimeout(cut);
}
