/**
 * Personal data in plain: how it is masked for those who may not see it, and which words of it a shop searches by.
 * Those words leave this place only through a keyed hash, so that the index shows nothing.
 */
import { foldWords } from '../product/index.js';
import type { CustomerPersonal } from './types.js';

const PREFIX_MIN = 3;
const PREFIX_MAX = 8;
const WORDS_MAX = 12;
const PHONE_MIN = 6;
const PHONE_MAX = 10;

export const EMPTY_PERSONAL: CustomerPersonal = { name: '', email: '', phone: '', document: '', address: '', note: '' };

/** Enough to tell apart the people at a counter, too little to write them down: `Ana G•••`, `a•••@g•••`, `•••4321`. */
export function maskPersonal(personal: CustomerPersonal): CustomerPersonal {
  return {
    name: maskName(personal.name),
    email: personal.email
      .split('@')
      .map((part) => firstOf(part, 1) + DOTS)
      .join('@')
      .replace(/^•••$/, ''),
    phone: maskTail(personal.phone.replace(/\D/g, ''), 4),
    document: maskTail(personal.document, 3),
    address: personal.address === '' ? '' : DOTS,
    note: personal.note === '' ? '' : DOTS,
  };
}

/**
 * The words under which a customer is found. `n:` beginnings of the name's words and whole short words, `e:` e-mail,
 * `p:` telephone (whole, and its last six to ten digits), `d:` document. No duplicates, always in the same order.
 */
export function searchWords(personal: CustomerPersonal): string[] {
  const words = new Set<string>();
  for (const word of wordsOf(personal.name).slice(0, WORDS_MAX)) {
    const letters = [...word];
    if (letters.length < PREFIX_MIN) words.add(`n:${word}`);
    for (let n = PREFIX_MIN; n <= Math.min(letters.length, PREFIX_MAX); n++) words.add(`n:${firstOf(word, n)}`);
  }
  const email = personal.email.trim().toLowerCase();
  if (email !== '') words.add(`e:${email}`);
  const phone = digitsOf(personal.phone);
  if (phone.length >= PHONE_MIN) {
    words.add(`p:${phone}`);
    for (let n = PHONE_MIN; n <= Math.min(phone.length, PHONE_MAX); n++) words.add(`p:${phone.slice(-n)}`);
  }
  const document = compact(personal.document);
  if (document !== '') words.add(`d:${document}`);
  return [...words];
}

/** What a search asks the index: customers that have all of `all`, or one of `any`. Both empty: nobody. */
export interface CustomerQuery {
  readonly all: readonly string[];
  readonly any: readonly string[];
}

/** Reads what somebody typed. A word of the name longer than eight letters is looked up by its first eight. */
export function customerQuery(text: string): CustomerQuery {
  const typed = text.trim();
  if (typed.includes('@')) return { all: [`e:${typed.toLowerCase()}`], any: [] };
  const words = wordsOf(typed).slice(0, WORDS_MAX);
  const all = new Set(words.map((word) => `n:${firstOf(word, PREFIX_MAX)}`));
  const any: string[] = [];
  const code = compact(typed);
  const digits = digitsOf(typed);
  if (digits.length >= 4) any.push(`d:${code}`);
  if (digits.length >= PHONE_MIN && /^[+\d\s().\-/]*$/.test(typed)) {
    any.push(`p:${digits}`);
    // Country and trunk prefixes are written or left out; the subscriber's last digits stay the same.
    if (digits.length > PHONE_MAX) any.push(`p:${digits.slice(-8)}`);
  }
  return { all: [...all], any };
}

const DOTS = '•••';

function maskName(name: string): string {
  const [first = '', ...others] = name.trim().split(/\s+/);
  return [first, ...others.map((word) => firstOf(word, 1) + DOTS)].join(' ').trim();
}

function maskTail(text: string, shown: number): string {
  if (text === '') return '';
  // A short one would show more than it hides.
  return text.length < 2 * shown ? DOTS : DOTS + text.slice(-shown);
}

function firstOf(text: string, count: number): string {
  return [...text].slice(0, count).join('');
}

function wordsOf(text: string): string[] {
  return foldWords(text)
    .split(' ')
    .filter((word) => word !== '');
}

function compact(text: string): string {
  return wordsOf(text).join('');
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
