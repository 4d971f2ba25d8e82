/** Shelf labels as a PDF: which products, how many of each, on what paper. */

import { ActionIcon, Button, Select } from '@mantine/core';
import type { LabelsInput, ProductJson } from '@mostrador/contract/product';
import { EmptyState, Money, Page, PageHeader, QuantityField, Section } from '@mostrador/ui';
import { IconPrinter, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, newKey, requestBlob } from '../../api/client.js';
import { useCommand } from '../../api/hooks.js';
import { useAddress } from '../../shared/address.js';
import { download } from '../../shared/csv.js';
import shared from '../../shared/shared.module.css';
import { withVariant } from '../../shared/text.js';
import { type PickedVariant, VariantPicker } from '../../shared/variant-picker.js';
import classes from './product.module.css';

type Size = NonNullable<LabelsInput['size']>;
const SIZES: readonly Size[] = ['a4_24', 'a4_65', 'a4_8', 'roll_50x25', 'roll_58x40', 'roll_100x50'];

interface Item extends PickedVariant {
  readonly copies: number | null;
}

export function Labels() {
  const { t } = useTranslation();
  const { values } = useAddress();
  const given = (values.products ?? '').split(',').filter(Boolean).slice(0, 100);
  const { data } = useQuery({
    queryKey: ['product', 'labels', given],
    queryFn: () => Promise.all(given.map((id) => get<ProductJson>(`/products/${id}`))),
    enabled: given.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (given.length > 0 && !data) return null;
  const first = (data ?? []).flatMap((product) => product.variants.map((variant) => ({ product, variant, copies: 1 })));
  return (
    <Page>
      <PageHeader title={t('labels.title')} purpose={t('labels.purpose')} />
      <Form key={given.join()} first={first} />
    </Page>
  );
}

function Form({ first }: { readonly first: readonly Item[] }) {
  const { t } = useTranslation();
  const [items, setItems] = useState<readonly Item[]>(first);
  const [size, setSize] = useState<Size>('a4_24');
  const [skip, setSkip] = useState<number | null>(0);
  const good = items.filter((i) => i.copies !== null && i.copies > 0 && i.copies <= 200);
  const total = good.reduce((sum, i) => sum + (i.copies ?? 0), 0);
  const print = useCommand(
    () =>
      requestBlob('POST', '/products/labels', {
        key: newKey(),
        body: {
          size,
          skip: size.startsWith('a4') ? (skip ?? 0) : 0,
          items: good.map((i) => ({ variant_id: i.variant.id, copies: i.copies })),
        },
      }),
    { renews: [], onDone: (blob) => download(`${t('labels.file')}.pdf`, blob) },
  );
  const add = (picked: PickedVariant) =>
    setItems((old) =>
      old.some((i) => i.variant.id === picked.variant.id)
        ? old.map((i) => (i.variant.id === picked.variant.id ? { ...i, copies: (i.copies ?? 0) + 1 } : i))
        : [...old, { ...picked, copies: 1 }],
    );
  return (
    <div className={classes.steps}>
      <Section title={t('labels.paper')}>
        <div className={shared.form}>
          <Select
            label={t('labels.size')}
            value={size}
            onChange={(v) => setSize((v ?? 'a4_24') as Size)}
            data={SIZES.map((s) => ({ value: s, label: t(`labels.sizes.${s}`) }))}
          />
          {size.startsWith('a4') ? (
            <QuantityField
              label={t('labels.skip')}
              description={t('labels.skipHint')}
              value={skip}
              onChange={setSkip}
              wrong={t('defect.number')}
            />
          ) : null}
          <Button
            size="md"
            leftSection={<IconPrinter size={18} stroke={1.5} />}
            disabled={total === 0}
            loading={print.isPending}
            onClick={() => print.mutate(undefined)}
          >
            {t('labels.print', { count: total })}
          </Button>
        </div>
      </Section>
      <Section title={t('labels.which')}>
        <VariantPicker onPick={add} autoFocus />
        {items.length === 0 ? (
          <EmptyState small icon={IconPrinter} title={t('labels.none')} hint={t('labels.noneHint')} />
        ) : (
          <table className={`${shared.lines} ${shared.stackLines}`} style={{ marginTop: 16 }}>
            <thead>
              <tr>
                <th>{t('product.one')}</th>
                <th data-end>{t('product.price')}</th>
                <th data-end>{t('labels.copies')}</th>
                <th aria-label={t('remove')} />
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.variant.id}>
                  <td>{withVariant(item.product.name, item.variant.name)}</td>
                  <td data-end>
                    <Money value={item.variant.price} />
                  </td>
                  <td data-end style={{ width: 96 }}>
                    <QuantityField
                      aria-label={t('labels.copies')}
                      size="sm"
                      value={item.copies}
                      onChange={(copies) => setItems((old) => old.map((i) => (i === item ? { ...i, copies } : i)))}
                      wrong={t('defect.number')}
                    />
                  </td>
                  <td data-remove style={{ width: 40 }}>
                    <ActionIcon
                      aria-label={t('remove')}
                      onClick={() => setItems((old) => old.filter((i) => i !== item))}
                    >
                      <IconTrash size={18} stroke={1.5} />
                    </ActionIcon>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Section>
    </div>
  );
}
