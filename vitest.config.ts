/**
 * All tests of the repository. Only those of the server get a database, so the pure ones start at once.
 */
import { defineConfig } from 'vitest/config';

// Limits end what hangs. They are no measure of speed, so a machine ten times slower must stay far from them.
const common = { pool: 'forks', testTimeout: 120_000, hookTimeout: 180_000, teardownTimeout: 30_000 } as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: 'packages',
          include: ['packages/**/*.test.{ts,tsx}', 'apps/office/src/**/*.test.{ts,tsx}'],
        },
      },
      {
        test: {
          ...common,
          name: 'server',
          include: ['apps/server/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.browser.test.ts'],
          globalSetup: ['apps/server/test/global-setup.ts'],
        },
      },
      {
        test: {
          ...common,
          name: 'browser',
          include: ['apps/**/*.browser.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
