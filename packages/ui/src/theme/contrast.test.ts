import { describe, expect, it } from 'vitest';
import { brick, dark as darkScale, gray, green, mustard, sky } from './colors.js';
import { contrast } from './contrast.js';
import { dark, light, type Tokens } from './tokens.js';

/** What is written on what, by token. */
const TEXT: readonly (readonly [keyof Tokens, keyof Tokens])[] = [
  ['ink', 'paper'],
  ['ink', 'surface'],
  ['ink', 'hover'],
  ['ink', 'greenTint'],
  ['ink', 'mustardTint'],
  ['ink', 'brickTint'],
  ['ink', 'skyTint'],
  ['inkSoft', 'paper'],
  ['inkSoft', 'surface'],
  ['inkSoft', 'hover'],
  ['inkSoft', 'greenTint'],
  ['green', 'paper'],
  ['green', 'surface'],
  ['green', 'greenTint'],
  ['brick', 'paper'],
  ['brick', 'surface'],
  ['brick', 'brickTint'],
  ['sky', 'paper'],
  ['sky', 'surface'],
  ['sky', 'skyTint'],
  ['onGreen', 'green'],
  ['onGreen', 'greenHover'],
  ['onMustard', 'mustard'],
  ['onBrick', 'brick'],
  ['onBrick', 'brickHover'],
];

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('the %s theme', (_, tokens) => {
  it.each(TEXT)('%s on %s reaches 4.5:1', (text, ground) => {
    expect(contrast(tokens[text], tokens[ground])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['paper', 'surface'] as const)('the border of a field stands out from %s by 3:1', (ground) => {
    expect(contrast(tokens.lineStrong, tokens[ground])).toBeGreaterThanOrEqual(3);
  });
});

describe('the scales', () => {
  it.each([
    ['green', green],
    ['mustard', mustard],
    ['brick', brick],
    ['sky', sky],
    ['gray', gray],
    ['dark', darkScale],
  ])('%s has ten steps, each darker than the one before', (_, scale) => {
    expect(scale).toHaveLength(10);
    const white = scale.map((step) => contrast(step, '#FFFFFF'));
    for (let i = 1; i < 10; i++) expect(white[i]).toBeGreaterThan(white[i - 1] as number);
  });

  it('hold the tokens at step 7 (light) and step 4 (dark)', () => {
    for (const [scale, name] of [
      [green, 'green'],
      [mustard, 'mustard'],
      [brick, 'brick'],
      [sky, 'sky'],
    ] as const) {
      expect(scale[7]).toBe(light[name]);
      expect(scale[4]).toBe(dark[name]);
    }
  });

  it('tell black from white as luminance does', () => {
    expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21, 5);
  });
});
