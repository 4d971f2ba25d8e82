/** The parts of a workbook around its sheets: their names, the shared texts, and which styles mean a date. */
import { FileUnreadable } from './source.js';
import { type XmlHandler, XmlRows } from './xml.js';
import type { Zip } from './zip.js';

/** Characters of shared texts that are held in memory: about 200 MB at most. */
const TEXTS_MAX = 100_000_000;
/** Of one text: a cell of a spreadsheet holds 32,767. */
export const TEXT_MAX = 1_000_000;

export interface Workbook {
  readonly sheets: readonly { readonly name: string; readonly relation: string }[];
  readonly date1904: boolean;
}

export async function readWorkbook(zip: Zip): Promise<Workbook> {
  if (!zip.has('xl/workbook.xml')) throw new FileUnreadable('The archive is no .xlsx workbook');
  const sheets: { name: string; relation: string }[] = [];
  let date1904 = false;
  await parse(zip, 'xl/workbook.xml', (name, attributes) => {
    if (name === 'sheet') sheets.push({ name: attributes.name ?? '', relation: attributes['r:id'] ?? '' });
    if (name === 'workbookPr') date1904 = attributes.date1904 === '1' || attributes.date1904 === 'true';
  });
  return { sheets, date1904 };
}

/** Relation id → target of the workbook's parts. */
export async function readRelations(zip: Zip): Promise<Map<string, string>> {
  const relations = new Map<string, string>();
  const name = 'xl/_rels/workbook.xml.rels';
  if (!zip.has(name)) return relations;
  await parse(zip, name, (element, attributes) => {
    if (element === 'Relationship') relations.set(attributes.Id ?? '', attributes.Target ?? '');
  });
  return relations;
}

export async function readStyles(zip: Zip): Promise<{ cellFormats: number[]; formats: Map<number, string> }> {
  const cellFormats: number[] = [];
  const formats = new Map<number, string>();
  if (!zip.has('xl/styles.xml')) return { cellFormats, formats };
  let inside = false;
  await parse(
    zip,
    'xl/styles.xml',
    (name, attributes) => {
      if (name === 'cellXfs') inside = true;
      else if (name === 'xf' && inside) cellFormats.push(Number(attributes.numFmtId ?? 0));
      else if (name === 'numFmt') formats.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
    },
    (name) => {
      if (name === 'cellXfs') inside = false;
    },
  );
  return { cellFormats, formats };
}

/** Built-in date formats, and own ones with a letter for a day, month, year or hour outside quotes and brackets. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) {
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
  }
  return /[dmyhs]/iu.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]|General|E[+-]/giu, ''));
}

export async function readSharedTexts(zip: Zip): Promise<string[]> {
  const name = 'xl/sharedStrings.xml';
  const texts: string[] = [];
  if (!zip.has(name)) return texts;
  let size = 0;
  let current = '';
  let reading = false;
  let phonetic = false;
  await parse(
    zip,
    name,
    (element) => {
      if (element === 'si') current = '';
      else if (element === 'rPh') phonetic = true;
      else if (element === 't') reading = !phonetic;
    },
    (element) => {
      if (element === 'rPh') phonetic = false;
      else if (element === 't') reading = false;
      else if (element === 'si') {
        size += current.length;
        if (size > TEXTS_MAX) throw new FileUnreadable('The workbook holds too many different texts; save it as .csv');
        texts.push(current);
      }
    },
    (text) => {
      if (!reading) return;
      current += text;
      if (current.length > TEXT_MAX) throw new FileUnreadable('A text of the workbook is longer than any cell can be');
    },
  );
  return texts;
}

async function parse(
  zip: Zip,
  name: string,
  open: XmlHandler['open'],
  close: XmlHandler['close'] = () => {},
  text: XmlHandler['text'] = () => {},
): Promise<void> {
  const xml = new XmlRows({ open, close, text });
  for await (const chunk of zip.stream(name)) xml.write(chunk);
  xml.end();
}
