/** `migrate`, `verify`, `rebuild`: the upkeep of journal and ledger. */
import type { Command } from 'commander';
import { appliedMigrations } from '../platform/database/index.js';
import { rebuild, verify } from '../platform/journal/index.js';
import { chosenTenants, Failed, meter, perform, withPlatform } from './context.js';

export function journalCommands(program: Command): void {
  program
    .command('migrate')
    .description('bring the schema forward (every other command does so too)')
    .action((_options: object, command: Command) =>
      perform(command, () =>
        withPlatform(async (platform) => {
          const applied = await platform.database.owner((client) => appliedMigrations(client));
          return { ok: true, migrations: applied.length, last: applied.at(-1)?.id ?? '' };
        }),
      ),
    );

  program
    .command('verify')
    .description('check every invariant of journal and ledger; fails when one does not hold')
    .action((_options: object, command: Command) =>
      perform(command, (options) =>
        withPlatform(async (platform) => {
          const bar = meter(options);
          const { database, projections, readers } = platform;
          const report = await verify({
            database,
            projections,
            subscriptions: readers,
            // All that have a journal: the list of shops is one of the tables that are checked.
            tenants: options.tenant === undefined ? undefined : await chosenTenants(platform, options.tenant),
            onProgress: (done, total) => bar.at(total === 0 ? 1 : done / total, 'events checked'),
          });
          bar.end();
          const failed = report.checks.filter((check) => check.failed > 0).map((check) => check.name);
          if (!report.ok) throw new Failed(`Does not hold: ${failed.join(', ')}`, report);
          return report;
        }),
      ),
    );

  program
    .command('rebuild')
    .description('derive all tables anew from the journal, beside the old ones, while sales go on')
    .action((_options: object, command: Command) =>
      perform(command, (options) =>
        withPlatform(async (platform) => {
          const bar = meter(options);
          const { database, projections, readers } = platform;
          const report = await rebuild({
            database,
            projections,
            subscriptions: readers,
            tenants: await chosenTenants(platform, undefined),
            onProgress: (done, total) => bar.at(total === 0 ? 1 : done / total, 'events replayed'),
          });
          bar.end();
          if (!report.ok) throw new Failed('The rebuild did not succeed', report);
          return report;
        }),
      ),
    );
}
