/** `npm run dev`: the server from its sources, started anew at each change, and the office with hot reloading at :5173. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bin, root } from './tools.mjs';

const children = [
  spawn(
    process.execPath,
    [bin('tsx', 'dist/cli.mjs'), 'watch', '--clear-screen=false', join(root, 'apps/server/src/main.ts')],
    {
      cwd: root,
      stdio: 'inherit',
    },
  ),
  spawn(process.execPath, [bin('vite', 'bin/vite.js')], { cwd: join(root, 'apps/office'), stdio: 'inherit' }),
];
const stop = () => {
  for (const child of children) child.kill('SIGTERM');
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
for (const child of children) child.on('exit', stop);
