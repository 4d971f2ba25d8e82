import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSeparator } from './csv.js';
import { openTable } from './open.js';
import { columnLetters, FileUnreadable, type OpenOptions, uniqueHeadings } from './source.js';
import { decimalText, serialDate } from './xlsx.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mostrador-table-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function read(bytes: Buffer | string, options: OpenOptions = {}) {
  const path = join(folder, `file-${files++}`);
  await writeFile(path, bytes);
  const table = await openTable(path, options);
  const rows: { row: number; cells: readonly string[] }[] = [];
  for await (const batch of table.batches()) rows.push(...batch.rows);
  return { table, rows };
}

describe('separated text', () => {
  it.each([',', ';', '\t', '|'])('[IM15] finds the separator %j', async (separator) => {
    const text = `Código${separator}Descripción${separator}Precio\n001${separator}"Yerba${separator} 1 kg"${separator}9.5\n`;
    const { table, rows } = await read(text);
    expect(table.headings).toEqual(['Código', 'Descripción', 'Precio']);
    expect(rows).toEqual([{ row: 2, cells: ['001', `Yerba${separator} 1 kg`, '9.5'] }]);
  });

  it('[IM15] reads past a byte order mark, gzip, and line breaks in quotes, and counts rows as a spreadsheet does', async () => {
    const text = '\ufeffa,b\r\n1,"two\nlines"\r\n\r\n,\r\n3,"say ""hi"""\r\n';
    const { table, rows } = await read(gzipSync(text));
    expect(table.headings).toEqual(['a', 'b']);
    expect(rows).toEqual([
      { row: 2, cells: ['1', 'two\nlines'] },
      { row: 5, cells: ['3', 'say "hi"'] },
    ]);
  });

  it('[IM15] takes single lines that are no UTF-8 for Windows-1252 and leaves the others alone', async () => {
    const bytes = Buffer.concat([
      Buffer.from('name\nJabón ñandú\n'),
      Buffer.from([0xa3, 0x31, 0x30, 0x20, 0xf1, 0x0a]),
      Buffer.from('Té €\n'),
    ]);
    const { rows } = await read(bytes);
    expect(rows.map((r) => r.cells[0])).toEqual(['Jabón ñandú', '£10 ñ', 'Té €']);
  });

  it('[IM15] reads UTF-16 with a byte order mark', async () => {
    const { table, rows } = await read(Buffer.from('\ufeffnombre;precio\nCafé;2\n', 'utf16le'));
    expect(table.headings).toEqual(['nombre', 'precio']);
    expect(rows[0]?.cells).toEqual(['Café', '2']);
  });

  it('splits nothing wrongly at the borders of chunks', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `${i},ñandú €${'x'.repeat(i % 40)}`);
    const { rows } = await read(`id,name\n${lines.join('\n')}\n`);
    expect(rows.length).toBe(30_000);
    expect(rows.every((r, i) => r.cells.join(',') === lines[i])).toBe(true);
  });

  it('says what is wrong with a file that is none', async () => {
    await expect(read('')).rejects.toThrow(FileUnreadable);
    await expect(read('\n\n')).rejects.toThrow('no heading');
    await expect(read(Buffer.from([1, 0, 2, 0, 3]))).rejects.toThrow('no text file');
    await expect(openTable(join(folder, 'nowhere.csv'))).rejects.toThrow('There is no file');
    await expect(read(gzipSync('a,b\n1,2\n').subarray(0, 20))).rejects.toThrow(FileUnreadable);
  });

  it('names a heading row without names, and tells doubles apart', () => {
    expect(uniqueHeadings(['Precio', '', ' Precio ', 'a\n b'])).toEqual(['Precio', 'Column B', 'Precio (2)', 'a b']);
    expect([0, 25, 26, 701, 702].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA']);
  });

  it('looks for the separator outside quotes', () => {
    expect(findSeparator('a;"b,c,d,e"\n1;"2,3,4,5"\n')).toBe(';');
    expect(findSeparator('single\nvalues\n')).toBe(',');
  });
});

const SHEET = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is><t>Fecha</t></is></c><c r="D2" t="str"><v>Precio</v></c></row>
<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" s="1"><v>40513.351388888892</v></c><c r="D3"><v>2.5499999999999998</v></c></row>
<row r="5"><c r="A5"><v>7790001000012</v></c><c r="B5" s="2"><v>40513</v></c><c r="C5" t="b"><v>1</v></c><c r="D5" t="e"><v>#N/A</v></c></row>
</sheetData></worksheet>`;

function workbook(sheets: Record<string, string>): Buffer {
  const names = Object.keys(sheets);
  const rels = names.map((_, i) => `<Relationship Id="r${i}" Target="worksheets/s${i}.xml"/>`).join('');
  const list = names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i}"/>`).join('');
  return zip({
    'xl/workbook.xml': `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>${list}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${rels}</Relationships>`,
    'xl/styles.xml':
      '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="164"/></cellXfs></styleSheet>',
    'xl/sharedStrings.xml':
      '<sst><si><t>Código</t></si><si><r><t>A&amp;</t></r><r><t>B</t></r><rPh><t>no</t></rPh></si></sst>',
    ...Object.fromEntries(names.map((name, i) => [`xl/worksheets/s${i}.xml`, sheets[name] as string])),
  });
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** A zip archive with deflated entries: enough of the format for a workbook. */
function zip(entries: Record<string, string>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const raw = Buffer.from(text);
    const packed = deflateRawSync(raw);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(raw), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(raw.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, Buffer.from(name), packed]);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), fields, central, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const tail = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(tail.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, tail, end]);
}

describe('workbooks', () => {
  it('[IM15] reads shared and inline texts, dates, numbers as written, gaps, and skips blank rows', async () => {
    const { table, rows } = await read(workbook({ Hoja: SHEET }));
    expect(table.format).toBe('xlsx');
    expect(table.headings).toEqual(['Código', 'Fecha', 'Column C', 'Precio']);
    expect(rows).toEqual([
      { row: 3, cells: ['A&B', '2010-12-01 08:26:00', '', '2.55'] },
      { row: 5, cells: ['7790001000012', '2010-12-01 00:00:00', 'true', ''] },
    ]);
  });

  it('[IM15] reads the first sheet, or the one that is named, and says what it left out', async () => {
    const file = workbook({ Uno: SHEET, Dos: SHEET.replace('7790001000012', '5') });
    expect((await read(file)).table.notes).toEqual(['Read the sheet "Uno"; left out: Dos']);
    expect((await read(file, { sheet: 'Dos' })).rows[1]?.cells[0]).toBe('5');
    await expect(read(file, { sheet: 'Tres' })).rejects.toThrow('there are: Uno, Dos');
  });

  it('says when a workbook is damaged or none', async () => {
    await expect(read(workbook({ Hoja: SHEET }).subarray(0, 400))).rejects.toThrow(FileUnreadable);
    await expect(read(zip({ 'a.txt': 'x' }))).rejects.toThrow('no .xlsx workbook');
    await expect(read(workbook({ Hoja: SHEET.replace('</row>', '</rov>') }))).rejects.toThrow(FileUnreadable);
  });

  it('writes numbers without an exponent and serial days as dates', () => {
    expect([2.5499999999999998, 1e21, 1e-7, 7790001000012].map(decimalText)).toEqual([
      '2.55',
      '1000000000000000000000',
      '0.0000001',
      '7790001000012',
    ]);
    expect(serialDate(40513.351388888892, false)).toBe('2010-12-01 08:26:00');
    expect(serialDate(0, true)).toBe('1904-01-01 00:00:00');
  });
});
