/** An event of the journal as a plain sentence in the person's language. */
import type { JournalEntryJson, SummaryParam } from '@mostrador/contract/journal';
import { type Format, useFormat } from '@mostrador/ui';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

type Params = Record<string, string | number>;

/** One gap of a sentence, written out. Numbers stay numbers only where they are counted. */
function write(key: string, value: SummaryParam, format: Format, t: TFunction): string | number {
  if (value === null) return t('journal.unknown');
  if (typeof value === 'number') {
    if (key === 'count') return value;
    return key === 'rate_bp' ? format.percent(value) : format.number(value);
  }
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const names = value.map((field) => t(`journal.field.${field}`, { defaultValue: field }));
    return new Intl.ListFormat(format.settings.language, { type: 'conjunction' }).format(names);
  }
  return 'amount' in value ? format.money(value) : format.quantity(value.quantity, value.unit);
}

export function actorName(entry: Pick<JournalEntryJson, 'actor' | 'actor_name'>, t: TFunction): string {
  if (entry.actor_name) return entry.actor_name;
  return t(`journal.actor.${entry.actor}`, { defaultValue: t('journal.actor.someone') });
}

/** Which of a type's sentences fits: some types have one for in and out, up and down, one and many. */
function variantOf(entry: JournalEntryJson): string {
  const { key, params } = entry.summary;
  if (key === 'product.priced') {
    if (params.count !== 1) return 'many';
    if (params.price === null) return 'taken';
    return params.previous === null ? 'first' : 'one';
  }
  if (key === 'cash.moved') return params.direction === 'in' ? 'in' : 'out';
  if (key === 'stock.received') return params.supplier ? 'from' : 'plain';
  if (key === 'stock.threshold_set') return params.quantity === null ? 'default' : 'to';
  if (key === 'stock.adjusted') {
    const quantity = params.quantity;
    return typeof quantity === 'object' && quantity && 'quantity' in quantity && quantity.quantity < 0
      ? 'less'
      : 'more';
  }
  return '';
}

export function sentenceOf(entry: JournalEntryJson, format: Format, t: TFunction): string {
  const { key, params } = entry.summary;
  const written: Params = {};
  for (const [name, value] of Object.entries(params)) written[name] = write(name, value, format, t);
  written.actor = actorName(entry, t);
  const variant = variantOf(entry);
  return t(`journal.says.${key}${variant ? `.${variant}` : ''}`, {
    ...written,
    defaultValue: t('journal.says.other', { type: entry.type, ...written }),
  });
}

export function useSentence(): (entry: JournalEntryJson) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (entry) => sentenceOf(entry, format, t);
}

/** Where the first thing that an event mentions can be looked at; null when there is no page for it. */
export function linkOf(link: { readonly noun: string; readonly id: string } | undefined): string | null {
  if (!link) return null;
  const bases: Readonly<Record<string, string>> = {
    product: '/products',
    sale: '/sales',
    refund: '/refunds',
    customer: '/customers',
    supplier: '/suppliers',
    user: '/people',
    cash_session: '/cash-sessions',
  };
  const base = bases[link.noun];
  return base ? `${base}/${link.id}` : null;
}
