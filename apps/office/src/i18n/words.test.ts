/** Every word the code asks for is there in both languages, and every code, sentence and permission has its words. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ERRORS } from '@mostrador/contract';
import { zImportDefectCode } from '@mostrador/contract/import';
import { JOURNAL_SUMMARIES } from '@mostrador/contract/journal';
import { STOCK_CAUSES } from '@mostrador/contract/stock';
import { PERMISSIONS } from '@mostrador/domain/identity';
import { describe, expect, it } from 'vitest';
import { en } from './en/index.js';
import { es } from './es/index.js';

const languages = { es, en } as const;
const source = fileURLToPath(new URL('..', import.meta.url));

/** All dotted paths that lead to a string. */
function paths(words: object, prefix = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : paths(value as object, `${prefix}${key}.`),
  );
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return entry.name === 'i18n' ? [] : files(join(folder, entry.name));
    return /\.tsx?$/.test(entry.name) && !entry.name.includes('.test.') ? [join(folder, entry.name)] : [];
  });
}

/** Keys that stand in the code as `t('…')`, also with a choice between two. */
function asked(): Set<string> {
  const keys = new Set<string>();
  for (const file of files(source)) {
    const text = readFileSync(file, 'utf8');
    for (const call of text.matchAll(/\bt\(\s*([^`()]*?)[,)]/g)) {
      for (const key of (call[1] ?? '').matchAll(/'([a-zA-Z]+(?:\.[\w-]+)*)'/g)) keys.add(key[1] as string);
    }
  }
  return keys;
}

describe.each(['es', 'en'] as const)('the words in %s', (language) => {
  const known = new Set(paths(languages[language]));
  const has = (key: string) => known.has(key) || known.has(`${key}_other`);

  it('hold what the code asks for', () => {
    const keys = asked();
    expect(keys.size).toBeGreaterThan(300);
    // A comparison inside a call is no key.
    const missing = [...keys].filter((key) => !has(key) && key.includes('.'));
    expect(missing).toEqual([]);
  });

  it('name every error of the catalogue', () => {
    expect(Object.keys(ERRORS).filter((code) => !has(`error.${code}`))).toEqual([]);
  });

  it('name every defect of an import and every cause of a movement', () => {
    expect(zImportDefectCode.options.filter((code) => !has(`import.defect.${code}`))).toEqual([]);
    expect(STOCK_CAUSES.filter((cause) => !has(`stock.cause.${cause}`))).toEqual([]);
  });

  it('have a sentence for every event of the journal', () => {
    const told = (key: string) => has(key) || [...known].some((k) => k.startsWith(`${key}.`));
    expect(Object.keys(JOURNAL_SUMMARIES).filter((key) => !told(`journal.says.${key}`))).toEqual([]);
  });

  it('name every permission', () => {
    expect(PERMISSIONS.filter((p) => !has(`role.may.${p}`) || !has(`role.noun.${p.split('.')[0]}`))).toEqual([]);
  });
});

describe('the two languages', () => {
  it('fill the same gaps', () => {
    const gaps = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();
    const at = (words: object, path: string) =>
      path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], words) as string;
    const odd = paths(es).filter((path) => gaps(at(es, path)).join() !== gaps(at(en, path)).join());
    expect(odd).toEqual([]);
  });
});
