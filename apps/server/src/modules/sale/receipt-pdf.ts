/** A receipt as a PDF of 80 mm width, as long as it needs, for rolls and for sending. */
import PDFDocument from 'pdfkit';
import type { Receipt } from './receipt.js';

const MM = 72 / 25.4;
const WIDTH = 80 * MM;
const MARGIN = 5 * MM;
const INNER = WIDTH - 2 * MARGIN;
/** Readers refuse pages longer than 200 inches; a longer receipt goes on on another page. */
const HEIGHT_MAX = 14_000;
const FACE = 'Helvetica';
const BOLD = 'Helvetica-Bold';

/** Windows-1252 beyond Latin-1, which is all that the fonts built into every reader can write. */
const BEYOND_LATIN_1 = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';

type Document = InstanceType<typeof PDFDocument>;

export function receiptPdf(receipt: Receipt): Promise<Buffer> {
  // Drawn twice: once to learn how long it is.
  const probe = new PDFDocument({ size: [WIDTH, HEIGHT_MAX], margin: MARGIN });
  draw(probe, receipt);
  const height = probe.bufferedPageRange().count > 1 ? HEIGHT_MAX : Math.min(HEIGHT_MAX, probe.y + MARGIN);
  const document = new PDFDocument({
    size: [WIDTH, Math.max(height, 60 * MM)],
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 0 },
    info: { Title: writable(`${receipt.title} ${receipt.facts[0]?.[1] ?? ''}`), Creator: 'Mostrador' },
    lang: receipt.language,
  });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
    draw(document, receipt);
    document.end();
  });
}

function draw(document: Document, receipt: Receipt): void {
  document.fillColor('#1c2126');
  centred(document, receipt.shop.name, 13, BOLD);
  for (const line of receipt.shopLines) centred(document, line, 8.5);
  document.moveDown(0.6);
  centred(document, receipt.title, 9.5, BOLD);
  document.moveDown(0.3);
  for (const [label, value] of receipt.facts) pair(document, label, value);
  rule(document);
  for (const line of receipt.lines) {
    left(document, line.name, 9);
    pair(document, line.detail, line.total);
    for (const discount of line.discounts) pair(document, discount.text, discount.amount);
    document.moveDown(0.25);
  }
  rule(document);
  pair(document, receipt.totalLabel, receipt.total, 13, BOLD);
  document.moveDown(0.3);
  for (const [label, value] of receipt.sums) pair(document, label, value);
  if (receipt.notice !== null) {
    rule(document);
    centred(document, receipt.notice, 9, BOLD);
  }
  if (receipt.footer !== '') {
    document.moveDown(0.6);
    centred(document, receipt.footer, 8.5);
  }
}

function centred(document: Document, text: string, size: number, font = FACE): void {
  document.font(font).fontSize(size).text(writable(text), MARGIN, document.y, { width: INNER, align: 'center' });
}

function left(document: Document, text: string, size: number): void {
  document.font(FACE).fontSize(size).text(writable(text), MARGIN, document.y, { width: INNER });
}

/** A label on the left that may wrap, a value on the right that may not. */
function pair(document: Document, label: string, value: string, size = 8.5, font = FACE): void {
  document.font(font).fontSize(size);
  const right = writable(value);
  const rightWidth = Math.min(INNER * 0.7, document.widthOfString(right) + 2);
  const labelText = writable(label);
  const labelWidth = INNER - rightWidth - 6;
  const height = document.heightOfString(labelText, { width: labelWidth });
  if (document.y + height > document.page.height - document.page.margins.bottom) document.addPage();
  const y = document.y;
  document.text(right, MARGIN + INNER - rightWidth, y, { width: rightWidth, align: 'right' });
  const afterValue = document.y;
  document.text(labelText, MARGIN, y, { width: labelWidth });
  document.y = Math.max(document.y, afterValue);
}

function rule(document: Document): void {
  document.moveDown(0.4);
  document
    .moveTo(MARGIN, document.y)
    .lineTo(MARGIN + INNER, document.y)
    .dash(2, { space: 2 })
    .lineWidth(0.6)
    .stroke()
    .undash();
  document.moveDown(0.4);
}

/** Letters the fonts do not have lose their marks, and become a question mark when that does not help. */
function writable(text: string): string {
  let out = '';
  // Number formats use narrow and non-breaking spaces.
  for (const char of text.replace(/[\u00a0\u2000-\u200a\u202f]/g, ' ').normalize('NFC')) {
    if (isWritable(char)) out += char;
    else {
      const base = char.normalize('NFD').replace(/\p{M}/gu, '');
      out += [...base].every(isWritable) ? base : '?';
    }
  }
  return out;
}

function isWritable(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return (code >= 32 && code < 127) || (code >= 160 && code < 256) || BEYOND_LATIN_1.includes(char);
}
