/** `npm start`: builds when something changed, then becomes the server, so that signals reach it without a go-between. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isFresh } from './build.mjs';
import { root } from './tools.mjs';

const parent = process.ppid;
if (process.env.npm_lifecycle_event === 'start') {
  // npm passes a signal to the shell between, and some shells die of it without passing it on.
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 100).unref();
}
if (!isFresh()) await build();
await import(pathToFileURL(join(root, 'apps/server/dist/main.js')).href);

/** In a child: the builders' memory must not stay with the server. */
async function build() {
  // A group of its own, so that its own children can be told to end as well.
  const detached = process.platform !== 'win32';
  const child = spawn(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit', detached });
  const leave = () => {
    if (detached) process.kill(-child.pid);
    else child.kill();
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, leave);
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exit(1);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, leave);
}
