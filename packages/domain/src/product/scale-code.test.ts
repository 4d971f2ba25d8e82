import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withCheckDigit } from '../gtin/index.js';
import { isScaleLayout, readScaleCode } from './scale-code.js';

/** FC_SEED repeats a run. */
const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
const WEIGHT = '20IIIIIWWWWWC';
const PRICE = '21IIIIPPPPPPC';
const code = (digits: string) => withCheckDigit(digits) ?? '';

describe('[PC4] a code from a scale', () => {
  it('holds an article and its weight', () => {
    expect(readScaleCode(code('200012300345'), [WEIGHT])).toEqual({ itemCode: '00123', weightMilli: 345 });
  });

  it('holds an article and its price, by whichever layout fits first', () => {
    expect(readScaleCode(code('210042012550'), [WEIGHT, PRICE])).toEqual({ itemCode: '0042', priceMinor: 12_550 });
    expect(readScaleCode(code('200012300345'), ['2IIIIIIPPPPPC', WEIGHT])).toEqual({
      itemCode: '000123',
      priceMinor: 345,
    });
  });

  it('may have the value before the article, and digits of its own between', () => {
    expect(readScaleCode(code('201234599077'), ['20WWWWW99IIIC'])).toEqual({ itemCode: '077', weightMilli: 12_345 });
  });

  it.each([
    ['its check digit is wrong', code('200012300345').replace(/\d$/, (d) => String((Number(d) + 1) % 10))],
    ['nothing was weighed', code('200012300000')],
    ['no layout is of its prefix', code('290012300345')],
    ['it is an ordinary code', '7790000000012'],
    ['it is too short', '20001'],
    ['it is no number', '20001230034X5'],
  ])('is none when %s', (_why, scanned) => {
    expect(readScaleCode(scanned, [WEIGHT, PRICE])).toBeNull();
  });

  it.each([
    '',
    '20IIIIIWWWWW',
    '20IIIIIWWWWWW',
    '70IIIIIWWWWWC',
    '20IIIIIIIIIIC',
    '20IIWWIIWWWWC',
    '20IIIIIWWPPPC',
    '20IIIII00000C',
    'C2IIIIIWWWWW0',
    '20iiiiiwwwwwc',
  ])('has no layout %o', (layout) => {
    expect(isScaleLayout(layout)).toBe(false);
    expect(readScaleCode(code('200012300345'), [layout])).toBeNull();
  });

  it('gives back the article and the weight that were put in', () => {
    const item = fc.stringMatching(/^\d{5}$/);
    fc.assert(
      fc.property(item, fc.integer({ min: 1, max: 99_999 }), (itemCode, weightMilli) => {
        const printed = code(`20${itemCode}${String(weightMilli).padStart(5, '0')}`);
        expect(readScaleCode(printed, [PRICE, WEIGHT])).toEqual({ itemCode, weightMilli });
      }),
      seed,
    );
  });
});
