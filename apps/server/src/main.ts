/** The server as a process: reads the settings, opens the doors, says where they are, and leaves in order. */
import pino from 'pino';
import { type App, createApp } from './app.js';
import { type Config, readConfig } from './config.js';
import { DEMO_LOGINS } from './modules/demo/index.js';
import { DatabaseUnavailable, DatabaseUnusable, quitEmbedded } from './platform/database/index.js';
import { MasterKeyRefused } from './platform/keys/index.js';

/** What must be done within three seconds of SIGTERM, the database's own shutdown included. */
const GRACE_MS = 1200;
const GIVE_UP_MS = 2800;

/** Somebody asked for the end: what fails from now on fails because of it. */
let leaving = false;

async function main(): Promise<void> {
  const config = readConfig(process.env, process.cwd());
  // Its own thread would cost more than it saves at this rate; lines are written when the loop is free.
  const log = pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: false, minLength: 4096 }));
  const opening = createApp(config, { log });
  // From the first moment on: the database may already run when the rest does not.
  leaveOnSignal(opening, config, log);
  const app = await opening;
  try {
    await open(app, config);
  } catch (error) {
    if (!leaving) await app.close(0);
    throw error;
  }
}

async function open(app: App, config: Config): Promise<void> {
  const isDemo = config.demo && (await app.demo());
  if (leaving) return;
  const addresses = await app.listen(config.host, config.port);
  say(addresses, isDemo, config.databaseUrl === undefined ? config.dataDir : 'DATABASE_URL');
}

function say(addresses: readonly string[], isDemo: boolean, where: string): void {
  const port = new URL(addresses[0] ?? 'http://127.0.0.1').port;
  const lines = [
    '',
    '  Mostrador',
    '',
    `  Office      http://localhost:${port}/office/`,
    `  Reference   http://localhost:${port}/api/v1/reference`,
    `  Health      http://localhost:${port}/monitoring/health`,
    `  Data        ${where}`,
    ...(isDemo ? ['', '  This is the demo shop (DEMO=off on an empty database starts without). Sign in as:'] : []),
    ...(isDemo ? DEMO_LOGINS.map((l) => `    ${l.email.padEnd(24)} ${l.password}`) : []),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function leaveOnSignal(opening: Promise<App>, config: Config, log: pino.Logger): void {
  const leave = (signal: string) => {
    if (leaving) return;
    leaving = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      // Nothing that was answered is lost by it, and it must not outlive us.
      if (config.databaseUrl === undefined) quitEmbedded(config.dataDir);
      process.exit(1);
    }, GIVE_UP_MS).unref();
    opening
      .then((app) => app.close(GRACE_MS))
      .then(
        () => log.flush(() => process.exit(0)),
        (error: unknown) => {
          log.error({ error: String(error) }, 'could not stop in order');
          log.flush(() => process.exit(1));
        },
      );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => leave(signal));
}

/** What a person can mend, in words; undefined for a fault. */
function advice(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof DatabaseUnusable || error instanceof MasterKeyRefused) return error.message;
  if (error.message.startsWith('The environment')) return error.message;
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  // Wrong name, wrong password, no such database.
  if (error instanceof DatabaseUnavailable || /^(28|3D)/.test(code ?? '')) return `DATABASE_URL: ${error.message}`;
  if (code === 'EADDRINUSE') return `Port ${port} is taken on ${address}. Stop who uses it, or set PORT.`;
  if (code === 'EACCES' && port !== undefined) return `Port ${port} may not be opened by this user. Set PORT.`;
  return undefined;
}

main().catch((error: unknown) => {
  if (leaving) return;
  console.error(advice(error) ?? error);
  process.exit(1);
});
