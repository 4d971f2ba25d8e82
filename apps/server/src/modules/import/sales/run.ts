/**
 * The import of a sales history, from the file to the journal: three readings, one commit an invoice, and figures that
 * account for every line. Interrupted anywhere it is simply started again. Rules: docs/spec/import.md.
 */
import { exponentOf } from '@mostrador/domain/money';
import type { Platform } from '../../../module.js';
import type { CommitRejection } from '../../../platform/journal/index.js';
import { mapColumns } from '../columns.js';
import { digestOf } from '../derive.js';
import { Pipeline } from '../pipeline.js';
import type { ImportInput, RowDefect } from '../progress.js';
import { committedDigests } from '../queries.js';
import { ImportRefused, type Shop } from '../shop.js';
import { decimalText } from '../values.js';
import { wallClock } from '../wall-clock.js';
import { type Invoice, readInvoices } from './invoices.js';
import type { Reading } from './line.js';
import { Matcher } from './match.js';
import { Needs } from './needs.js';
import { invoiceCommit, type Plan, planInvoice } from './plan.js';
import { prepareCustomers, prepareProducts, prepareStock } from './prepare.js';
import { Survey } from './survey.js';
import { type SalesFigures, Tally } from './tally.js';

const NOTHING = { rows: 0, created: 0, updated: 0, rejected: 0 } as const;

/** What a file needs to be known by before its shop exists. */
export async function surveySales(input: ImportInput): Promise<Survey> {
  const { table } = input;
  const mapping = mapColumns('sales', table.headings, input.columns);
  if (mapping.defects.length > 0) throw new ImportRefused(mapping.defects.map((d) => d.message).join('\n'));
  const survey = new Survey(mapping.indexes);
  for await (const { rows, bytes } of table.batches()) {
    input.signal?.throwIfAborted();
    for (const { cells } of rows) survey.row(cells);
    input.onProgress?.({ phase: 'read', share: (0.1 * bytes) / table.bytes, total: null, ...NOTHING });
  }
  return survey;
}

/** Throws ImportRefused when the file as a whole cannot be used, FileUnreadable when it is damaged. */
export async function importSales(
  platform: Pick<Platform, 'database' | 'journal' | 'keyring'>,
  shop: Shop,
  input: ImportInput,
  survey: Survey,
): Promise<SalesFigures> {
  const started = performance.now();
  const { tenantId } = shop;
  const { table } = input;
  const reading: Reading = {
    indexes: survey.indexes,
    numberStyle: survey.numberStyle,
    dateOrder: survey.dateOrder,
    toMs: wallClock(shop.timeZone),
  };
  const exponent = exponentOf(shop.currency);
  const untaxed = shop.taxRates.find((rate) => rate.rateBp === 0);
  if (untaxed === undefined)
    throw new ImportRefused('The shop has no tax rate of 0 % for sales whose tax is not known');

  const known = await committedDigests(platform.database, tenantId, commitIds(survey, reading));
  const needs = new Needs();
  for await (const { invoices, bytes } of readInvoices(table, survey, reading)) {
    input.signal?.throwIfAborted();
    for (const invoice of invoices) needs.add(invoice, known.has(invoiceCommit(invoice.number, invoice.at)));
    input.onProgress?.({ phase: 'plan', share: 0.1 + (0.1 * bytes) / table.bytes, total: survey.rows, ...NOTHING });
  }

  const prepared = (from: number) => (done: number, total: number) =>
    input.onProgress?.({ phase: 'prepare', share: from + (0.02 * done) / total, total: survey.rows, ...NOTHING });
  const customers = await prepareCustomers(platform, shop, needs, prepared(0.2));
  const products = await prepareProducts(platform, shop, exponent, needs, prepared(0.22));
  input.signal?.throwIfAborted();
  const opening = await prepareStock(platform, shop, products.articles, needs);

  const tally = new Tally(table.notes, survey, exponent);
  tally.prepared(needs, products, customers, opening);
  const context = {
    locationId: shop.locationId,
    currency: shop.currency,
    exponent,
    tax: { taxRateId: untaxed.taxRateId, taxRateBp: 0 as const },
    codeOf: (key: string) => needs.kindOf(key),
    articleOf: (key: string) => products.articles.get(key),
    customerOf: (customer: string) => customers.ids.get(customer) ?? null,
    matcher: new Matcher(needs.wanted),
  };
  const reject = (defects: readonly RowDefect[]): void => {
    for (const defect of defects) input.onDefect?.(defect);
  };
  const pipeline = new Pipeline(platform.journal, tenantId);
  const progress = (bytes: number): void =>
    input.onProgress?.({
      phase: 'write',
      share: 0.25 + (0.75 * bytes) / table.bytes,
      total: survey.rows,
      ...tally.progress,
    });
  for await (const { invoices, stray, bytes } of readInvoices(table, survey, reading)) {
    tally.reject(stray);
    reject(stray);
    for (const invoice of invoices) {
      if (input.signal?.aborted === true) {
        await pipeline.drain();
        input.signal.throwIfAborted();
      }
      tally.reject(invoice.defects);
      reject(invoice.defects);
      if (invoice.lines.length === 0) continue;
      const plan = planInvoice(invoice, context);
      const digest = digestOf(contentOf(invoice));
      tally.read(invoice);
      const before = known.get(plan.commitId);
      if (before === digest) {
        tally.wrote(plan, false);
        continue;
      }
      const refused = (message: string, code: 'refused' | 'imported_differently'): void => {
        reject([{ row: invoice.lines[0]?.row ?? 0, field: 'invoice', code, value: invoice.number, message }]);
        tally.refused(invoice);
      };
      if (before !== undefined) {
        refused('The invoice was imported before with other lines', 'imported_differently');
        continue;
      }
      await pipeline.send(proposalOf(plan, digest), (result) => {
        if (result.status !== 'rejected') tally.wrote(plan, result.status === 'committed');
        else if (result.rejection.code === 'id_reused') {
          refused('The invoice was imported before with other lines', 'imported_differently');
        } else refused(describe(result.rejection), 'refused');
      });
    }
    progress(bytes);
  }
  await pipeline.drain();
  progress(table.bytes);
  return tally.figures((performance.now() - started) / 1000);
}

/** The ids of all invoices' proposals, by what the survey knows of them. */
function commitIds(survey: Survey, reading: Reading): string[] {
  const ids: string[] = [];
  for (const [number, { moment }] of survey.invoices) {
    const at = reading.toMs(moment, reading.dateOrder);
    if (at !== null) ids.push(invoiceCommit(number, at));
  }
  return ids;
}

/** What the digest covers: the lines as the file has them. */
function contentOf(invoice: Invoice): unknown {
  return invoice.lines.map((l) => [l.sku, l.name, l.quantityMilli, decimalText(l.price), l.at, l.customer]);
}

function proposalOf(plan: Plan, digest: string) {
  const { commitId, at, events, transfers } = plan;
  return { id: commitId, digest, actor: 'import', at, events, transfers };
}

function describe(rejection: CommitRejection): string {
  switch (rejection.code) {
    case 'ledger':
      return `The ledger refuses a movement: ${rejection.reason.code}`;
    case 'constraint':
      return `It contradicts what is there: ${rejection.constraint}`;
    default:
      return `The journal refuses it: ${rejection.code}`;
  }
}
