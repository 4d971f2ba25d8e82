import { describe, expect, it } from 'vitest';
import { refundOf } from './refund-amount.js';

const line = { refundable_quantity: 3, refundable_total: { amount: 1000, currency: 'ARS' } };

describe('what a refund is worth', () => {
  it.each([
    [0, 0],
    [1, 333],
    [2, 667],
    [3, 1000],
    [9, 1000],
  ])('%s of three of a line of 1000 is %s', (quantity, expected) => {
    expect(refundOf(line, quantity)).toBe(expected);
  });
});
