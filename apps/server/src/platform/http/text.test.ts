/** The text by which a repeated command is known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, parseJson } from './text.js';

describe('canonical text', () => {
  it('is the same for the same JSON in any order of keys, and parses back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const shuffled = (v: unknown): unknown =>
          Array.isArray(v)
            ? v.map(shuffled)
            : typeof v === 'object' && v !== null
              ? Object.fromEntries(
                  Object.entries(v)
                    .reverse()
                    .map(([k, inner]) => [k, shuffled(inner)]),
                )
              : v;
        const text = canonical(value);
        expect(canonical(shuffled(value))).toBe(text);
        expect(canonical(JSON.parse(text))).toBe(text);
      }),
      { seed: Number(process.env.FC_SEED ?? 20_261_122), numRuns: 300 },
    );
  });

  it('reads a byte order mark as nothing', () => {
    expect(parseJson(Buffer.from('\ufeff{"a":1}'))).toEqual({ a: 1 });
  });
});
