/** `backup` and `restore`: everything in one file, and back. */
import type { Command } from 'commander';
import { derivedCommit, digestOf } from '../modules/import/index.js';
import { modules } from '../modules.js';
import { backup, restore } from '../platform/backup/index.js';
import { openDatabase } from '../platform/database/index.js';
import { journalMigrations } from '../platform/journal/index.js';
import { keyMigrations } from '../platform/keys/index.js';
import { config, meter, perform, typedPath, withPlatform } from './context.js';

export function backupCommands(program: Command): void {
  program
    .command('backup')
    .description('save everything to one file while the server goes on; the master key is not in it')
    .argument('<file>', 'where to; replaced when it is there')
    .action((file: string, _options: object, command: Command) =>
      perform(command, (options) =>
        withPlatform(async (platform) => {
          const bar = meter(options);
          const result = await backup(platform.database, typedPath(file), (p) =>
            bar.at(p.total === 0 ? 0 : p.done / p.total, p.table),
          );
          bar.end();
          const { bytes, rows, tables, createdAt, excludes } = result;
          return { file: result.file, bytes, rows, tables, created_at: createdAt, excludes };
        }),
      ),
    );

  program
    .command('restore')
    .description('bring a backup back into an empty database; the server must be stopped')
    .argument('<file>', 'as `backup` wrote it')
    .option('--force', 'replace what is in the database')
    .action((file: string, own: { readonly force?: boolean }, command: Command) =>
      perform(command, async (options) => {
        const settings = config();
        const migrations = [...keyMigrations, ...journalMigrations, ...modules.flatMap((m) => m.migrations)];
        const { databaseUrl, dataDir, masterKey } = settings;
        const database = await openDatabase({ databaseUrl, dataDir, migrations });
        const bar = meter(options);
        const result = await restore({
          database,
          file: typedPath(file),
          migrations,
          dataDir,
          masterKey,
          force: own.force,
          onProgress: (p) => bar.at(p.total === 0 ? 0 : p.done / p.total, p.table),
        }).finally(() => database.close());
        bar.end();
        const forgotten = result.erased.length === 0 ? 0 : await forget(result.erased);
        return {
          created_at: result.createdAt,
          rows: result.rows,
          tables: result.tables,
          log_id: result.logId,
          erased_again: forgotten,
          master_key: result.masterKey,
        };
      }),
    );
}

/** Erasures that are younger than the backup happened, so they are said again in the restored journals. */
function forget(
  erased: readonly { readonly tenantId: number; readonly personId: string; readonly at: number }[],
): Promise<number> {
  return withPlatform(async ({ journal, database }) => {
    let count = 0;
    for (const { tenantId, personId, at } of erased) {
      if (!personId.startsWith('cus_')) continue;
      const rows = await database.read<{ erased: boolean }>(tenantId, {
        text: 'SELECT erased_at IS NOT NULL AS erased FROM customer WHERE tenant_id = $1 AND customer_id = $2',
        values: [tenantId, personId],
      });
      if (rows[0]?.erased !== false) continue;
      const events = [{ type: 'customer.erased', subject: personId, payload: { customerId: personId } }];
      const id = derivedCommit(at, 'erased again', personId);
      await journal.commit(tenantId, { id, digest: digestOf(events), actor: 'system', at, events });
      count++;
    }
    return count;
  });
}
