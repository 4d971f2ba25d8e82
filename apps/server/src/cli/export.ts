/** `export products|sales|stock|customers|journal`: what a shop has, as CSV or one line of JSON a row. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { type GlobalOptions, meter, perform, requireTenant, typedPath, UsageError, withPlatform } from './context.js';
import { csvLine } from './csv.js';
import { EXPORTS, type ExportKind } from './export-rows.js';

interface ExportOptions extends GlobalOptions {
  readonly out?: string;
  readonly format: 'csv' | 'jsonl';
}

const DESCRIPTIONS: Readonly<Record<ExportKind, string>> = {
  products: 'one row a variant; `import products` reads it back',
  sales: 'one row a line of a sale or refund',
  stock: 'one row a variant and location',
  customers: 'with their personal data, in the clear: keep the file safe',
  journal: 'every event in its order',
};

export function exportCommands(program: Command): void {
  const group = program.command('export').description('what a shop has, to a file or to the output');
  for (const kind of Object.keys(EXPORTS) as ExportKind[]) {
    group
      .command(kind)
      .description(DESCRIPTIONS[kind])
      .option('--out <file>', 'the output when absent')
      .addOption(new Option('--format <form>', 'of the rows').choices(['csv', 'jsonl']).default('csv'))
      .action((own: ExportOptions, command: Command) =>
        perform(command, (options) => runExport(kind, { ...own, ...options })),
      );
  }
}

async function runExport(kind: ExportKind, options: ExportOptions): Promise<object> {
  if (options.json === true && options.out === undefined) {
    throw new UsageError('With --json the rows need a file of their own: --out FILE');
  }
  const path = options.out === undefined ? undefined : typedPath(options.out);
  return withPlatform(async (platform) => {
    const tenant = await requireTenant(platform, options.tenant);
    // Personal data is for the owner of the file alone.
    const out = path === undefined ? process.stdout : createWriteStream(path, { mode: 0o600 });
    const bar = meter(path === undefined ? { json: true } : options);
    const { columns, rows } = EXPORTS[kind];
    let count = 0;
    let text = options.format === 'csv' ? csvLine(columns) : '';
    const flush = async (): Promise<void> => {
      if (text !== '' && !out.write(text)) await once(out, 'drain');
      text = '';
    };
    for await (const { row, share } of rows(platform, tenant)) {
      count++;
      text +=
        options.format === 'csv'
          ? csvLine(row)
          : `${JSON.stringify(Object.fromEntries(columns.map((column, i) => [column, row[i]])))}\n`;
      if (text.length > 64_000) {
        await flush();
        bar.at(share, `${count} rows`);
      }
    }
    await flush();
    bar.end();
    if (path === undefined) return {};
    out.end();
    await finished(out);
    return { kind, rows: count, file: path };
  });
}
