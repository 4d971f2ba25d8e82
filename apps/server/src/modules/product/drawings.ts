/**
 * The drawings of products: plain forms of a corner shop, each in the colours of a tint. A picture's name is a form,
 * or a form and a tint (`bottle`, `bottle-3`).
 */

export interface Colours {
  /** Light, behind everything. */
  readonly ground: string;
  /** Dark, outlines and lids. */
  readonly ink: string;
  /** The thing itself. */
  readonly body: string;
}

/** Ink on ground has a contrast of at least 4.5, since initials are written so. */
export const TINTS: readonly Colours[] = [
  { ground: '#E3EFE9', ink: '#0E5A47', body: '#5FA68C' },
  { ground: '#FBEBCB', ink: '#7A5200', body: '#E2AE45' },
  { ground: '#F8DFD9', ink: '#8F2A19', body: '#D9785F' },
  { ground: '#DDEAF4', ink: '#245780', body: '#6FA3CC' },
  { ground: '#ECE6F2', ink: '#5B3F7E', body: '#A58BC4' },
  { ground: '#EFE9DC', ink: '#5F4A22', body: '#B99B66' },
  { ground: '#E6EBD3', ink: '#4C5B16', body: '#9CAE55' },
  { ground: '#F6E0EA', ink: '#86305A', body: '#CF83A8' },
];

type Draw = (c: Colours) => string;

const rect = (x: number, y: number, w: number, h: number, r: number, fill: string) =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${r}" fill="${fill}"/>`;
const circle = (x: number, y: number, r: number, fill: string) =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
const ellipse = (x: number, y: number, rx: number, ry: number, fill: string) =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"/>`;
const path = (d: string, fill: string) => `<path d="${d}" fill="${fill}"/>`;
const stroke = (d: string, colour: string, width = 3) =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
/** A light band with a stroke on it, where a label would be. */
const label = (x: number, y: number, w: number, h: number, c: Colours) =>
  rect(x, y, w, h, 2, '#FFFFFF') + rect(x + 4, y + h / 2 - 1.5, w - 8, 3, 1.5, c.ink);

