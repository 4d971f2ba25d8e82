import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainHash, GENESIS, sha256 } from './hash.js';

/** FC_SEED repeats a run. */
const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
const reference = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

describe('the hash', () => {
  it('[SY2] is SHA-256 of the text’s UTF-8, also at the edges of its blocks', () => {
    for (let length = 0; length < 200; length++) expect(sha256('a'.repeat(length))).toBe(reference('a'.repeat(length)));
    for (const text of ['ñandú', '🧉 mate', '\ud800', 'a\udc00b', '\u0000']) expect(sha256(text)).toBe(reference(text));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(sha256(text)).toBe(reference(text));
      }),
      seed,
    );
  });

  it('[SY2] of a place changes with each part of it', () => {
    const link = {
      prev: GENESIS,
      device: 'dev_1',
      at: { epoch: 'e1', lane: 'high', number: 1 },
      after: null,
      digest: sha256('body'),
    } as const;
    const others = [
      { ...link, prev: sha256('x') },
      { ...link, device: 'dev_2' },
      { ...link, at: { ...link.at, epoch: 'e2' } },
      { ...link, at: { ...link.at, lane: 'low' as const } },
      { ...link, at: { ...link.at, number: 2 } },
      { ...link, after: link.at },
      { ...link, digest: sha256('other') },
    ];
    const hashes = [link, ...others].map((l) => chainHash(sha256, l));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
