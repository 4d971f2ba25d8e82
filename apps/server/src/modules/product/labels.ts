/**
 * Shelf labels as a PDF: sheets of A4 stickers, or one label a page for roll printers. Bars are drawn as rectangles,
 * so that they stay sharp at any resolution.
 */
import { gtin14 } from '@mostrador/domain/gtin';
import bwip from 'bwip-js/node';
import PDFDocument from 'pdfkit';

const MM = 72 / 25.4;

/** In millimetres. */
interface Sheet {
  readonly page: readonly [width: number, height: number];
  readonly columns: number;
  readonly rows: number;
  readonly label: readonly [width: number, height: number];
  readonly left: number;
  readonly top: number;
  readonly gapX: number;
  readonly gapY: number;
}

const A4 = [210, 297] as const;
const roll = (width: number, height: number): Sheet => ({
  page: [width, height],
  columns: 1,
  rows: 1,
  label: [width, height],
  left: 0,
  top: 0,
  gapX: 0,
  gapY: 0,
});

export const SHEETS = {
  a4_65: { page: A4, columns: 5, rows: 13, label: [38.1, 21.2], left: 4.75, top: 10.7, gapX: 2.5, gapY: 0 },
  a4_24: { page: A4, columns: 3, rows: 8, label: [64, 34], left: 7.2, top: 12.5, gapX: 2.6, gapY: 0 },
  a4_8: { page: A4, columns: 2, rows: 4, label: [99.1, 67.7], left: 4.65, top: 13.1, gapX: 2.5, gapY: 0 },
  roll_50x25: roll(50, 25),
  roll_58x40: roll(58, 40),
  roll_100x50: roll(100, 50),
} as const satisfies Record<string, Sheet>;

export type LabelSize = keyof typeof SHEETS;

export interface Label {
  readonly name: string;
  readonly sku: string;
  /** As it is to be printed; '' for a product without a price. */
  readonly price: string;
  /** '' for none. */
  readonly barcode: string;
  /** `/ kg`, '' for pieces. */
  readonly unit: string;
}

/** Which symbology a code can be printed in. */
export function symbologyOf(code: string): 'ean13' | 'ean8' | 'upca' | 'itf14' | 'code128' {
  if (gtin14(code) === null) return 'code128';
  if (code.length === 8) return 'ean8';
  if (code.length === 12) return 'upca';
  return code.length === 13 ? 'ean13' : 'itf14';
}

/** Widths of bar, space, bar … in modules. */
export function barsOf(code: string): readonly number[] {
  // Not the `raw` export of that name: that one is a symbology.
  const encoded: unknown = bwip.raw({ bcid: symbologyOf(code), text: code });
  const first: unknown = Array.isArray(encoded) ? encoded[0] : undefined;
  const bars: unknown = typeof first === 'object' && first !== null && 'sbs' in first ? first.sbs : undefined;
  if (!Array.isArray(bars)) throw new Error(`no bars for ${code}`);
  return bars.map(Number);
}

/** The labels in order, each once; `skip` stickers of the first sheet stay empty. Bytes of a PDF. */
export function labelsPdf(labels: readonly Label[], size: LabelSize, skip: number, title: string): Promise<Buffer> {
  const sheet: Sheet = SHEETS[size];
  const perPage = sheet.columns * sheet.rows;
  const page: [number, number] = [sheet.page[0] * MM, sheet.page[1] * MM];
  const document = new PDFDocument({
    size: page,
    margin: 0,
    autoFirstPage: false,
    info: { Title: printable(title), Creator: 'Mostrador' },
  });
  const bytes = new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  const first = skip % perPage;
  labels.forEach((label, n) => {
    const place = n + first;
    if (n === 0 || place % perPage === 0) document.addPage({ size: page, margin: 0 });
    const column = place % sheet.columns;
    const row = Math.floor((place % perPage) / sheet.columns);
    const x = sheet.left + column * (sheet.label[0] + sheet.gapX);
    const y = sheet.top + row * (sheet.label[1] + sheet.gapY);
    drawLabel(document, label, x * MM, y * MM, sheet.label[0] * MM, sheet.label[1] * MM);
  });
  document.end();
  return bytes;
}

type Document = InstanceType<typeof PDFDocument>;

const INK = '#1C2126';
/** Modules left white before the bars, beside the label's own margin. */
const QUIET = 5;

function drawLabel(document: Document, label: Label, x: number, y: number, width: number, height: number): void {
  const pad = Math.min(width, height) * 0.08;
  const inner = width - 2 * pad;
  const nameSize = Math.max(6, height * 0.12);
  const priceSize = Math.max(10, height * 0.23);
  const barsHeight = height * 0.21;
  document.fillColor(INK);
  document.font('Helvetica').fontSize(nameSize);
  const name = printable(label.name);
  document.text(name, x + pad, y + pad, { width: inner, height: nameSize * 2.4, ellipsis: true, lineGap: 0 });
  document.font('Helvetica-Bold');
  // A long price shrinks rather than wraps.
  const text = printable(label.price);
  const fits = Math.min(
    priceSize,
    (priceSize * inner * 0.85) / Math.max(1, document.fontSize(priceSize).widthOfString(text)),
  );
  const priceY = y + pad + nameSize * 2.35;
  document.fontSize(fits).text(text, x + pad, priceY, { width: inner, lineBreak: false });
  if (label.unit !== '' && text !== '') {
    const after = x + pad + document.widthOfString(text) + 3;
    document
      .font('Helvetica')
      .fontSize(nameSize)
      .text(printable(label.unit), after, priceY + fits - nameSize * 1.2, { lineBreak: false });
  }
  const small = Math.max(5, height * 0.075);
  const baseY = y + height - pad - small;
  document.font('Helvetica').fontSize(small);
  if (label.barcode === '') {
    document.text(printable(label.sku), x + pad, baseY, { width: inner, lineBreak: false });
    return;
  }
  const bars = barsOf(label.barcode);
  const modules = bars.reduce((sum, w) => sum + w, 0);
  // Scanners need at least a quarter of a millimetre a module, and some modules of white before the first bar; more
  // helps up to the nominal third.
  const module = Math.min(inner / (modules + QUIET), 0.36 * MM);
  let at = x + pad + QUIET * module;
  const top = baseY - barsHeight - 1;
  bars.forEach((w, n) => {
    if (n % 2 === 0) document.rect(at, top, w * module, barsHeight);
    at += w * module;
  });
  document.fill(INK);
  const code = label.sku === label.barcode || label.sku === '' ? label.barcode : `${label.barcode}  ${label.sku}`;
  document.text(printable(code), x + pad, baseY, { width: inner, height: small * 1.2, lineBreak: false });
}

/** Windows-1252 beyond Latin-1: with it, all that the fonts built into every reader can show. */
const BEYOND_LATIN_1 = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';

/** Blanks of currency formats become plain ones; what the font cannot show becomes a question mark. */
function printable(text: string): string {
  return [...text.normalize('NFC').replace(/[\u00A0\u202F\u2009]/g, ' ')]
    .map((c) => (c <= 'ÿ' || BEYOND_LATIN_1.includes(c) ? c : '?'))
    .join('');
}
