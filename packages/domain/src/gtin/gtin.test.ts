/** Trade item numbers: right and wrong check digits, forms of one number, in-store ranges. FC_SEED repeats a run. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDigit, gtin14, isGtin, isInStoreGtin, shortestGtin, withCheckDigit } from './index.js';

const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };

describe('trade item numbers', () => {
  it.each(['7790895000997', '4006381333931', '036000291452', '96385074', '10614141000415', '0036000291452'])(
    'takes %s',
    (code) => {
      expect(isGtin(code)).toBe(true);
    },
  );

  it.each([
    '7790895000998',
    '',
    '9',
    '963850740',
    '779089500099X',
    ' 96385074',
    '96385074 ',
    '９6385074',
    '1'.repeat(48),
  ])('refuses %j', (code) => {
    expect(isGtin(code)).toBe(false);
    expect(gtin14(code)).toBeNull();
    expect(shortestGtin(code)).toBeNull();
    expect(isInStoreGtin(code)).toBe(false);
  });

  it('finds one number behind its forms', () => {
    expect(gtin14('036000291452')).toBe('00036000291452');
    expect(gtin14('0036000291452')).toBe(gtin14('036000291452'));
    expect(shortestGtin('00036000291452')).toBe('036000291452');
    expect(shortestGtin('0000096385074')).toBe('96385074');
    expect(shortestGtin('4006381333931')).toBe('4006381333931');
    expect(shortestGtin('10614141000415')).toBe('10614141000415');
  });

  it.each([
    ['200000000000', true],
    ['299999999999', true],
    ['020000000000', true],
    ['040000000000', true],
    ['030000000000', false],
    ['779089500099', false],
    ['978000000000', false],
    ['20000000000', true],
    ['40000000000', true],
    ['3600029145', null],
    ['2000000', true],
    ['0123456', true],
    ['9638507', false],
    ['1200000000000', false],
  ])('says whether %s… is given out by the shop: %s', (digits, expected) => {
    const code = withCheckDigit(digits) as string;
    if (expected === null) expect(isGtin(code)).toBe(false);
    else expect(isInStoreGtin(code)).toBe(expected);
  });

  it('has no check digit for letters', () => {
    expect(checkDigit('12a')).toBeNull();
    expect(withCheckDigit('')).toBeNull();
  });

  it('notices every single wrong digit', () => {
    const digits = fc.constantFrom(7, 11, 12, 13).chain((n) => fc.stringMatching(new RegExp(`^[0-9]{${n}}$`)));
    fc.assert(
      fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (body, where, by) => {
        const code = withCheckDigit(body) as string;
        expect(isGtin(code)).toBe(true);
        expect(gtin14(shortestGtin(code) as string)).toBe(gtin14(code));
        const at = where % code.length;
        const wrong = code.slice(0, at) + ((Number(code[at]) + by) % 10) + code.slice(at + 1);
        expect(isGtin(wrong)).toBe(false);
      }),
      { numRuns: 500, ...seed },
    );
  });
});
