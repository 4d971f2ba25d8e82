/**
 * Pictures of products, drawn here: a named drawing, or initials on a tint. The address says all there is to draw, so
 * it can be kept by browsers for ever and shown without signing in.
 */
import { foldWords } from '@mostrador/domain/product';
import { type Colours, drawingOf, TINTS } from './drawings.js';

const INITIALS = /^initials\.([\p{L}\p{N}]{1,2})\.([0-7])$/u;

/** Words that say nothing of a product, beside those of one or two letters. */
const LITTLE: ReadonlySet<string> = new Set([
  'con',
  'del',
  'las',
  'los',
  'para',
  'por',
  'sin',
  'and',
  'for',
  'the',
  'with',
]);

/** First letters of the first two telling words, upper case; 0 for a name without letters or digits. */
function initialsOf(name: string): string {
  const all = foldWords(name).split(' ');
  const telling = all.filter((w) => w.length > 2 && !LITTLE.has(w));
  const words = telling.length > 0 ? telling : all;
  const letters = words.slice(0, 2).map((w) => ([...w][0] ?? '').toUpperCase());
  const initials = [...letters.join('')].slice(0, 2).join('');
  return /^[\p{L}\p{N}]{1,2}$/u.test(initials) ? initials : '0';
}

function tintOf(name: string): number {
  let sum = 0;
  for (const character of foldWords(name)) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65521;
  return sum % TINTS.length;
}

/** The part of the address that names a picture. `picture`: the name of a drawing, or ''. */
export function pictureName(name: string, picture: string): string {
  if (picture !== '' && drawingOf(picture) !== null) return picture;
  return `initials.${initialsOf(name)}.${tintOf(name)}`;
}

export function pictureUrl(name: string, picture: string): string {
  return `/api/v1/product-pictures/${encodeURIComponent(pictureName(name, picture))}`;
}

/** The SVG of a picture's name; null when there is none of that name. */
export function drawPicture(name: string): string | null {
  const drawing = drawingOf(name);
  if (drawing !== null) return frame(drawing);
  const match = INITIALS.exec(name);
  if (match === null) return null;
  const { ground, ink } = TINTS[Number(match[2])] as Colours;
  return frame(
    `<rect width="96" height="96" fill="${ground}"/><text x="48" y="49" fill="${ink}" font-family="Inter, Helvetica, Arial, sans-serif" font-size="36" font-weight="600" text-anchor="middle" dominant-baseline="central">${match[1]}</text>`,
  );
}

function frame(content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">${content}</svg>`;
}
