/**
 * What was typed, as what the index is asked. Pure: folding, the lexemes of a tenant and status, and which words of
 * the shop a mistyped one may have meant.
 */
import { foldWords } from '@mostrador/domain/product';
import type { StatusNumber } from './queries.js';

/** Words beyond these add nothing to what is found. */
const MOST_WORDS = 8;
/** Fewer letters begin too many words to be looked up as a beginning. */
const LEAST_PREFIX = 3;
const LONGEST_WORD = 60;

export interface Terms {
  readonly words: readonly string[];
  /** The words as one folded text. */
  readonly folded: string;
}

export function termsOf(typed: string): Terms {
  const words = foldWords(typed)
    .split(' ')
    .filter((w) => w !== '')
    .slice(0, MOST_WORDS)
    .map((w) => w.slice(0, LONGEST_WORD));
  return { words, folded: words.join(' ') };
}

export interface Scope {
  readonly categoryId?: string | undefined;
  /** Folded. */
  readonly brandKey?: string | undefined;
}

/** For each word the words it may stand for; `undefined`: only itself. */
export type Alternatives = ReadonlyMap<string, readonly string[]>;

/**
 * A tsquery text whose lexemes carry tenant and status, as the table's do; null when no word is long enough to be
 * looked up. Letters and digits only, so nothing needs escaping.
 */
export function lexemeQuery(
  tenantId: number,
  status: StatusNumber,
  { words }: Terms,
  scope: Scope,
  alternatives?: Alternatives,
): string | null {
  const place = `${tenantId}.${status}:`;
  const lexeme = (word: string, prefix: boolean) => `'${place}${word}'${prefix ? ':*' : ''}`;
  const parts: string[] = [];
  for (const word of words) {
    const others = alternatives?.get(word);
    const long = [...word].length >= LEAST_PREFIX;
    if (others !== undefined && others.length > 0) {
      parts.push(`(${[lexeme(word, long), ...others.map((o) => lexeme(o, false))].join(' | ')})`);
    } else if (long) {
      parts.push(lexeme(word, true));
    } else if (words.length === 1 || word !== words.at(-1)) {
      // A short last word is still being typed; a short word before it is whole.
      parts.push(lexeme(word, false));
    }
  }
  if (parts.length === 0) return null;
  if (scope.categoryId !== undefined) parts.push(lexeme(`=${scope.categoryId}`, false));
  if (scope.brandKey !== undefined) parts.push(lexeme(`#${scope.brandKey.replaceAll(' ', '_')}`, false));
  return parts.join(' & ');
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** Longer words are found by their trigrams; shorter ones have too few in common with a typo of themselves. */
const EDITED_UP_TO = 6;

/** Everything one slip away from a short word: a letter too many, missing, another, or two in the wrong order. */
export function editsOf(word: string): string[] {
  if (word.length < LEAST_PREFIX || word.length > EDITED_UP_TO || !/^[a-z]+$/.test(word)) return [];
  const edits = new Set<string>();
  for (let i = 0; i <= word.length; i++) {
    const before = word.slice(0, i);
    const after = word.slice(i);
    if (after !== '') edits.add(before + after.slice(1));
    if (after.length > 1) edits.add(before + after.charAt(1) + after.charAt(0) + after.slice(2));
    for (const letter of LETTERS) {
      edits.add(before + letter + after);
      if (after !== '') edits.add(before + letter + after.slice(1));
    }
  }
  edits.delete(word);
  return [...edits];
}

/** Slips between two words (optimal string alignment); with `prefix`, the second may go on after the first ends. */
export function slips(typed: string, word: string, prefix: boolean): number {
  let before: number[] = [];
  let previous = Array.from({ length: word.length + 1 }, (_, j) => j);
  for (let i = 1; i <= typed.length; i++) {
    const current = [i];
    for (let j = 1; j <= word.length; j++) {
      const same = typed.charAt(i - 1) === word.charAt(j - 1);
      let cost = Math.min(
        (previous[j] as number) + 1,
        (current[j - 1] as number) + 1,
        (previous[j - 1] as number) + (same ? 0 : 1),
      );
      const swapped =
        i > 1 && j > 1 && typed.charAt(i - 1) === word.charAt(j - 2) && typed.charAt(i - 2) === word.charAt(j - 1);
      if (swapped) cost = Math.min(cost, (before[j - 2] as number) + 1);
      current.push(cost);
    }
    before = previous;
    previous = current;
  }
  return prefix ? Math.min(...previous) : (previous[word.length] as number);
}

/** Slips that are forgiven in a word of this length. */
export function forgiven(length: number): number {
  if (length < 3) return 0;
  if (length < 6) return 1;
  return length < 9 ? 2 : 3;
}

/** How many words one mistyped word may stand for. */
const MOST_ALTERNATIVES = 12;

/** Of the shop's words that look alike, those that a typed word may have meant, the likeliest first. */
export function alternativesOf(words: readonly string[], near: readonly string[]): Alternatives {
  const alternatives = new Map<string, readonly string[]>();
  for (const word of words) {
    const most = forgiven(word.length);
    if (most === 0 || /\d/.test(word)) continue;
    const ranked = near
      .filter((n) => n !== word && Math.abs(n.length - word.length) <= most + 4)
      .map((n) => ({ n, whole: slips(word, n, false), start: slips(word, n, true) + 0.5 }))
      .map(({ n, whole, start }) => ({ n, slips: Math.min(whole, start) }))
      .filter((r) => r.slips <= most)
      .sort((a, b) => a.slips - b.slips || a.n.length - b.n.length || (a.n < b.n ? -1 : 1));
    const distinct = [...new Set(ranked.map((r) => r.n))].slice(0, MOST_ALTERNATIVES);
    if (distinct.length > 0) alternatives.set(word, distinct);
  }
  return alternatives;
}