export const FORMS: Readonly<Record<string, Draw>> = {
  bottle: (c) =>
    rect(42, 12, 12, 8, 2, c.ink) +
    path('M43 20h10v10c0 4 9 7 9 17v32a6 6 0 0 1-6 6H40a6 6 0 0 1-6-6V47c0-10 9-13 9-17z', c.body) +
    label(34, 52, 28, 16, c),
  'wine-bottle': (c) =>
    rect(43, 8, 10, 16, 2, c.ink) +
    path('M43 24h10v12c0 4 8 5 8 12v32a5 5 0 0 1-5 5H40a5 5 0 0 1-5-5V48c0-7 8-8 8-12z', c.body) +
    label(35, 56, 26, 18, c),
  can: (c) =>
    rect(32, 18, 32, 62, 7, c.body) +
    ellipse(48, 20, 14, 4, c.ink) +
    label(32, 40, 32, 18, c) +
    rect(35, 74, 26, 3, 1.5, c.ink),
  tin: (c) =>
    rect(26, 32, 44, 40, 3, c.body) +
    rect(24, 28, 48, 6, 3, c.ink) +
    rect(24, 70, 48, 6, 3, c.ink) +
    label(26, 43, 44, 18, c),
  jar: (c) =>
    rect(33, 18, 30, 12, 3, c.ink) +
    path('M34 30h28c5 3 7 7 7 12v32a7 7 0 0 1-7 7H34a7 7 0 0 1-7-7V42c0-5 2-9 7-12z', c.body) +
    label(27, 46, 42, 18, c),
  carton: (c) =>
    path('M32 34 40 18h16l8 16v46H32z', c.body) +
    rect(39, 13, 18, 6, 2, c.ink) +
    stroke('M32 34h32', c.ink, 2.5) +
    label(32, 46, 32, 20, c),
  box: (c) => rect(24, 24, 48, 54, 3, c.body) + rect(24, 24, 48, 10, 3, c.ink) + label(30, 44, 36, 20, c),
  bag: (c) =>
    path('M28 22h40l-3 8c4 16 4 34 1 50H30c-3-16-3-34 1-50z', c.body) +
    stroke('M30 29h36', c.ink, 3) +
    label(31, 44, 34, 20, c),
  sachet: (c) =>
    rect(28, 20, 40, 58, 2, c.body) +
    rect(28, 20, 40, 7, 2, c.ink) +
    rect(28, 71, 40, 7, 2, c.ink) +
    label(34, 40, 28, 18, c),
  tube: (c) => path('M36 16h24l-3 52H39z', c.body) + rect(41, 68, 14, 12, 3, c.ink) + rect(34, 13, 28, 5, 2, c.ink),
  spray: (c) =>
    path('M40 34h16c6 4 8 8 8 14v32H32V48c0-6 2-10 8-14z', c.body) +
    path('M38 16h18l6 6-4 3H46v9h-8z', c.ink) +
    label(32, 54, 32, 16, c),
  roll: (c) =>
    rect(28, 26, 40, 48, 4, '#FFFFFF') +
    ellipse(48, 26, 20, 8, c.body) +
    ellipse(48, 26, 7, 3, c.ink) +
    stroke('M28 26v48h40V26', c.ink, 2),
  soap: (c) =>
    rect(20, 38, 56, 30, 12, c.body) +
    rect(28, 45, 40, 16, 8, c.ground) +
    circle(66, 28, 5, c.body) +
    circle(56, 22, 3, c.ink),
  bread: (c) =>
    path('M18 52c0-14 14-20 30-20s30 6 30 20c0 6-4 8-6 8v12H24V60c-2 0-6-2-6-8z', c.body) +
    stroke('M36 40l-4 9M49 38l-4 9M62 40l-4 9', c.ink),
  croissant: (c) =>
    path('M14 60c4-22 18-32 34-32s30 10 34 32c-8 2-14-2-16-10-4-6-10-8-18-8s-14 2-18 8c-2 8-8 12-16 10z', c.body) +
    stroke('M38 29l-4 14M58 29l4 14M24 40l8 8M72 40l-8 8', c.ink, 2.5),
  biscuit: (c) =>
    circle(48, 50, 27, c.body) +
    [
      [40, 42],
      [56, 40],
      [48, 54],
      [36, 58],
      [60, 58],
    ]
      .map(([x, y]) => circle(x ?? 0, y ?? 0, 3.5, c.ink))
      .join(''),
  chocolate: (c) =>
    rect(26, 20, 44, 58, 3, c.ink) +
    [0, 1, 2].flatMap((r) => [0, 1].map((n) => rect(30 + n * 19, 24 + r * 13, 17, 11, 2, c.body))).join('') +
    rect(24, 62, 48, 18, 2, '#FFFFFF'),
  candy: (c) =>
    path('M12 34l18 8v14l-18 8 5-15zM84 34l-18 8v14l18 8-5-15z', c.ink) +
    circle(48, 49, 19, c.body) +
    stroke('M38 40c8 2 12 8 12 18', c.ground, 4),
  'ice-cream': (c) => path('M34 48h28L48 84z', '#D9A65B') + circle(48, 36, 19, c.body) + stroke('M34 48h28', c.ink, 4),
  apple: (c) =>
    path('M48 34c6-6 24-6 26 12 2 16-10 36-18 36-4 0-5-2-8-2s-4 2-8 2c-8 0-20-20-18-36 2-18 20-18 26-12z', c.body) +
    stroke('M48 34c0-8 2-13 6-17', c.ink) +
    path('M56 22c4-6 12-7 16-6-2 6-10 10-16 6z', c.ink),
  banana: (c) =>
    path('M24 22c0 30 20 48 50 46 4 0 5 5 1 7-32 14-64-14-58-50 1-6 7-8 7-3z', c.body) +
    stroke('M23 20l-3-5M77 71l4 3', c.ink, 4),
  tomato: (c) => ellipse(48, 54, 29, 26, c.body) + path('M48 36l-13-7 10-1 3-8 3 8 10 1z', c.ink),
  potato: (c) =>
    path('M22 44c6-16 28-22 42-14s18 30 4 40-36 8-44-4-5-14-2-22z', c.body) +
    circle(40, 44, 2.5, c.ink) +
    circle(58, 50, 2.5, c.ink) +
    circle(44, 62, 2.5, c.ink),
  cheese: (c) =>
    path('M16 58 62 26c10 2 18 12 18 22v10z', c.body) +
    rect(16, 56, 64, 18, 3, c.body) +
    stroke('M16 57h64', c.ink, 2.5) +
    circle(38, 66, 4, c.ground) +
    circle(60, 64, 5, c.ground) +
    circle(58, 46, 4, c.ground),
  ham: (c) => ellipse(46, 50, 30, 24, c.body) + ellipse(46, 50, 22, 17, c.ground) + circle(46, 50, 6, c.ink),
  egg: (c) =>
    path('M48 18c14 0 24 22 24 38a24 24 0 0 1-48 0c0-16 10-38 24-38z', '#FFFFFF') +
    stroke('M48 18c14 0 24 22 24 38a24 24 0 0 1-48 0c0-16 10-38 24-38z', c.ink, 2.5) +
    circle(48, 56, 11, c.body),
  mate: (c) =>
    path('M26 42h44c2 22-6 40-22 40S24 64 26 42z', c.body) +
    ellipse(48, 42, 23, 7, c.ink) +
    ellipse(48, 41, 18, 4, '#7E9A3C') +
    stroke('M52 42 64 12h7', '#9AA3A8', 4),
  cup: (c) =>
    path('M24 38h44v22c0 12-8 20-22 20S24 72 24 60z', c.body) +
    stroke('M68 44h5c10 0 10 18-2 18h-4', c.ink, 5) +
    stroke('M38 28c-4-6 4-8 0-14M52 28c-4-6 4-8 0-14', c.ink, 3),
  pasta: (c) =>
    [32, 40, 48, 56, 64].map((x) => stroke(`M${x} 16v64`, c.body, 5)).join('') + rect(26, 42, 44, 14, 4, c.ink),
  rice: (c) =>
    path('M22 52h52c0 18-12 28-26 28S22 70 22 52z', c.ink) +
    path('M24 52c4-16 14-22 24-22s20 6 24 22z', '#FFFFFF') +
    [
      [38, 44],
      [48, 38],
      [58, 45],
      [47, 47],
    ]
      .map(([x, y]) => ellipse(x ?? 0, y ?? 0, 4, 1.8, c.body))
      .join(''),
  battery: (c) =>
    rect(34, 24, 28, 56, 4, c.ink) +
    rect(34, 24, 28, 20, 4, c.body) +
    rect(42, 17, 12, 8, 2, c.body) +
    stroke('M50 52l-6 10h8l-6 10', c.ground, 3),
  bulb: (c) =>
    circle(48, 40, 23, c.body) +
    rect(40, 62, 16, 6, 2, c.ink) +
    rect(41, 70, 14, 5, 2, c.ink) +
    stroke('M40 42l5 5 5-7 6 7', c.ground, 3),
};

/** The drawing of a picture's name; null when there is none. */
export function drawingOf(name: string): string | null {
  const match = /^([a-z][a-z-]*?)(?:-([0-7]))?$/.exec(name);
  const form = match?.[1];
  if (form === undefined || !Object.hasOwn(FORMS, form)) return null;
  const colours = TINTS[Number(match?.[2] ?? 5)] as Colours;
  return `<rect width="96" height="96" fill="${colours.ground}"/>${FORMS[form]?.(colours) ?? ''}`;
}
