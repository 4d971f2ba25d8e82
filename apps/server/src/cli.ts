/** The command line: `npm run mostrador -- …`. Each command stands in a file of its own under cli/. */
import { Command, CommanderError } from 'commander';
import { backupCommands } from './cli/backup.js';
import { exportCommands } from './cli/export.js';
import { importCommands } from './cli/import.js';
import { journalCommands } from './cli/journal.js';
import { tenantCommands } from './cli/tenant.js';
import { userCommands } from './cli/user.js';

const program = new Command('mostrador')
  .description('a shop on one journal and one ledger')
  .option('--json', 'print one line of JSON at the end, and nothing else')
  .option('--tenant <shop>', 'id or name; the only shop when absent')
  .exitOverride()
  .showHelpAfterError('(--help tells more)');

for (const add of [tenantCommands, userCommands, journalCommands, backupCommands, importCommands, exportCommands]) {
  add(program);
}
inherit(program);

/** Global options may stand anywhere on the line, also after the command. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride();
    if (child.commands.length === 0) {
      child.option('--json', 'print one line of JSON at the end, and nothing else');
      child.option('--tenant <shop>', 'id or name; the only shop when absent');
    }
    inherit(child);
  }
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
