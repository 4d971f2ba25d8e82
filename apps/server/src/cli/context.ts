/**
 * What every command stands on: the settings, the platform (schema brought forward), one way to say how far it is and
 * what came of it, and exit codes: 0 done, 1 failed, 2 asked wrongly.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import cliProgress from 'cli-progress';
import type { Command } from 'commander';
import pino from 'pino';
import { type OpenOptions, type OpenPlatform, openPlatform } from '../compose.js';
import { type Config, readConfig } from '../config.js';
import { listTenants, type TenantSummary } from '../modules/tenant/index.js';

/** A mistake of whoever typed the command; the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command did its work and found something wrong; the report says what. */
export class Failed extends Error {
  override readonly name = 'Failed';
  readonly report: object;
  constructor(message: string, report: object) {
    super(message);
    this.report = report;
  }
}

export interface GlobalOptions {
  readonly json?: boolean;
  readonly tenant?: string;
}

/** Says how far long work is: on a terminal as a bar, else not at all. */
export interface Meter {
  /** `share` from 0 to 1. */
  at(share: number, what: string): void;
  end(): void;
}

/** Relative settings mean the same here as for the server, which runs in the repository's folder. */
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

export function config(): Config {
  const env = { ...process.env };
  if (env.LOG_LEVEL === undefined) env.LOG_LEVEL = 'warn';
  try {
    return readConfig(env, ROOT);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A path as it was typed, against the folder it was typed in. */
export function typedPath(path: string): string {
  return resolve(process.cwd(), path);
}

/** Opens the platform for `fn` and closes it whatever happens. */
export async function withPlatform<T>(
  fn: (platform: OpenPlatform) => Promise<T>,
  journal: OpenOptions['journal'] = {},
): Promise<T> {
  const settings = config();
  const log = pino({ level: settings.logLevel }, pino.destination({ dest: 2, sync: true }));
  const platform = await openPlatform(settings, { log, journal });
  try {
    return await fn(platform);
  } finally {
    await platform.close();
  }
}

/** The shop that is meant: by id, number or name; without one the only one. null: there is none at all. */
export async function findTenant(platform: OpenPlatform, named: string | undefined): Promise<TenantSummary | null> {
  const tenants = await listTenants(platform);
  if (named !== undefined) {
    const key = named.trim().toLowerCase();
    const found = tenants.filter((t) => t.id === key || String(t.tenantId) === key || t.name.toLowerCase() === key);
    if (found.length === 1) return found[0] as TenantSummary;
    throw new UsageError(
      found.length > 1
        ? `There are several shops named "${named}"; give the id`
        : `There is no shop "${named}"${choices(tenants)}`,
    );
  }
  if (tenants.length > 1) throw new UsageError(`There are several shops; say which with --tenant${choices(tenants)}`);
  return tenants[0] ?? null;
}

/** The same, where there has to be one. */
export async function requireTenant(platform: OpenPlatform, named: string | undefined): Promise<TenantSummary> {
  const tenant = await findTenant(platform, named);
  if (tenant === null) throw new UsageError('There is no shop yet; make one with `tenant create`');
  return tenant;
}

/** The shops that a check or a rebuild is about: the one that is named, else all. */
export async function chosenTenants(platform: OpenPlatform, named: string | undefined): Promise<number[]> {
  if (named !== undefined) return [(await requireTenant(platform, named)).tenantId];
  return (await listTenants(platform)).map((t) => t.tenantId);
}

function choices(tenants: readonly TenantSummary[]): string {
  return tenants.length === 0 ? '' : `:\n${tenants.map((t) => `  ${t.id}  ${t.name}`).join('\n')}`;
}

/** Runs a command's work: reports what came of it, or why not, and sets the exit code. */
export async function perform(command: Command, work: (options: GlobalOptions) => Promise<object>): Promise<void> {
  const options: GlobalOptions = command.optsWithGlobals();
  try {
    report(await work(options), options);
  } catch (error) {
    process.exitCode = error instanceof UsageError ? 2 : 1;
    if (error instanceof Failed) {
      report(error.report, options);
      process.stderr.write(`${error.message}\n`);
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    if (options.json === true) process.stdout.write(`${JSON.stringify({ ok: false, error: message })}\n`);
    process.stderr.write(`${message}\n`);
    if (process.env.LOG_LEVEL === 'debug' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  }
}

/** One JSON line, or the figures beneath each other. */
function report(result: object, options: GlobalOptions): void {
  if (options.json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
  else if (Object.keys(result).length > 0) process.stdout.write(`${lines(result, '').join('\n')}\n`);
}

function lines(value: object, indent: string): string[] {
  return Object.entries(value).flatMap(([name, v]) => {
    const label = `${indent}${name.replaceAll('_', ' ')}:`;
    if (Array.isArray(v)) {
      if (v.length === 0) return [];
      return [
        label,
        ...v.flatMap((item) => (isRecord(item) ? [`${indent}  ${oneLine(item)}`] : [`${indent}  ${item}`])),
      ];
    }
    if (isRecord(v)) return [label, ...lines(v, `${indent}  `)];
    return [`${label.padEnd(24)} ${v}`];
  });
}

function oneLine(item: Record<string, unknown>): string {
  return Object.entries(item)
    .filter(([, v]) => !(Array.isArray(v) && v.length === 0))
    .map(([name, v]) => `${name} ${Array.isArray(v) ? v.join('; ') : v}`)
    .join(', ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A bar on the terminal; nothing with --json or without a terminal. */
export function meter(options: GlobalOptions): Meter {
  if (options.json === true || !process.stderr.isTTY) return { at: () => {}, end: () => {} };
  const bar = new cliProgress.SingleBar(
    { format: '{bar} {percentage} %  {what}', stream: process.stderr, hideCursor: true, clearOnComplete: true },
    cliProgress.Presets.shades_classic,
  );
  let started = false;
  return {
    at(share, what) {
      const value = Math.max(0, Math.min(1000, Math.round(share * 1000)));
      if (!started) bar.start(1000, value, { what });
      else bar.update(value, { what });
      started = true;
    },
    end() {
      if (started) bar.stop();
      started = false;
    },
  };
}
