/**
 * Serves the built applications beside the interface. Files with a hash in their name are kept by browsers for good; the page
 * itself is asked for each time, so that a new version is there at the next load.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { PAGE_HEADERS } from './platform/http/index.js';

/** The same from `src` and from the bundle in `dist`. */
const officeFolder = join(dirname(fileURLToPath(import.meta.url)), '../../office/dist');

/** `/office/` and, since there is nothing else to show yet, `/`. */
export async function registerPages(app: FastifyInstance, options: { readonly isDemo: () => boolean }): Promise<void> {
  app.get('/', (_request, reply) => reply.redirect('/office/'));
  if (!existsSync(join(officeFolder, 'index.html'))) {
    app.get('/office/*', (_request, reply) =>
      reply
        .code(404)
        .type('text/plain; charset=utf-8')
        .send('The office is not built: npm run build, or npm run dev.\n'),
    );
    return;
  }
  const page = readFileSync(join(officeFolder, 'index.html'), 'utf8');
  // The sign-in page of a demo shop says how to sign in.
  const demoPage = page.replace('</head>', '<meta name="mostrador-demo" content="on"></head>');
  await app.register(fastifyStatic, {
    root: join(officeFolder, 'assets'),
    prefix: '/office/assets/',
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
    setHeaders: (reply) => {
      reply.header('x-content-type-options', 'nosniff');
    },
  });
  const send = (reply: FastifyReply) =>
    reply
      .headers({ ...PAGE_HEADERS, 'cache-control': 'no-cache' })
      .type('text/html; charset=utf-8')
      .send(options.isDemo() ? demoPage : page);
  app.get('/office', (_request, reply) => reply.redirect('/office/'));
  // The application reads the rest of the address itself.
  app.get('/office/*', (_request, reply) => send(reply));
}
