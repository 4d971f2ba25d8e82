/** Changing many prices at once: by how much, of what, rounded how; nothing is written before it has been seen. */

import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { PriceChangeInput, PriceChangeJson } from '@mostrador/contract/product';
import {
  currencyDigits,
  EmptyState,
  ErrorState,
  Money,
  Page,
  PageHeader,
  QuantityField,
  RowsSkeleton,
  Section,
  toastDone,
  useFormat,
} from '@mostrador/ui';
import { IconPercentage } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { newKey, post } from '../../api/client.js';
import { useCommand, useErrorWords } from '../../api/hooks.js';
import { useCategories } from '../../api/nouns.js';
import { failureOf } from '../../api/problem.js';
import { useAddress } from '../../shared/address.js';
import shared from '../../shared/shared.module.css';
import classes from './product.module.css';

export function PriceChange() {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useErrorWords();
  const navigate = useNavigate();
  const categories = useCategories();
  const { values } = useAddress();
  const chosen = (values.products ?? '').split(',').filter(Boolean);
  const unit = 10 ** currencyDigits(format.settings.currency);
  const [direction, setDirection] = useState<'up' | 'down'>('up');
  const [percent, setPercent] = useState<number | null>(null);
  const [category, setCategory] = useState<string | null>(null);
  const [brand, setBrand] = useState('');
  const [step, setStep] = useState(String(unit));
  const [mode, setMode] = useState<'nearest' | 'up' | 'down'>('nearest');
  const [reason, setReason] = useState('');
  const [key, setKey] = useState(newKey);

  const steps = [1, unit / 10, unit, unit * 5, unit * 10, unit * 50, unit * 100].filter(
    (s) => s >= 1 && Number.isInteger(s),
  );
  const input: PriceChangeInput = {
    percent_bp: Math.round((percent ?? 0) * 100) * (direction === 'up' ? 1 : -1),
    rounding: { step: Number(step), mode },
    filters: {
      ...(category ? { category_id: category } : {}),
      ...(brand.trim() ? { brand: brand.trim() } : {}),
      ...(chosen.length ? { product_ids: chosen } : {}),
    },
    reason: reason.trim(),
  };
  const [asked] = useDebouncedValue(JSON.stringify(input), 250);
  const ready = percent !== null && percent > 0;
  const preview = useQuery({
    queryKey: ['product', 'price-change', asked],
    queryFn: () => post<PriceChangeJson>('/products/price-changes', { ...JSON.parse(asked), preview: true }),
    enabled: ready,
    placeholderData: keepPreviousData,
  });
  const change = useCommand(() => post<PriceChangeJson>('/products/price-changes', input, { key }), {
    renews: ['product', 'journal'],
    onDone: (done) => {
      setKey(newKey());
      toastDone(t('priceChange.done', { count: done.changed }));
      void navigate('/products');
    },
  });
  const count = preview.data?.changed ?? 0;

  return (
    <Page>
      <PageHeader title={t('priceChange.title')} purpose={t('priceChange.purpose')} />
      <div className={classes.steps}>
        <Section title={t('priceChange.what')}>
          <div className={shared.form}>
            <SegmentedControl
              fullWidth
              value={direction}
              onChange={(v) => setDirection(v as 'up' | 'down')}
              data={[
                { value: 'up', label: t('priceChange.up') },
                { value: 'down', label: t('priceChange.down') },
              ]}
            />
            <QuantityField
              label={t('priceChange.percent')}
              unit="%"
              value={percent}
              onChange={setPercent}
              wrong={t('defect.number')}
              autoFocus
            />
            {chosen.length > 0 ? (
              <p className={classes.sum}>{t('priceChange.chosen', { count: chosen.length })}</p>
            ) : (
              <>
                <Select
                  label={t('product.category')}
                  placeholder={t('priceChange.allCategories')}
                  clearable
                  allowDeselect
                  searchable
                  value={category}
                  onChange={setCategory}
                  data={categories.map((c) => ({ value: c.id, label: c.name }))}
                />
                <TextInput
                  label={t('product.brand')}
                  placeholder={t('priceChange.allBrands')}
                  value={brand}
                  onChange={(e) => setBrand(e.currentTarget.value)}
                />
              </>
            )}
            <div className={shared.two}>
              <Select
                label={t('priceChange.step')}
                value={step}
                onChange={(v) => setStep(v ?? '1')}
                data={steps.map((s) => ({
                  value: String(s),
                  label: format.money({ amount: s, currency: format.settings.currency }),
                }))}
              />
              <Select
                label={t('priceChange.rounding')}
                value={mode}
                onChange={(v) => setMode((v ?? 'nearest') as typeof mode)}
                data={(['nearest', 'up', 'down'] as const).map((m) => ({
                  value: m,
                  label: t(`priceChange.mode.${m}`),
                }))}
              />
            </div>
            <TextInput
              label={t('reason')}
              placeholder={t('priceChange.reasonHint')}
              value={reason}
              maxLength={200}
              onChange={(e) => setReason(e.currentTarget.value)}
            />
            <Button
              size="md"
              disabled={!ready || count === 0}
              loading={change.isPending}
              onClick={() => change.mutate(undefined)}
            >
              {t('priceChange.apply', { count })}
            </Button>
            <Button component={Link} to="/products" variant="subtle" color="gray">
              {t('discard')}
            </Button>
          </div>
        </Section>
        <Section
          title={t('priceChange.preview')}
          hint={ready && preview.data ? t('priceChange.changes', { count }) : undefined}
          flush
        >
          {!ready ? (
            <EmptyState icon={IconPercentage} title={t('priceChange.start')} hint={t('priceChange.startHint')} />
          ) : preview.error ? (
            <ErrorState failure={failureOf(preview.error, words)} onRetry={() => void preview.refetch()} />
          ) : preview.data ? (
            <Changes data={preview.data} />
          ) : (
            <RowsSkeleton />
          )}
        </Section>
      </div>
    </Page>
  );
}

function Changes({ data }: { readonly data: PriceChangeJson }) {
  const { t } = useTranslation();
  if (data.changed === 0) return <EmptyState title={t('priceChange.nothing')} hint={t('priceChange.nothingHint')} />;
  return (
    <section
      className={shared.scroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label={t('priceChange.preview')}
      style={{ padding: '0 20px 12px' }}
    >
      <table className={shared.lines}>
        <thead>
          <tr>
            <th>{t('product.one')}</th>
            <th data-end>{t('priceChange.before')}</th>
            <th data-end>{t('priceChange.after')}</th>
          </tr>
        </thead>
        <tbody>
          {data.changes.map((c) => (
            <tr key={c.variant_id}>
              <td>{c.name || c.sku}</td>
              <td data-end>
                <Money value={c.previous} />
              </td>
              <td data-end>
                <Money value={c.price} strong />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.changed > data.changes.length ? (
        <p className={classes.sum}>{t('priceChange.more', { count: data.changed - data.changes.length })}</p>
      ) : null}
    </section>
  );
}
