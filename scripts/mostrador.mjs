/** `npm run mostrador -- …`: the command line, straight from the sources, in the folder it was called from. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, tsx } from './tools.mjs';

const child = spawn(
  process.execPath,
  ['--import', tsx, join(root, 'apps/server/src/cli.ts'), ...process.argv.slice(2)],
  {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    stdio: 'inherit',
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
