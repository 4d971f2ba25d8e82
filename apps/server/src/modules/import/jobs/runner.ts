/**
 * Works on import jobs, one at a time in this process. Jobs that were left behind are found in the database and gone
 * on with; whoever dies in the middle leaves a job that says `running` and a lock that is free [IM22].
 */
import type { Platform } from '../../../module.js';
import { DatabaseUnavailable } from '../../../platform/database/index.js';
import { underImportLock } from '../lock.js';
import { importProducts } from '../products/run.js';
import type { ImportProgress, RowDefect } from '../progress.js';
import { importSales, surveySales } from '../sales/run.js';
import { ImportRefused } from '../shop.js';
import { shopOf } from '../shops.js';
import { openTable } from '../table/open.js';
import { FileUnreadable } from '../table/source.js';
import {
  clearErrors,
  endJob,
  insertErrors,
  type Job,
  type JobProgress,
  readJob,
  runningJobs,
  saveProgress,
} from './queries.js';
import { withUpload } from './upload.js';

/** How often left-behind jobs are looked for, and progress is saved. */
const LOOK_MS = 10_000;
const SAVE_MS = 500;
/** More is not kept; the count goes on. */
const ERRORS_MAX = 10_000;

export class ImportRunner {
  readonly #platform: Platform;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Begins to look for work, now and then. Does not keep the process alive. */
  begin(): void {
    this.#timer ??= setInterval(() => this.wake(), LOOK_MS).unref();
    this.wake();
  }

  /** There is work. */
  wake(): void {
    this.#working ??= this.#work()
      .catch((error: unknown) => {
        if (!(error instanceof DatabaseUnavailable))
          this.#platform.log.error({ err: error }, 'imports cannot be worked on');
      })
      .finally(() => {
        this.#working = undefined;
      });
  }

  /** Resolves when nothing is being worked on. For tests. */
  async idle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  async #work(): Promise<void> {
    const seen = new Set<string>();
    for (;;) {
      const jobs = await runningJobs(this.#platform.database);
      const next = jobs.find((job) => !seen.has(job.import_id));
      if (next === undefined) return;
      seen.add(next.import_id);
      await underImportLock(this.#platform.database, next.tenant_id, () => this.#run(next.tenant_id, next.import_id));
    }
  }

  async #run(tenantId: number, importId: string): Promise<void> {
    const { database, log } = this.#platform;
    // Another process may have ended it between the look and the lock.
    const job = await readJob(database, tenantId, importId);
    if (job?.state !== 'running') return;
    log.info({ tenant: tenantId, import: importId, kind: job.kind }, 'an import begins');
    const notes = new JobNotes(this.#platform, tenantId, importId);
    try {
      await clearErrors(database, tenantId, importId);
      const result = await withUpload(this.#platform, tenantId, importId, (path) =>
        this.#import(tenantId, job, path, notes),
      );
      await notes.settle();
      await endJob(database, tenantId, importId, { state: 'done', result }, this.#platform.now());
      log.info({ tenant: tenantId, import: importId }, 'an import is done');
    } catch (error) {
      if (notes.cancelled) return;
      // The database or this process is going away: it stays running, and is gone on with.
      if (error instanceof DatabaseUnavailable) throw error;
      const known = error instanceof ImportRefused || error instanceof FileUnreadable;
      if (!known) log.error({ err: error, import: importId }, 'an import failed');
      const failure = known ? error.message : 'Something went wrong on our side';
      await notes.settle().catch(() => {});
      await endJob(database, tenantId, importId, { state: 'failed', failure }, this.#platform.now());
    } finally {
      notes.stop();
    }
  }

  async #import(tenantId: number, job: Job, path: string, notes: JobNotes): Promise<object> {
    const table = await openTable(path);
    const input = {
      table,
      columns: job.columns ?? undefined,
      signal: notes.signal,
      onProgress: (progress: ImportProgress) => notes.progress(progress),
      onDefect: (defect: RowDefect) => notes.defect(defect),
    };
    const shop = await shopOf(this.#platform, tenantId);
    if (job.kind === 'products') {
      return importProducts(this.#platform, shop, { ...input, actor: job.user_id, source: job.file_name });
    }
    return importSales(this.#platform, shop, input, await surveySales(input));
  }
}

/** Saves progress and errors now and then, and hears whether the job was cancelled. */
class JobNotes {
  readonly #platform: Platform;
  readonly #tenantId: number;
  readonly #importId: string;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #latest: JobProgress | undefined;
  #defects: RowDefect[] = [];
  #kept = 0;
  #saving: Promise<void> = Promise.resolve();
  cancelled = false;

  constructor(platform: Platform, tenantId: number, importId: string) {
    this.#platform = platform;
    this.#tenantId = tenantId;
    this.#importId = importId;
    this.#timer = setInterval(() => {
      this.#saving = this.#saving.then(() => this.#save()).catch((error: unknown) => this.#abort.abort(error));
    }, SAVE_MS).unref();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  progress({ total, rows, created, updated, rejected }: ImportProgress): void {
    this.#latest = { total, done: rows, created, updated, rejected };
  }

  defect(defect: RowDefect): void {
    if (this.#kept + this.#defects.length < ERRORS_MAX) this.#defects.push(defect);
  }

  /** Saves what is left. */
  async settle(): Promise<void> {
    clearInterval(this.#timer);
    await this.#saving;
    await this.#save();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #save(): Promise<void> {
    const defects = this.#defects;
    this.#defects = [];
    if (defects.length > 0) {
      await insertErrors(this.#platform.database, this.#tenantId, this.#importId, this.#kept, defects);
      this.#kept += defects.length;
    }
    const latest = this.#latest ?? { total: null, done: 0, created: 0, updated: 0, rejected: 0 };
    if (!(await saveProgress(this.#platform.database, this.#tenantId, this.#importId, latest))) {
      this.cancelled = true;
      this.#abort.abort(new Error('cancelled'));
    }
  }
}
