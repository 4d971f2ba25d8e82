import { describe, expect, it } from 'vitest';
import { csvOf, plainAmount } from './csv.js';

describe('CSV files', () => {
  it('quote what must be quoted and defuse formulas', () => {
    expect(
      csvOf(
        ['a', 'b'],
        [
          ['x, "y"', '=1+1'],
          ['\u00f1', null],
          ['z', -3],
        ],
      ),
    ).toBe('\ufeffa,b\r\n"x, ""y""",\'=1+1\r\n\u00f1,\r\nz,-3\r\n');
  });

  it('write amounts as plain numbers', () => {
    expect(plainAmount(123450, 2)).toBe('1234.50');
    expect(plainAmount(-1290, 0)).toBe('-1290');
  });
});
