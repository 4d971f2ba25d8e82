/** `import products|sales FILE`: other people's files into a shop, which is made when there is none. */
import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { COUNTRIES } from '@mostrador/domain/tenant';
import type { Command } from 'commander';
import type { OpenPlatform } from '../compose.js';
import {
  countryCode,
  FileUnreadable,
  type ImportInput,
  ImportRefused,
  importProducts,
  importSales,
  mapColumns,
  openTable,
  type RowDefect,
  type Shop,
  shopOf,
  surveySales,
  underImportLock,
} from '../modules/import/index.js';
import { createTenant } from '../modules/tenant/index.js';
import { findTenant, type GlobalOptions, meter, perform, typedPath, UsageError, withPlatform } from './context.js';
import { csvLine } from './csv.js';
import { currencyOf } from './tenant.js';

interface ImportOptions extends GlobalOptions {
  readonly columns?: string;
  readonly currency?: string;
  readonly sheet?: string;
  readonly errors?: string;
}

type Kind = 'products' | 'sales';

/** Country of a new shop of which nothing is known. */
const DEFAULT_COUNTRY = 'AR';
const PHASES = { read: 'reading', plan: 'planning', prepare: 'products and customers', write: 'writing' } as const;
/** Rows that are named on the terminal; `--errors` names all. */
const SHOWN_ERRORS = 20;

export function importCommands(program: Command): void {
  const group = program.command('import').description('files of other systems (.csv, .csv.gz, .xlsx) into a shop');
  const add = (kind: Kind, description: string): void => {
    group
      .command(kind)
      .description(description)
      .argument('<file>', 'against the folder the command was called from')
      .option('--columns <list>', 'target=heading,…; what is left out is guessed, `target=` leaves a target out')
      .option('--currency <code>', 'of a shop that is made for it')
      .option('--sheet <name>', 'of a workbook; its first when absent')
      .option('--errors <file>', 'writes every rejected row to a CSV file')
      .action((file: string, own: ImportOptions, command: Command) =>
        perform(command, (options) => runImport(kind, file, { ...own, ...options })),
      );
  };
  add('products', 'products with barcodes, prices, stock; those that are there are updated');
  add('sales', 'a history of invoices: products, customers, opening stock, sales, refunds, write-offs, fees');
}

/** `invoice=BasketID,price=Price` as a record. Throws UsageError. */
export function parseColumns(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  const columns: Record<string, string> = {};
  // A comma inside a heading is written `\,`.
  for (const pair of text.split(/(?<!\\),/u)) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new UsageError(`--columns: "${pair}" is not of the form target=heading`);
    columns[pair.slice(0, at).trim()] = pair
      .slice(at + 1)
      .trim()
      .replaceAll('\\,', ',');
  }
  return columns;
}

