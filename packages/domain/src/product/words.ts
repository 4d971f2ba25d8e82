/**
 * How names are compared and searched: lower case, without accents, words of letters and digits. The till, the
 * server's index and the query all pass through here, so they agree whatever the database's locale.
 */

/** Letters that Unicode does not take apart. */
const FOLDED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  þ: 'th',
};

const PLAIN = /^[a-z0-9 ]*$/;

/** Words separated by single blanks, none at the ends: `'  Ñoquis «Don José», 1.5kg'` → `'noquis don jose 1 5kg'`. */
export function foldWords(text: string): string {
  const lower = text.toLowerCase();
  const folded = PLAIN.test(lower)
    ? lower
    : lower
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .toLowerCase()
        .replace(/[ßæœøđðłħıþ]/g, (c) => FOLDED[c] ?? c)
        .replace(/[’'`´]/g, '')
        .replace(/[^\p{L}\p{N}]+/gu, ' ');
  return folded.replace(/ {2,}/g, ' ').trim();
}

/** What names are ordered and compared by; a name without letters or digits keeps its own characters. */
export function nameKey(name: string): string {
  return foldWords(name) || name.trim().toLowerCase();
}
