/** Goods received: from whom, on which delivery note, what, how much, at what cost. */

import { Button, Select, TextInput } from '@mantine/core';
import type { ProductJson } from '@mostrador/contract/product';
import type { StockReceiptJson } from '@mostrador/contract/stock';
import {
  EmptyState,
  Money,
  MoneyField,
  Page,
  PageHeader,
  QuantityField,
  Section,
  toastDone,
  useFormat,
} from '@mostrador/ui';
import { IconBarcode } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { get, newKey, post } from '../../api/client.js';
import { useCommand, useSession } from '../../api/hooks.js';
import { useSuppliers } from '../../api/nouns.js';
import { isRefusal } from '../../api/problem.js';
import { useAddress } from '../../shared/address.js';
import { useWorkingLocation } from '../../shared/chosen-location.js';
import shared from '../../shared/shared.module.css';
import type { PickedVariant } from '../../shared/variant-picker.js';
import { type DocumentLine, Lines, LocationField } from './parts.js';
import classes from './stock.module.css';

interface ReceiptLine extends DocumentLine {
  readonly cost: number | null;
}

function make(picked: PickedVariant): ReceiptLine {
  return { ...picked, quantity: 1, cost: picked.variant.cost?.amount ?? null };
}

export function Receive() {
  const { values } = useAddress();
  const variant = values.variant;
  const { data, isLoading } = useQuery({
    queryKey: ['product', 'of-variant', variant],
    queryFn: async () => {
      const levels = await get<{ data: { product_id: string }[] }>('/stock', { variant_id: variant });
      const id = levels.data[0]?.product_id;
      return id ? get<ProductJson>(`/products/${id}`) : null;
    },
    enabled: Boolean(variant),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (isLoading) return null;
  const picked = data?.variants.find((v) => v.id === variant);
  return (
    <Form first={data && picked ? [make({ product: data, variant: picked })] : []} supplier={values.supplier ?? ''} />
  );
}

function Form({ first, supplier: given }: { readonly first: readonly ReceiptLine[]; readonly supplier: string }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const navigate = useNavigate();
  const { settings } = useFormat();
  const suppliers = useSuppliers(can('supplier.read'));
  const working = useWorkingLocation();
  const [chosen, setChosen] = useState('');
  const [supplier, setSupplier] = useState<string | null>(given || null);
  const [reference, setReference] = useState('');
  const [lines, setLines] = useState(first);
  const [key, setKey] = useState(newKey);
  const location = chosen || working;
  const good = lines.filter((l) => (l.quantity ?? 0) > 0);
  const total = good.reduce((sum, l) => sum + Math.round((l.cost ?? 0) * (l.quantity ?? 0)), 0);

  const receive = useCommand(
    () =>
      post<StockReceiptJson>(
        '/stock/receipts',
        {
          location_id: location,
          supplier_id: supplier,
          reference: reference.trim(),
          lines: good.map((l) => ({
            variant_id: l.variant.id,
            quantity: l.quantity ?? 0,
            unit_cost: l.cost === null ? null : { amount: l.cost, currency: settings.currency },
          })),
        },
        { key },
      ),
    {
      renews: ['stock', 'product', 'journal', 'dashboard'],
      onDone: (receipt) => {
        toastDone(t('receive.done', { count: good.length }));
        void navigate(`/stock-receipts/${receipt.id}`);
      },
      onProblem: (problem) => {
        if (isRefusal(problem)) setKey(newKey());
        return false;
      },
    },
  );

  return (
    <Page>
      <PageHeader
        title={t('receive.title')}
        purpose={t('receive.purpose')}
        primary={
          <Button
            loading={receive.isPending}
            disabled={good.length === 0 || good.length < lines.length || !location}
            onClick={() => receive.mutate(undefined)}
          >
            {t('receive.do', { count: good.length })}
          </Button>
        }
      />
      <Section>
        <div className={classes.fields}>
          <LocationField label={t('receive.to')} value={location} onChange={setChosen} />
          <Select
            label={t('receive.supplier')}
            placeholder={t('receive.noSupplier')}
            searchable
            clearable
            allowDeselect
            value={supplier}
            onChange={setSupplier}
            data={suppliers.map((s) => ({ value: s.id, label: s.name }))}
          />
          <TextInput
            label={t('receive.reference')}
            placeholder={t('receive.referenceHint')}
            maxLength={120}
            value={reference}
            onChange={(e) => setReference(e.currentTarget.value)}
          />
        </div>
      </Section>
      <Section title={t('receive.lines')}>
        <Lines
          lines={lines}
          onChange={setLines}
          make={make}
          heads={[t('stock.quantity'), t('receive.cost'), t('receive.amount')]}
          empty={<EmptyState small icon={IconBarcode} title={t('receive.none')} hint={t('receive.noneHint')} />}
          cells={(line, set) => [
            <QuantityField
              key="q"
              size="sm"
              aria-label={t('stock.quantity')}
              unit={line.product.sales_unit}
              value={line.quantity}
              onChange={(quantity) => set({ quantity })}
              wrong={t('defect.number')}
            />,
            <MoneyField
              key="c"
              size="sm"
              aria-label={t('receive.cost')}
              value={line.cost}
              onChange={(cost) => set({ cost })}
              wrong={t('defect.money')}
            />,
            <Money
              key="a"
              value={
                line.cost === null
                  ? null
                  : { amount: Math.round(line.cost * (line.quantity ?? 0)), currency: settings.currency }
              }
            />,
          ]}
        />
        {good.length > 0 ? (
          <div className={classes.total}>
            <span className={shared.soft}>{t('receive.total')}</span>
            <Money value={{ amount: total, currency: settings.currency }} strong />
          </div>
        ) : null}
      </Section>
    </Page>
  );
}
