import type { JournalEntryJson, JournalSummaryKey, SummaryParam } from '@mostrador/contract/journal';
import i18next from 'i18next';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { makeFormat } from '../../../../packages/ui/src/format/format.js';
import { en } from '../i18n/en/index.js';
import { es } from '../i18n/es/index.js';

vi.mock('@mostrador/ui', () => ({}));
const { linkOf, sentenceOf } = await import('./sentence.js');

const i18n = i18next.createInstance();
beforeAll(async () => {
  await i18n.init({
    lng: 'es',
    ns: ['app'],
    defaultNS: 'app',
    resources: { es: { app: es }, en: { app: en } },
    interpolation: { escapeValue: false },
  });
});

const where = { country: 'AR', currency: 'ARS', timeZone: 'America/Argentina/Buenos_Aires' };
const ars = (amount: number) => ({ amount, currency: 'ARS' });
const pieces = (quantity: number) => ({ quantity, unit: 'piece' as const });

function say(
  language: 'es' | 'en',
  key: JournalSummaryKey,
  params: Record<string, SummaryParam>,
  actor = 'Ana',
): string {
  const entry = {
    actor: 'usr_1',
    actor_name: actor,
    type: key,
    summary: { key, params },
  } as unknown as JournalEntryJson;
  const said = sentenceOf(entry, makeFormat({ ...where, language }), i18n.getFixedT(language));
  return said.replace(/\s/g, ' ');
}

describe('the journal in sentences', () => {
  it('says a sale of one product and of several', () => {
    const one = {
      name: 'Yerba 1 kg',
      quantity: pieces(3),
      count: 1,
      total: ars(960_000),
      location: 'Local',
      actor: '',
    };
    expect(say('es', 'sale.completed', one)).toBe('Ana vendi\u00f3 3 \u00d7 Yerba 1 kg por $ 9.600,00 en Local');
    expect(say('es', 'sale.completed', { ...one, count: 4 })).toBe(
      'Ana vendi\u00f3 4 productos por $ 9.600,00 en Local',
    );
    expect(say('en', 'sale.completed', one)).toContain('Ana sold 3 \u00d7 Yerba 1 kg for');
  });

  it('tells a first price from a change, and one from many', () => {
    const base = { name: 'Pan', count: 1, price: ars(150_00), previous: ars(120_00), reason: '' };
    expect(say('es', 'product.priced', base)).toBe('Ana cambi\u00f3 el precio de Pan de $ 120,00 a $ 150,00');
    expect(say('es', 'product.priced', { ...base, previous: null })).toBe('Ana puso precio a Pan: $ 150,00');
    expect(say('es', 'product.priced', { ...base, price: null })).toBe('Ana quit\u00f3 el precio de Pan');
    expect(say('es', 'product.priced', { count: 12 })).toBe('Ana cambi\u00f3 12 precios');
  });

  it('tells more from less, in from out', () => {
    const adjusted = { name: 'Pan', location: 'Local', reason: 'rotura' };
    expect(say('es', 'stock.adjusted', { ...adjusted, quantity: pieces(-2) })).toContain('rest\u00f3');
    expect(say('es', 'stock.adjusted', { ...adjusted, quantity: pieces(2) })).toContain('sum\u00f3');
    const moved = { name: 'Caja 1', amount: ars(100), reason: 'x' };
    expect(say('en', 'cash.moved', { ...moved, direction: 'in' })).toContain('put');
    expect(say('en', 'cash.moved', { ...moved, direction: 'out' })).toContain('took');
  });

  it('lists fields in words and leaves nothing unsaid', () => {
    expect(say('es', 'product.changed', { name: 'Pan', fields: ['name', 'brand', 'category_id'] })).toBe(
      'Ana cambi\u00f3 Pan: nombre, marca y categor\u00eda',
    );
    expect(say('es', 'product.archived', { name: null })).toBe('Ana archiv\u00f3 algo');
    expect(say('es', 'other', { type: 'x.y', subject: 's' }, '')).toContain('Alguien');
  });

  it('leads to pages that exist', () => {
    expect(linkOf({ noun: 'sale', id: 'sal_1' })).toBe('/sales/sal_1');
    expect(linkOf({ noun: 'location', id: 'loc_1' })).toBeNull();
    expect(linkOf(undefined)).toBeNull();
  });
});