async function runImport(kind: Kind, file: string, options: ImportOptions): Promise<object> {
  const columns = parseColumns(options.columns);
  const currency = currencyOf(options.currency);
  const path = typedPath(file);
  const table = await openTable(path, { sheet: options.sheet });
  const mapping = mapColumns(kind, table.headings, columns);
  if (mapping.defects.length > 0) throw new UsageError(mapping.defects.map((d) => d.message).join('\n'));
  for (const note of table.notes) process.stderr.write(`${note}\n`);

  const bar = meter(options);
  const stop = new AbortController();
  const onSignal = (): void => stop.abort(new Error('Stopped. Start it again to go on where it was.'));
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const errors = new ErrorList(options.errors === undefined ? undefined : typedPath(options.errors));
  try {
    const work = async (platform: OpenPlatform): Promise<object> => {
      const input: ImportInput = {
        table,
        columns,
        signal: stop.signal,
        onProgress: ({ share, rows, total, phase }) =>
          bar.at(share, total === null || rows === 0 ? PHASES[phase] : `${rows} of ${total} rows`),
        onDefect: (defect) => errors.add(defect),
      };
      const result = await importInto(platform, kind, path, input, options.tenant, currency);
      bar.end();
      await errors.end();
      return result;
    };
    // One batch after the other: a history keeps its order, so that opening stock suffices to the last piece.
    return await withPlatform(work, { inFlightMax: 1 });
  } catch (error) {
    bar.end();
    await errors.end();
    if (error instanceof ImportRefused) throw new UsageError(error.message);
    if (error instanceof FileUnreadable) throw new Error(error.message);
    throw error;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

async function importInto(
  platform: OpenPlatform,
  kind: Kind,
  path: string,
  input: ImportInput,
  tenant: string | undefined,
  currency: string | undefined,
): Promise<object> {
  const started = performance.now();
  const survey = kind === 'sales' ? await surveySales(input) : undefined;
  const shop = await shopFor(platform, path, tenant, currency, survey?.country ?? '');
  const done = await underImportLock<object>(platform.database, shop.tenantId, () =>
    survey === undefined
      ? importProducts(platform, shop, { ...input, actor: 'import', source: basename(path) })
      : importSales(platform, shop, input, survey),
  );
  if (done === null) throw new Error('Another import is running in this shop; wait for its end');
  return { ...done.value, currency: shop.currency, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

/** The shop that is named, the only one, or a new one named after the file. */
async function shopFor(
  platform: OpenPlatform,
  path: string,
  named: string | undefined,
  currency: string | undefined,
  countryText: string,
): Promise<Shop> {
  const tenant = await findTenant(platform, named);
  if (tenant !== null) {
    if (currency !== undefined && currency !== tenant.currency) {
      throw new UsageError(`The shop "${tenant.name}" counts in ${tenant.currency}, not in ${currency}`);
    }
    return shopOf(platform, tenant.tenantId);
  }
  const made = await createTenant(platform, {
    name: nameOf(path),
    country: countryOf(countryText, currency),
    currency,
  });
  process.stderr.write(`Made the shop "${made.name}" (${made.country}, ${made.currency}, ${made.timeZone}).\n`);
  return shopOf(platform, made.tenantId);
}

/** What most lines of the file name; else one that pays with the currency. */
function countryOf(text: string, currency: string | undefined): string {
  const code = text === '' ? null : countryCode(text);
  const known = code !== null && COUNTRIES[code] !== undefined ? code : null;
  if (known !== null && (currency === undefined || COUNTRIES[known]?.currency === currency)) return known;
  const paying = Object.entries(COUNTRIES).find(([, country]) => country.currency === currency)?.[0];
  return paying ?? known ?? DEFAULT_COUNTRY;
}

/** `…/online_retail.csv.gz` → `Online retail`. */
function nameOf(path: string): string {
  const words = basename(path)
    .replace(/\.(?:csv|xlsx|gz|txt)\b/giu, '')
    .replace(/[_\-.\s]+/gu, ' ')
    .trim();
  const name = words.charAt(0).toUpperCase() + words.slice(1);
  return name.slice(0, 120) || 'Import';
}

/** The rows that were left out: the first on the terminal, all in a file where one is named. */
class ErrorList {
  readonly #file: ReturnType<typeof createWriteStream> | undefined;
  #count = 0;

  constructor(path: string | undefined) {
    this.#file = path === undefined ? undefined : createWriteStream(path);
    this.#file?.write(csvLine(['row', 'field', 'code', 'value', 'message']));
  }

  add({ row, field, code, value, message }: RowDefect): void {
    this.#count++;
    if (this.#count <= SHOWN_ERRORS) {
      process.stderr.write(
        `row ${row}${field === null ? '' : `, ${field}`}: ${message} (${code}) ${JSON.stringify(value)}\n`,
      );
    } else if (this.#count === SHOWN_ERRORS + 1) process.stderr.write('… and more; --errors FILE names all\n');
    this.#file?.write(csvLine([String(row), field ?? '', code, value, message]));
  }

  end(): Promise<void> {
    const file = this.#file;
    if (file === undefined || file.closed) return Promise.resolve();
    return new Promise((resolve, reject) => {
      file.once('error', reject);
      file.end(resolve);
    });
  }
}
