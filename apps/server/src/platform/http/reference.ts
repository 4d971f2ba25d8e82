/**
 * The browsable reference: a page over the OpenAPI document. Its script comes out of an npm package and is served from
 * here, so that it works without the Internet; it is large, so it is loaded when somebody first asks for it.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { ApiError } from './api-error.js';
import { PAGE_HEADERS } from './headers.js';
import { openApi } from './openapi.js';
import { API_PREFIX } from './routes.js';
import type { Route } from './types.js';

const REFERENCE = `${API_PREFIX}/reference`;
const DOCUMENT = `${API_PREFIX}/openapi.json`;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mostrador: interface reference</title>
</head>
<body>
<div id="app"></div>
<script src="${REFERENCE}/script.js"></script>
<script src="${REFERENCE}/start.js"></script>
</body>
</html>
`;

const START = `Scalar.createApiReference('#app', ${JSON.stringify({
  url: DOCUMENT,
  withDefaultFonts: false,
  hideClientButton: true,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
})});
`;

interface Packed {
  readonly gzip: Buffer;
  readonly etag: string;
}

/** Adds the document and its page. They are public: they hold no data of a shop. */
export function registerReference(app: FastifyInstance, routes: readonly Route[], version: string): void {
  let documentText: string | undefined;
  let script: Promise<Packed> | undefined;

  app.get(DOCUMENT, (_request, reply) => {
    documentText ??= JSON.stringify(openApi(routes, version));
    return reply
      .headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache' })
      .type('application/json; charset=utf-8')
      .send(documentText);
  });
  const page = PAGE_HEADERS;
  app.get(REFERENCE, (_request, reply) => reply.headers(page).type('text/html; charset=utf-8').send(PAGE));
  app.get(`${REFERENCE}/start.js`, (_request, reply) =>
    reply.headers(page).type('text/javascript; charset=utf-8').send(START),
  );
  app.get(`${REFERENCE}/script.js`, async (request, reply) => {
    script ??= loadScript();
    const packed = await script.catch((error: unknown) => {
      script = undefined;
      throw error;
    });
    reply.headers(page).headers({ etag: packed.etag, 'cache-control': 'no-cache', vary: 'Accept-Encoding' });
    if (request.headers['if-none-match'] === packed.etag) return reply.code(304).send();
    return reply.header('content-encoding', 'gzip').type('text/javascript; charset=utf-8').send(packed.gzip);
  });
}

/** The package offers its script only through its plugin, so a server that listens nowhere is asked for it. */
async function loadScript(): Promise<Packed> {
  const [{ default: reference }, { default: fastify }] = await Promise.all([
    import('@scalar/fastify-api-reference'),
    import('fastify'),
  ]);
  const inner = fastify();
  await inner.register(reference, { routePrefix: '/r', configuration: { url: DOCUMENT } });
  const answer = await inner.inject({ method: 'GET', url: '/r/js/scalar.js' });
  await inner.close();
  if (answer.statusCode !== 200) throw new ApiError('unavailable', { detail: 'The reference is not installed.' });
  const packed = await promisify(gzip)(answer.rawPayload);
  return { gzip: packed, etag: `"${createHash('sha256').update(packed).digest('hex').slice(0, 16)}"` };
}
