/** Money by cases: currencies, strict decimals, rounding, splitting. */
import { describe, expect, it } from 'vitest';
import {
  allocate,
  basisPoints,
  CURRENCIES,
  exponentOf,
  formatMoney,
  isCurrency,
  lineTotal,
  mulDivRound,
  parseDecimal,
  parseMoney,
  slice,
  sum,
} from './index.js';

const MAX = Number.MAX_SAFE_INTEGER;

describe('currencies', () => {
  it.each([
    ['ARS', 2],
    ['UYU', 2],
    ['BRL', 2],
    ['MXN', 2],
    ['COP', 2],
    ['PEN', 2],
    ['GBP', 2],
    ['CLP', 0],
    ['PYG', 0],
    ['JPY', 0],
    ['KRW', 0],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
  ])('[MN1] gives %s %i decimals', (code, exponent) => {
    expect(exponentOf(code)).toBe(exponent);
    expect(isCurrency(code)).toBe(true);
  });

  it('[MN1] knows each code once and no other', () => {
    expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length);
    expect(CURRENCIES.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
    for (const code of ['ars', 'XXX', 'XAU', '', 'toString']) expect(isCurrency(code)).toBe(false);
    expect(() => exponentOf('XXX')).toThrow(RangeError);
  });

  it.each([
    ...['AED', 'KZT', 'LKR', 'VES', 'ZWG'],
    ...['BOB', 'CRC', 'CUP', 'DOP', 'GTQ', 'HNL', 'NIO', 'PAB', 'USD', 'EUR'],
  ])('[MN1] agrees with the platform on %s', (code) => {
    const { maximumFractionDigits } = new Intl.NumberFormat('en', {
      style: 'currency',
      currency: code,
    }).resolvedOptions();
    // CLDR shows some currencies without their minor unit; ISO 4217 keeps it, never the other way round.
    expect(exponentOf(code)).toBeGreaterThanOrEqual(maximumFractionDigits ?? 0);
  });
});

describe('decimals', () => {
  it.each([
    ['12.5', 'ARS', 1250],
    ['12.50', 'ARS', 1250],
    ['-0.05', 'ARS', -5],
    ['0', 'ARS', 0],
    ['-0', 'ARS', 0],
    ['007', 'ARS', 700],
    ['12.500', 'ARS', 1250],
    ['1990', 'CLP', 1990],
    ['1.234', 'KWD', 1234],
    ['90071992547409.91', 'ARS', MAX],
  ])('[MN2] reads %s %s as %i', (text, currency, minor) => {
    expect(parseMoney(text, currency)).toBe(minor);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '1,5',
    '1.',
    '.5',
    '+1',
    '--1',
    '1e3',
    '0x10',
    '1.005',
    'NaN',
    'Infinity',
    '١',
    '1\n',
    '90071992547409.92',
    '9'.repeat(500),
  ])('[MN2] refuses %j', (text) => {
    expect(parseMoney(text, 'ARS')).toBeNull();
  });

  it('[MN2] rounds and says so where that is asked', () => {
    expect(parseDecimal('0.005', 2)).toEqual({ value: 1, exact: false });
    expect(parseDecimal('-0.005', 2)).toEqual({ value: -1, exact: false });
    expect(parseDecimal('0.0049999', 2)).toEqual({ value: 0, exact: false });
    expect(parseDecimal('-0.001', 2)).toEqual({ value: 0, exact: false });
    expect(parseDecimal('1.5', 0)).toEqual({ value: 2, exact: false });
    expect(parseDecimal('1.0', 0)).toEqual({ value: 1, exact: true });
  });

  it.each([
    [1250, 'ARS', '12.50'],
    [-5, 'ARS', '-0.05'],
    [0, 'ARS', '0.00'],
    [1990, 'CLP', '1990'],
    [-1, 'KWD', '-0.001'],
    [MAX, 'ARS', '90071992547409.91'],
  ])('[MN2] writes %i %s as %s', (minor, currency, text) => {
    expect(formatMoney(minor, currency)).toBe(text);
  });
});

describe('rounding', () => {
  it.each([
    [1000, 345, 345],
    [999, 345, 345],
    [1, 500, 1],
    [1, 499, 0],
    [-1, 500, -1],
    [3, 500, 2],
    [5, -500, -3],
    [-7, 0, 0],
    [MAX, 1000, MAX],
    [MAX, 500, 4_503_599_627_370_496],
    [-MAX, 500, -4_503_599_627_370_496],
  ])('[MN3] [MN4] a price of %i × %i thousandths is %i', (price, milli, total) => {
    expect(lineTotal(price, milli)).toBe(total);
  });

  it('[MN3] answers an overflow with null', () => {
    expect(lineTotal(MAX, 1001)).toBeNull();
    expect(mulDivRound(MAX, MAX, 1)).toBeNull();
    expect(mulDivRound(MAX, MAX, MAX)).toBe(MAX);
    expect(sum([MAX, 1])).toBeNull();
    expect(sum([MAX, 1, -1])).toBe(MAX);
    expect(sum([MAX, MAX, 3, -MAX, -MAX])).toBe(3);
    expect(sum([])).toBe(0);
    expect(allocate(MAX, [MAX, MAX])).toBeNull();
  });

  it('[MN3] takes basis points', () => {
    expect(basisPoints(1000, 2100)).toBe(210);
    expect(basisPoints(-15, 1000)).toBe(-2);
  });
});

describe('splitting', () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [-100, [1, 1, 1], [-33, -33, -34]],
    [5, [3, 1, 1], [3, 1, 1]],
    [7, [0, 1, 0], [0, 7, 0]],
    [2, [0, 0, 0], [1, 1, 0]],
    [10, [5, -1, 1], [10, -2, 2]],
    [10, [-1, -1], [5, 5]],
    [0, [1, 2], [0, 0]],
    [1, [1, 1_000_000], [0, 1]],
    [MAX, [1, 1], [4_503_599_627_370_496, 4_503_599_627_370_495]],
    [5, [], []],
  ])('[MN5] splits %i by %j', (total, weights, parts) => {
    expect(allocate(total, weights)).toEqual(parts);
  });

  it('[MN6] gives pieces that add up', () => {
    const pieces = [0, 1, 2].map((n) => slice(100, n, 1, 3));
    expect(pieces).toEqual([33, 34, 33]);
    expect(slice(100, 0, 3, 3)).toBe(100);
    expect(slice(100, 3, 0, 3)).toBe(0);
  });
});
