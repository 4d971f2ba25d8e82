import { describe, expect, it } from 'vitest';
import { ACCOUNTS_MAX, WriterBook } from './book.js';

const ref = (i: number) => ({ kind: 'stock' as const, owner: 'loc_1', item: `item_${i}`, unit: 'milli' });

describe("the writer's memory", () => {
  it('[JR6] has one balance an account also when it was emptied after a batch was looked up in it', () => {
    const book = new WriterBook();
    for (let i = 0; i <= ACCOUNTS_MAX; i++) book.account(ref(i));
    const [sold, reserved] = [ref(7), ref(7)];
    expect(book.knows(sold)).toBe(true);
    book.trim();
    // What a pending transfer's end names is loaded by an address of its own.
    expect(book.account(sold)).toBe(book.account(reserved));
  });
});
