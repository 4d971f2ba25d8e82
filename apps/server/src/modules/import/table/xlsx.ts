/**
 * Workbooks: one sheet is streamed out of the archive row by row. Only the table of shared texts is held in memory,
 * within a limit; dates, which a workbook stores as numbers with a style, come out as ISO 8601 text.
 */
import {
  FileUnreadable,
  inBatches,
  isBlank,
  type OpenOptions,
  type Table,
  type TableRow,
  uniqueHeadings,
} from './source.js';
import { isDateFormat, readRelations, readSharedTexts, readStyles, readWorkbook, TEXT_MAX } from './workbook.js';
import { XmlRows } from './xml.js';
import { openZip, type Zip } from './zip.js';

const WIDTH_MAX = 500;
const DAY = 86_400_000;

interface Sheet {
  readonly entry: string;
  readonly texts: readonly string[];
  /** By style index: whether its number is a date. */
  readonly dates: readonly boolean[];
  readonly date1904: boolean;
}

export async function openXlsx(path: string, bytes: number, options: OpenOptions): Promise<Table> {
  const zip = await openZip(path);
  const workbook = await readWorkbook(zip);
  const relations = await readRelations(zip);
  const wanted = options.sheet;
  const chosen = wanted === undefined ? workbook.sheets[0] : workbook.sheets.find((s) => s.name === wanted);
  if (chosen === undefined) {
    const names = workbook.sheets.map((s) => s.name).join(', ');
    zip.close();
    throw new FileUnreadable(
      wanted === undefined ? 'The workbook has no sheet' : `There is no sheet "${wanted}"; there are: ${names}`,
    );
  }
  const target = relations.get(chosen.relation) ?? 'worksheets/sheet1.xml';
  const styles = await readStyles(zip);
  const sheet: Sheet = {
    entry: target.startsWith('/') ? target.slice(1) : `xl/${target}`,
    texts: await readSharedTexts(zip),
    dates: styles.cellFormats.map((id) => isDateFormat(id, styles.formats.get(id))),
    date1904: workbook.date1904,
  };
  let heading: TableRow | undefined;
  for await (const row of sheetRows(zip, sheet, () => {})) {
    if (row.cells.filter((cell) => cell.trim() !== '').length === 0) continue;
    heading = row;
    break;
  }
  zip.close();
  if (heading === undefined) throw new FileUnreadable(`The sheet "${chosen.name}" is empty`);
  const headingRow = heading.row;
  const others = workbook.sheets.filter((s) => s !== chosen).map((s) => s.name);
  return {
    format: 'xlsx',
    headings: uniqueHeadings(heading.cells),
    bytes,
    notes: others.length === 0 ? [] : [`Read the sheet "${chosen.name}"; left out: ${others.join(', ')}`],
    batches() {
      let share = 0;
      return inBatches(
        dataRows(path, sheet, headingRow, (part) => {
          share = part;
        }),
        () => Math.round(share * bytes),
      );
    },
  };
}

async function* dataRows(
  path: string,
  sheet: Sheet,
  headingRow: number,
  progress: (share: number) => void,
): AsyncGenerator<TableRow> {
  const zip = await openZip(path);
  try {
    for await (const row of sheetRows(zip, sheet, progress)) {
      if (row.row > headingRow && !isBlank(row.cells)) yield row;
    }
  } finally {
    zip.close();
  }
}

async function* sheetRows(zip: Zip, sheet: Sheet, progress: (share: number) => void): AsyncGenerator<TableRow> {
  const reader = new SheetReader(sheet);
  const xml = new XmlRows(reader);
  const size = zip.size(sheet.entry);
  let read = 0;
  for await (const chunk of zip.stream(sheet.entry)) {
    read += chunk.length;
    xml.write(chunk);
    progress(size === 0 ? 1 : read / size);
    yield* reader.take();
  }
  xml.end();
  yield* reader.take();
}

/** The part of SpreadsheetML that holds values: row, c, v, is/t. */
class SheetReader {
  #done: TableRow[] = [];
  #cells: string[] = [];
  #row = 0;
  #column = -1;
  #type = '';
  #style = 0;
  #text: string | null = null;
  #value = '';
  readonly #sheet: Sheet;

  constructor(sheet: Sheet) {
    this.#sheet = sheet;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      const given = Number(attributes.r);
      this.#row = Number.isInteger(given) && given > this.#row ? given : this.#row + 1;
      this.#cells = [];
      this.#column = -1;
    } else if (name === 'c') {
      const at = columnOf(attributes.r);
      this.#column = at ?? this.#column + 1;
      this.#type = attributes.t ?? 'n';
      this.#style = Number(attributes.s ?? 0);
      this.#value = '';
    } else if (name === 'v' || name === 't') {
      this.#text = '';
    }
  }

  text(text: string): void {
    if (this.#text === null) return;
    this.#text += text;
    if (this.#text.length > TEXT_MAX) throw new FileUnreadable('A cell of the workbook is longer than any can be');
  }

  close(name: string): void {
    if (name === 'v' || name === 't') {
      this.#value += this.#text ?? '';
      this.#text = null;
    } else if (name === 'c') {
      if (this.#column >= 0 && this.#column < WIDTH_MAX) {
        while (this.#cells.length < this.#column) this.#cells.push('');
        this.#cells[this.#column] = this.#cell();
      }
    } else if (name === 'row') {
      this.#done.push({ row: this.#row, cells: this.#cells });
    }
  }

  take(): TableRow[] {
    const rows = this.#done;
    this.#done = [];
    return rows;
  }

  #cell(): string {
    const value = this.#value;
    switch (this.#type) {
      case 's':
        return this.#sheet.texts[Number(value)] ?? '';
      case 'b':
        return value === '1' ? 'true' : 'false';
      case 'e':
        return '';
      case 'n': {
        if (value === '') return '';
        const number = Number(value);
        if (!Number.isFinite(number)) return value;
        if (this.#sheet.dates[this.#style] === true) return serialDate(number, this.#sheet.date1904);
        return decimalText(number);
      }
      default:
        return value;
    }
  }
}

/** `BC12` → 54; null when there is no reference. */
function columnOf(reference: string | undefined): number | null {
  if (reference === undefined) return null;
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const code = reference.charCodeAt(i);
    if (code < 65 || code > 90) break;
    column = column * 26 + (code - 64);
  }
  return column === 0 ? null : column - 1;
}

/** The shortest text that is the same number (a workbook holds 2.55 as 2.5499999999999998), never with an exponent. */
export function decimalText(number: number): string {
  const text = String(number);
  if (!text.includes('e')) return text;
  return Math.abs(number) >= 1 ? BigInt(Math.round(number)).toString() : number.toFixed(12).replace(/\.?0+$/u, '');
}

/** Days since 1899-12-30 (or 1904-01-01) as `YYYY-MM-DD HH:MM:SS`, to the second. */
export function serialDate(serial: number, date1904: boolean): string {
  const epoch = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const date = new Date(Math.round((epoch + serial * DAY) / 1000) * 1000);
  if (Number.isNaN(date.getTime())) return String(serial);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
