/** Codes and words as people and scanners give them. */
import { describe, expect, it } from 'vitest';
import { barcodeMark, isBarcode, scanKey, skuKey } from './code.js';
import { foldWords, nameKey } from './words.js';

describe('codes', () => {
  it.each([
    ['7790001000019', '07790001000019'],
    ['012345678905', '00012345678905'],
    ['0012345678905', '00012345678905'],
    ['00012345678905', '00012345678905'],
    ['96385074', '00000096385074'],
    ['96385075', '96385075'],
    ['123', '123'],
    ['0123', '0123'],
    ['ABC', 'ABC'],
  ])('%s is matched by %s', (code, key) => {
    expect(scanKey(code)).toBe(key);
  });

  it.each([
    ['7790001000019', undefined],
    ['7790001000018', 'bad_gtin'],
    ['12', 'bad_gtin'],
    ['2000010000005', 'in_store'],
    ['2000010000006', 'bad_gtin'],
    ['ABC-1', undefined],
  ])('%s is marked %s', (code, mark) => {
    expect(barcodeMark(code)).toBe(mark);
  });

  it('are printable and without blanks', () => {
    expect(['1', 'A-b/1', 'x'.repeat(64)].every(isBarcode)).toBe(true);
    expect(['', '1 2', 'ñ', '1\n', 'x'.repeat(65)].some(isBarcode)).toBe(false);
  });

  it('of the shop are compared without case', () => {
    expect(skuKey(' 85123A ')).toBe(skuKey('85123a'));
  });
});

describe('words', () => {
  it.each([
    ['  Ñoquis «Don José», 1.5kg ', 'noquis don jose 1 5kg'],
    ['CAFÉ', 'cafe'],
    ['Straße & Smørrebrød', 'strasse smorrebrod'],
    ["M&M's", 'm ms'],
    ['½ kg', '1 2 kg'],
    ['Квас  Очаковский', 'квас очаковскии'],
    ['***', ''],
    ['a  b', 'a b'],
  ])('%j is folded to %j', (text, folded) => {
    expect(foldWords(text)).toBe(folded);
  });

  it('folding again changes nothing', () => {
    for (const text of ['İstanbul', 'ǅ', 'ﬁn', '①②', "L'Oréal"]) {
      expect(foldWords(foldWords(text))).toBe(foldWords(text));
    }
  });

  it('leave a name without letters its own key', () => {
    expect(nameKey('***')).toBe('***');
  });
});
