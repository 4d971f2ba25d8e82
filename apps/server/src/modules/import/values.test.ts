import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, decodeEntities, shorten } from './text.js';
import { add, decimalText, Habits, multiply, parseDecimal, parseMoment, roundedTo, scaled } from './values.js';
import { wallClock } from './wall-clock.js';

const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };

describe('numbers', () => {
  it.each([
    ['2.55', 'point', '2.55'],
    ['-80995', 'point', '-80995'],
    ['1,234.50', 'point', '1234.5'],
    ['1.234,50', 'comma', '1234.5'],
    ['$ 1.250', 'comma', '1250'],
    ['R$ 12,90', 'comma', '12.9'],
    ['S/ 12.90', 'point', '12.9'],
    ['ARS 1.000,00', 'comma', '1000'],
    ['(5.00)', 'point', '-5'],
    ['5-', 'point', '-5'],
    ['+3', 'point', '3'],
    ["1'000.5", 'point', '1000.5'],
    ['.5', 'point', '0.5'],
    ['21 %', 'point', '21'],
  ] as const)('reads %s written with a %s as %s', (text, style, expected) => {
    const value = parseDecimal(text, style);
    expect(value === null ? null : decimalText(value)).toBe(expected);
  });

  it.each(['', '-', 'abc', '1.2.3', '12,34,567', '1e5', '1/2', '--5', '1234567890123456'])('refuses %j', (text) => {
    expect(parseDecimal(text, 'point')).toBeNull();
  });

  it('[IM10] adds and multiplies exactly, and rounds half away from zero only when asked', () => {
    const price = parseDecimal('0.001', 'point') as NonNullable<ReturnType<typeof parseDecimal>>;
    expect(decimalText(multiply(price, { units: 3n, scale: 0 }))).toBe('0.003');
    expect(decimalText(add(price, { units: -5n, scale: 2 }))).toBe('-0.049');
    expect(roundedTo({ units: 125n, scale: 3 }, 2)).toBe(13n);
    expect(roundedTo({ units: -125n, scale: 3 }, 2)).toBe(-13n);
    expect(scaled({ units: 125n, scale: 3 }, 2)).toBeNull();
    expect(decimalText({ units: 5n, scale: 0 }, 2)).toBe('5.00');
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }),
        fc.integer({ min: 0, max: 6 }),
        (units, scale) => {
          const text = decimalText({ units, scale });
          const read = parseDecimal(text, 'point');
          expect(read).not.toBeNull();
          if (read !== null) expect(scaled(read, 6)).toBe(scaled({ units, scale }, 6));
        },
      ),
      seed,
    );
  });

  it('[IM15] finds out how a file writes numbers and dates', () => {
    const comma = new Habits();
    for (const text of ['1.250', '9,50', '12']) comma.number(text);
    expect(comma.numberStyle).toBe('comma');
    const point = new Habits();
    for (const text of ['2.55', '1,250.00', '6']) point.number(text);
    expect(point.numberStyle).toBe('point');
    const american = new Habits();
    for (const text of ['3/4/2011 8:26', '12/13/2010 8:26']) american.moment(text);
    expect(american.dateOrder).toBe('month');
    expect(new Habits().dateOrder).toBe('day');
  });
});

describe('moments', () => {
  it.each([
    ['2010-12-01 08:26:00', 'day', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01T08:26:00Z', 'day', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01T08:26:00-03:00', 'day', '2010-12-01T11:26:00.000Z'],
    ['12/1/2010 8:26', 'month', '2010-12-01T08:26:00.000Z'],
    ['1/12/2010 8:26', 'day', '2010-12-01T08:26:00.000Z'],
    ['01.12.10', 'day', '2010-12-01T00:00:00.000Z'],
    ['1/12/2010 8:26 p. m.', 'day', '2010-12-01T20:26:00.000Z'],
    ['20101201 082600', 'day', '2010-12-01T08:26:00.000Z'],
  ] as const)('reads %s (%s first)', (text, order, expected) => {
    const ms = wallClock('UTC')(text, order);
    expect(ms === null ? null : new Date(ms).toISOString()).toBe(expected);
  });

  it.each(['', '2011-02-30', '31/31/2011', '2010-12-01 25:00', 'yesterday', '1969-12-31', '40513'])(
    'refuses %j',
    (text) => {
      expect(parseMoment(text, 'day')).toBeNull();
    },
  );

  it('takes wall time in the zone of the shop, in winter and in summer', () => {
    const london = wallClock('Europe/London');
    expect(london('2011-01-15 12:00', 'day')).toBe(Date.UTC(2011, 0, 15, 12));
    expect(london('2011-07-15 12:00', 'day')).toBe(Date.UTC(2011, 6, 15, 11));
    expect(london('2011-03-27 02:30', 'day')).toBe(Date.UTC(2011, 2, 27, 1, 30));
    const buenosAires = wallClock('America/Argentina/Buenos_Aires');
    expect(buenosAires('2024-01-01 00:00', 'day')).toBe(Date.UTC(2024, 0, 1, 3));
  });
});

describe('text', () => {
  it('[IM17] decodes entities, also those encoded twice, and leaves unknown ones', () => {
    expect(decodeEntities('Ben &amp;amp; Jerry&#39;s &quot;caf&eacute;&quot; &#x20AC; &unknown; &#0;')).toBe(
      'Ben & Jerry\'s "café" € &unknown; &#0;',
    );
  });

  it('[IM17] makes one clean line', () => {
    expect(cleanText('  a\u0000b\r\n\tc\u00a0 d\u200b ')).toBe('a b c d');
    expect(cleanText('e\u0301')).toBe('é');
    expect(cleanText('plain text')).toBe('plain text');
    expect(cleanText('\ud800x')).toBe('x');
  });

  it('shortens without cutting a character in two', () => {
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(shorten('ab😀cd', 4)).toBe('ab…');
    expect(shorten('abc', 3)).toBe('abc');
  });
});
