/** Ids: published vectors, order, and the way back. FC_SEED repeats a run. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deriveId,
  idOf,
  isId,
  isUuid,
  makeId,
  parseId,
  uuidOf,
  uuidTime,
  uuidV7,
  uuidV8,
  uuidVersion,
} from './index.js';

const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
const ms = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const bytes = fc.uint8Array({ minLength: 10, maxLength: 32 });

describe('ids', () => {
  // From the TypeID specification and RFC 9562, appendix A.
  it.each([
    ['00000000000000000000000000', '00000000-0000-0000-0000-000000000000'],
    ['00000000000000000000000001', '00000000-0000-0000-0000-000000000001'],
    ['0000000000000000000000000g', '00000000-0000-0000-0000-000000000010'],
    ['7zzzzzzzzzzzzzzzzzzzzzzzzz', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['0123456789abcdefghjkmnpqrs', '0110c853-1d09-52d8-d73e-1194e95b5f19'],
    ['01h455vb4pex5vsknk084sn02q', '01890a5d-ac96-774b-bcce-b302099a8057'],
  ])('writes %s for %s and reads it', (suffix, uuid) => {
    expect(idOf('sal', uuid)).toBe(`sal_${suffix}`);
    expect(parseId(`sal_${suffix}`)).toEqual({ prefix: 'sal', uuid });
    expect(uuidOf(`sal_${suffix}`)).toBe(uuid);
  });

  it('lays a UUIDv7 out as RFC 9562 does', () => {
    const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
    expect(uuidV8(0x017f22e279b0, random)).toBe('017f22e2-79b0-8cc3-98c4-dc0c0c07398f');
  });

  it.each([
    '',
    'sal_',
    'sal',
    '_01h455vb4pex5vsknk084sn02q',
    'SAL_01h455vb4pex5vsknk084sn02q',
    'sales_01h455vb4pex5vsknk084sn02q',
    'sal_01h455vb4pex5vsknk084sn02',
    'sal_01h455vb4pex5vsknk084sn02qq',
    'sal_81h455vb4pex5vsknk084sn02q',
    'sal_01H455VB4PEX5VSKNK084SN02Q',
    'sal_01h455vb4pex5vsknk084sn0il',
    'sal_01h455vb4pex5vsknk084sn02q\n',
  ])('does not take %j for an id', (text) => {
    expect(parseId(text)).toBeNull();
    expect(isId(text)).toBe(false);
    expect(() => uuidOf(text)).toThrow(RangeError);
  });

  it('takes prefixes of three and four letters', () => {
    expect(isId('prod_01h455vb4pex5vsknk084sn02q', 'prod')).toBe(true);
    expect(isId('ab_01h455vb4pex5vsknk084sn02q')).toBe(false);
  });

  it('compares the prefix where one is given', () => {
    expect(isId('sal_01h455vb4pex5vsknk084sn02q', 'sal')).toBe(true);
    expect(isId('sal_01h455vb4pex5vsknk084sn02q', 'var')).toBe(false);
  });

  it('refuses times that do not fit, too few bytes, and what is no UUID', () => {
    const random = new Uint8Array(10);
    for (const time of [-1, 0.5, 2 ** 48, Number.NaN]) expect(() => uuidV7(time, random)).toThrow(RangeError);
    expect(() => uuidV7(0, new Uint8Array(9))).toThrow(RangeError);
    expect(() => idOf('sal', '017F22E2-79B0-7CC3-98C4-DC0C0C07398F')).toThrow(RangeError);
    expect(isUuid('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')).toBe(true);
    expect(uuidVersion('nothing')).toBeNull();
    expect(uuidTime('11111111-1111-4111-8111-111111111111')).toBeNull();
  });

  it('keeps time, version and bytes, and repeats', () => {
    fc.assert(
      fc.property(ms, bytes, (time, source) => {
        const live = makeId('ten', time, source);
        const derived = deriveId('ten', time, source);
        expect(isId(live, 'ten') && isId(derived, 'ten')).toBe(true);
        expect(uuidOf(live)).toBe(uuidV7(time, source));
        expect(uuidOf(derived)).toBe(uuidV8(time, source));
        expect(uuidVersion(uuidOf(live))).toBe(7);
        expect(uuidVersion(uuidOf(derived))).toBe(8);
        expect(uuidTime(uuidOf(live))).toBe(time);
        expect(idOf('ten', uuidOf(derived))).toBe(derived);
        expect('89ab').toContain(uuidOf(live).charAt(19));
      }),
      { numRuns: 500, ...seed },
    );
  });

  it('sorts by time as text', () => {
    fc.assert(
      fc.property(ms, ms, bytes, bytes, (a, b, x, y) => {
        fc.pre(a < b);
        expect(makeId('sal', a, x) < makeId('sal', b, y)).toBe(true);
        expect(uuidV7(a, x) < uuidV7(b, y)).toBe(true);
      }),
      { numRuns: 500, ...seed },
    );
  });
});
