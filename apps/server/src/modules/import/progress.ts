/** What an import tells whoever waits for it, and how it is stopped. */
import type { ImportDefectCode } from '@mostrador/contract/import';
import type { Table } from './table/source.js';

export interface ImportProgress {
  readonly phase: 'read' | 'plan' | 'prepare' | 'write';
  /** 0 to 1, of the whole import. */
  readonly share: number;
  /** Data rows dealt with. */
  readonly rows: number;
  /** Data rows in all; null before they were counted. */
  readonly total: number | null;
  /** So far. */
  readonly created: number;
  readonly updated: number;
  readonly rejected: number;
}

/** Why a row, or a value of it, could not be used. */
export interface RowDefect {
  /** As a spreadsheet counts. */
  readonly row: number;
  readonly field: string | null;
  readonly code: ImportDefectCode;
  readonly value: string;
  readonly message: string;
}

export interface ImportInput {
  readonly table: Table;
  /** Target → heading; absent: as suggested. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** Each thing that is wrong with a row. */
  readonly onDefect?: ((defect: RowDefect) => void) | undefined;
  /** Stops between two commits; the import can be started again. */
  readonly signal?: AbortSignal | undefined;
}
