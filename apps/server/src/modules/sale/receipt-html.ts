/** A receipt as a page that prints on a roll of 80 mm as well as on a sheet. Nothing in it runs or loads. */
import type { Receipt } from './receipt.js';

const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 6mm 4mm; max-width: 80mm; background: #fff; color: #1c2126;
  font: 13px/1.35 "Inter Variable", Inter, system-ui, sans-serif; font-variant-numeric: tabular-nums; }
header, footer { text-align: center; }
h1 { margin: 0; font-size: 17px; }
h2 { margin: 10px 0 4px; font-size: 13px; font-weight: 600; text-align: center; }
p { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
td { padding: 1px 0; vertical-align: top; overflow-wrap: anywhere; }
td + td { text-align: right; white-space: nowrap; padding-left: 8px; overflow-wrap: normal; }
.lines { margin-top: 8px; border-top: 1px dashed #1c2126; border-bottom: 1px dashed #1c2126; }
.lines tr.item td { padding-top: 5px; }
.lines tr:last-child td { padding-bottom: 5px; }
.less { color: #5b6066; }
.total td { padding: 6px 0; font-size: 19px; font-weight: 700; }
.notice { margin-top: 12px; padding: 6px; border: 1px solid #1c2126; text-align: center; font-weight: 600; }
footer { margin-top: 10px; }
@media print { body { padding: 0; } @page { margin: 4mm; } }
`;

export function receiptHtml(receipt: Receipt): string {
  const rows = (list: Receipt['facts']) =>
    list.map(([label, value]) => `<tr><td>${escaped(label)}</td><td>${escaped(value)}</td></tr>`).join('');
  const lines = receipt.lines
    .map(
      (line) =>
        `<tr class="item"><td colspan="2">${escaped(line.name)}</td></tr>` +
        `<tr><td class="less">${escaped(line.detail)}</td><td>${escaped(line.total)}</td></tr>` +
        line.discounts
          .map((d) => `<tr><td class="less">${escaped(d.text)}</td><td>${escaped(d.amount)}</td></tr>`)
          .join(''),
    )
    .join('');
  const number = receipt.facts[0]?.[1] ?? '';
  return `<!doctype html>
<html lang="${receipt.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(`${receipt.title} ${number}`)}</title><style>${STYLE}</style></head>
<body><header><h1>${escaped(receipt.shop.name)}</h1>${receipt.shopLines.map((l) => `<p>${escaped(l)}</p>`).join('')}</header>
<main><h2>${escaped(receipt.title)}</h2><table>${rows(receipt.facts)}</table>
<table class="lines">${lines}</table>
<table><tr class="total"><td>${escaped(receipt.totalLabel)}</td><td>${escaped(receipt.total)}</td></tr>${rows(receipt.sums)}</table>
${receipt.notice === null ? '' : `<p class="notice">${escaped(receipt.notice)}</p>`}</main>
${receipt.footer === '' ? '' : `<footer><p>${escaped(receipt.footer)}</p></footer>`}
</body></html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
}
