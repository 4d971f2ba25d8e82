/**
 * The settings, read once from the environment and parsed here, so that a wrong one is refused at the start
 * with its name and not met later as an odd fault.
 */
import { resolve } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default(''),
  DATA_DIR: z.string().default('.mostrador'),
  DATABASE_URL: z.string().optional(),
  MASTER_KEY: z.string().optional(),
  MONITORING_TOKEN: z.string().min(16).optional(),
  CORS_ORIGINS: z
    .string()
    .regex(/^https?:\/\/[^\s,/]+(,\s*https?:\/\/[^\s,/]+)*$/, 'not a list of origins such as https://shop.example')
    .optional(),
  DEMO: z.enum(['on', 'off']).default('on'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export interface Config {
  readonly port: number;
  /** Empty: loopback, both families. */
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly masterKey: string | undefined;
  /** Opens /monitoring to other machines. */
  readonly monitoringToken: string | undefined;
  /** Origins of other sites whose pages may call the interface; separated by commas in the environment. */
  readonly corsOrigins: readonly string[];
  readonly demo: boolean;
  readonly logLevel: string;
}

/** Parses the environment; throws an Error that names every wrong variable. */
export function readConfig(env: Record<string, string | undefined>, cwd: string): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, v]) => v !== undefined && v !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const defects = parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`);
    throw new Error(`The environment has settings that cannot be used:\n  ${defects.join('\n  ')}`);
  }
  const e = parsed.data;
  return {
    port: e.PORT,
    host: e.HOST,
    dataDir: resolve(cwd, e.DATA_DIR),
    databaseUrl: e.DATABASE_URL,
    masterKey: e.MASTER_KEY,
    monitoringToken: e.MONITORING_TOKEN,
    corsOrigins: (e.CORS_ORIGINS ?? '').split(/,\s*/).filter((origin) => origin !== ''),
    demo: e.DEMO === 'on',
    logLevel: e.LOG_LEVEL,
  };
}
