/**
 * `/monitoring/health` and `/monitoring/metrics`, outside the interface: for probers and Prometheus, which have no session.
 * They tell nothing of a person, but business figures all the same, so they answer this machine only, unless a token is set.
 */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';

export interface MonitoringOptions {
  readonly health: Health;
  readonly metrics: Metrics;
  /** `Authorization: Bearer …` with this opens the routes to other machines. */
  readonly token: string | undefined;
}

export function registerMonitoring(app: FastifyInstance, { health, metrics, token }: MonitoringOptions): void {
  const open = (request: FastifyRequest) => isLoopback(request.ip) || bearerIs(request, token);
  const refused = { status: 403, code: 'forbidden', title: 'Monitoring is open on this machine or with its token.' };
  app.get('/monitoring/health', async (request, reply) => {
    if (!open(request)) return reply.code(403).type('application/problem+json').send(refused);
    const report = await health.report();
    return reply
      .code(report.status === 'ok' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(report);
  });
  // For orchestrators that tell "restart me" from "send me nothing yet".
  app.get('/monitoring/live', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  app.get('/monitoring/metrics', async (request, reply) => {
    if (!open(request)) return reply.code(403).type('application/problem+json').send(refused);
    return reply
      .header('cache-control', 'no-store')
      .type(metrics.contentType)
      .send(await metrics.text());
  });
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || ip.startsWith('127.') || ip.startsWith('::ffff:127.');
}

function bearerIs(request: FastifyRequest, token: string | undefined): boolean {
  const given = request.headers.authorization;
  if (token === undefined || given === undefined) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(`Bearer ${token}`)];
  return a.length === b.length && timingSafeEqual(a, b);
}
