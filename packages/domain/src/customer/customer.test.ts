/** Customers: what commands do, what is masked, and what is found by which words. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomerCommand, CustomerEvent, CustomerPersonal, CustomerState } from './index.js';
import { customerQuery, decideCustomer, EMPTY_PERSONAL, evolveCustomer, maskPersonal, searchWords } from './index.js';

const seed = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
const box = { sealed: 'box1', tokens: ['t1'] };
const create: CustomerCommand = {
  type: 'create',
  customerId: 'cus_1',
  personal: box,
  country: 'AR',
  consents: ['loyalty', 'analytics', 'loyalty'],
};

function after(...commands: CustomerCommand[]): CustomerState | null {
  let state: CustomerState | null = null;
  for (const command of commands) {
    const decision = decideCustomer(state, command);
    if (!decision.ok) throw new Error(decision.rejection.code);
    for (const event of decision.events) state = evolveCustomer(state, event as unknown as CustomerEvent);
  }
  return state;
}
const typesOf = (state: CustomerState | null, command: CustomerCommand) => {
  const decision = decideCustomer(state, command);
  return decision.ok ? decision.events.map((e) => e.type) : decision.rejection.code;
};
const person = (more: Partial<CustomerPersonal>): CustomerPersonal => ({ ...EMPTY_PERSONAL, ...more });

describe('commands', () => {
  it('create a customer once, with consents in order', () => {
    expect(after(create)).toEqual({
      customerId: 'cus_1',
      personal: box,
      country: 'AR',
      consents: ['analytics', 'loyalty'],
      externalReference: null,
    });
    expect(after({ ...create, externalReference: '17850' })?.externalReference).toBe('17850');
    expect(typesOf(after(create), create)).toBe('customer_exists');
  });

  it('change what they name and keep the rest', () => {
    const changed = after(create, { type: 'change', country: 'UY' });
    expect(changed).toMatchObject({ personal: box, country: 'UY', consents: ['analytics', 'loyalty'] });
    const sealedAnew = after(create, { type: 'change', personal: { sealed: 'box2', tokens: [] }, consents: [] });
    expect(sealedAnew).toMatchObject({ personal: { sealed: 'box2', tokens: [] }, country: 'AR', consents: [] });
  });

  it('write nothing when nothing changes', () => {
    expect(typesOf(after(create), { type: 'change' })).toEqual([]);
    expect(typesOf(after(create), { type: 'change', country: 'AR', consents: ['loyalty', 'analytics'] })).toEqual([]);
  });

  it('erase for good', () => {
    const erased = after(create, { type: 'erase' });
    expect(erased).toMatchObject({ personal: null, consents: [], externalReference: null });
    expect(typesOf(erased, { type: 'erase' })).toEqual([]);
    expect(typesOf(erased, { type: 'change', country: 'UY' })).toBe('customer_erased');
    const late: CustomerEvent = {
      type: 'customer.changed',
      payload: { customerId: 'cus_1', ...box, country: 'AR', consents: [] },
    };
    expect(evolveCustomer(erased, late)).toBe(erased);
  });

  it('refuse what there is not', () => {
    expect(typesOf(null, { type: 'erase' })).toBe('customer_not_found');
    expect(typesOf(null, { type: 'change' })).toBe('customer_not_found');
  });
});

describe('masking', () => {
  it('keeps a first name, initials and the ends of numbers', () => {
    const masked = maskPersonal({
      name: 'Ana María  Gómez',
      email: 'ana.gomez@correo.com.ar',
      phone: '+54 11 5555-4321',
      document: '27-30123456-8',
      address: 'Av. Siempreviva 742',
      note: 'Debe 3 envases',
    });
    expect(masked).toEqual({
      name: 'Ana M••• G•••',
      email: 'a•••@c•••',
      phone: '•••4321',
      document: '•••6-8',
      address: '•••',
      note: '•••',
    });
  });

  it('leaves what is empty empty and shows no short number', () => {
    expect(maskPersonal(EMPTY_PERSONAL)).toEqual(EMPTY_PERSONAL);
    expect(maskPersonal(person({ name: 'Ana', phone: '911', document: '12345' }))).toMatchObject({
      name: 'Ana',
      phone: '•••',
      document: '•••',
    });
  });
});

describe('search', () => {
  const ana = person({
    name: 'Ana Núñez Fernández',
    email: 'Ana.Nunez@Correo.com',
    phone: '11 5555-4321',
    document: '30.123.456-K',
  });
  const finds = (text: string, whom = ana) => {
    const words = new Set(searchWords(whom));
    const { all, any } = customerQuery(text);
    return (all.length > 0 && all.every((w) => words.has(w))) || any.some((w) => words.has(w));
  };

  it.each([
    'ana',
    'nuñ',
    'NUN',
    'Núñez',
    'fernande',
    'fernández',
    'nunez ana',
    'ana.nunez@correo.com',
    ' ANA.NUNEZ@CORREO.COM ',
    '1155554321',
    '+54 9 11 5555 4321',
    '5555-4321',
    '554321',
    '30123456k',
    '30.123.456-K',
  ])('finds by %j', (text) => {
    expect(finds(text)).toBe(true);
  });

  it.each(['', '  ', 'an', 'nu', 'ana perez', 'unez', '4321', 'correo.com', '@', '30123457k', '301234', '99995555432'])(
    'does not find by %j',
    (text) => {
      expect(finds(text)).toBe(false);
    },
  );

  it('finds short words whole', () => {
    expect(finds('li', person({ name: 'Li Wu' }))).toBe(true);
    expect(finds('l', person({ name: 'Li Wu' }))).toBe(false);
  });

  it('finds everybody by any beginnings of their words', () => {
    const word = fc.stringMatching(/^[a-zñáéíóú]{3,12}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.nat()), { minLength: 1, maxLength: 5 }), (parts) => {
        const whom = person({ name: parts.map(([w]) => w).join(' ') });
        const typed = parts.map(([w, n]) => [...w].slice(0, 3 + (n % (w.length - 2))).join(''));
        expect(finds(typed.reverse().join(' '), whom)).toBe(true);
      }),
      { numRuns: 300, ...seed },
    );
  });

  it('bounds what it indexes', () => {
    expect(searchWords(person({ name: 'abcdefghij '.repeat(40) })).length).toBeLessThan(10);
    const many = Array.from({ length: 60 }, (_, i) => `${String.fromCharCode(97 + (i % 26))}${i}bcdefgh`).join(' ');
    expect(searchWords(person({ name: many })).length).toBeLessThanOrEqual(12 * 6);
    expect(customerQuery(many).all.length).toBeLessThanOrEqual(12);
  });
});
