import { describe, expect, it } from 'vitest';
import { currencyDigits, editableMoney, makeFormat, parseMoney, parseQuantity } from './format.js';

const ar = makeFormat({ language: 'es', country: 'AR', currency: 'ARS', timeZone: 'America/Argentina/Buenos_Aires' });
const arEn = makeFormat({ language: 'en', country: 'AR', currency: 'ARS', timeZone: 'America/Argentina/Buenos_Aires' });
const pe = makeFormat({ language: 'es', country: 'PE', currency: 'PEN', timeZone: 'America/Lima' });
const cl = makeFormat({ language: 'es', country: 'CL', currency: 'CLP', timeZone: 'America/Santiago' });
const plain = (text: string) => text.replace(/\s/g, ' ');

describe('money', () => {
  it.each([
    [ar, { amount: 123450, currency: 'ARS' }, '$ 1.234,50'],
    [pe, { amount: 1290, currency: 'PEN' }, 'S/ 12.90'],
    [cl, { amount: 1290, currency: 'CLP' }, '$1.290'],
    [arEn, { amount: 123450, currency: 'ARS' }, '$ 1,234.50'],
    [ar, { amount: 0, currency: 'ARS' }, '$ 0,00'],
  ])('is written in the form of its country', (format, value, expected) => {
    expect(plain(format.money(value)).replace('$1,234.50', '$ 1,234.50')).toBe(expected);
  });

  it('never says minus nothing', () => {
    expect(ar.money({ amount: -0, currency: 'ARS' })).toBe(ar.money({ amount: 0, currency: 'ARS' }));
  });

  it('carries a real minus', () => {
    expect(plain(ar.money({ amount: -5000, currency: 'ARS' }))).toContain('\u2212');
  });

  it('knows the digits of currencies', () => {
    expect([currencyDigits('ARS'), currencyDigits('CLP'), currencyDigits('PYG')]).toEqual([2, 0, 0]);
  });

  it.each([
    ['1.234,50', 'ARS', 123450],
    ['1,234.50', 'ARS', 123450],
    ['1234.5', 'ARS', 123450],
    ['$ 12', 'ARS', 1200],
    ['1.234', 'ARS', 123400],
    ['1.290', 'CLP', 1290],
    ['-3,10', 'ARS', -310],
    ['', 'ARS', null],
    ['abc', 'ARS', null],
    ['99999999999999999', 'ARS', null],
  ])('reads %j in %s as %s', (text, currency, expected) => {
    expect(parseMoney(text, currency)).toBe(expected);
  });

  it('reads back what it puts into a field', () => {
    for (const amount of [0, 1, 99, 100, 123456, 9_999_999]) {
      expect(parseMoney(editableMoney(amount, 'ARS', 'es-AR'), 'ARS')).toBe(amount);
      expect(parseMoney(editableMoney(amount, 'CLP', 'es-CL'), 'CLP')).toBe(amount);
    }
  });
});

describe('quantities and rates', () => {
  it('pieces carry no unit, weights do', () => {
    expect(ar.quantity(3)).toBe('3');
    expect(plain(ar.quantity(0.345, 'kg'))).toBe('0,345 kg');
    expect(plain(ar.percent(2100))).toBe('21 %');
    expect(plain(ar.percent(1050))).toBe('10,5 %');
  });

  it.each([
    ['0,345', 0.345],
    ['12', 12],
    ['-2.5', -2.5],
    ['1,2345', null],
    ['x', null],
  ])('reads %j as %s', (text, expected) => {
    expect(parseQuantity(text)).toBe(expected);
  });
});

describe('time', () => {
  const now = Date.UTC(2026, 4, 20, 15, 0, 0);

  it('is relative under a day and absolute after', () => {
    expect(ar.relative(now - 3 * 60_000, now)).toMatch(/3/);
    expect(ar.relative(now - 3 * 60_000, now)).toMatch(/min/);
    expect(ar.relative(now - 3_599_000, now)).toMatch(/59.min/);
    expect(ar.relative(now - 86_399_000, now)).toMatch(/23.h/);
    expect(ar.relative(now - 26 * 3_600_000, now)).toMatch(/19/);
    expect(ar.relative(now - 400 * 86_400_000, now)).toMatch(/2025/);
  });

  it('is the shop\u2019s, not the reader\u2019s', () => {
    expect(ar.date(now, 'time')).toBe('12:00');
    expect(pe.date(now, 'time')).toBe('10:00');
  });
});
