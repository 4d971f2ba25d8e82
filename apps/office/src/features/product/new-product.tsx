/** A new product: its sheet, and for the first variant a price and a barcode; without a price it is a draft. */

import { Button, TextInput } from '@mantine/core';
import type { ProductJson } from '@mostrador/contract/product';
import { MoneyField, PanelPart, SidePanel, toastDone, useFormat } from '@mostrador/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey, post } from '../../api/client.js';
import { useCommand, useErrorWords } from '../../api/hooks.js';
import { usePanelNavigation } from '../../shared/address.js';
import { defectsByField } from '../../shared/defects.js';
import shared from '../../shared/shared.module.css';
import { Sheet, type SheetValues } from './sheet.js';

const EMPTY: SheetValues = {
  name: '',
  brand: '',
  description: '',
  category_id: null,
  tax_rate_id: '',
  sales_unit: 'piece',
};

export function NewProduct() {
  const { t } = useTranslation();
  const words = useErrorWords();
  const { settings } = useFormat();
  const panel = usePanelNavigation('/products');
  const [values, setValues] = useState(EMPTY);
  const [price, setPrice] = useState<number | null>(null);
  const [cost, setCost] = useState<number | null>(null);
  const [barcode, setBarcode] = useState('');
  const [sku, setSku] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [key] = useState(newKey);
  const money = (amount: number | null) => (amount === null ? null : { amount, currency: settings.currency });

  const create = useCommand(
    () => {
      const { tax_rate_id, ...rest } = values;
      return post<ProductJson>(
        '/products',
        {
          ...rest,
          ...(tax_rate_id ? { tax_rate_id } : {}),
          variants: [
            {
              price: money(price),
              cost: money(cost),
              barcodes: barcode.trim() ? [barcode.trim()] : [],
              ...(sku.trim() ? { sku: sku.trim() } : {}),
            },
          ],
        },
        { key },
      );
    },
    {
      renews: ['product', 'journal'],
      onDone: (product) => {
        toastDone(t('product.created', { name: product.name }));
        panel.open(product.id);
      },
      onProblem: (problem) => {
        const found = defectsByField(problem, t, {
          'variants.0.barcodes.0': 'barcode',
          'variants.0.sku': 'sku',
          'variants.0.price.amount': 'price',
        });
        if (problem.code === 'barcode_taken') found.barcode = words(problem.code);
        if (problem.code === 'sku_taken') found.sku = words(problem.code);
        setErrors(found);
        return Object.keys(found).length > 0;
      },
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(undefined);
  };

  return (
    <SidePanel
      title={t('product.new')}
      fill
      subtitle={t('product.newHint')}
      onClose={panel.close}
      footer={
        <>
          <Button variant="default" onClick={panel.close}>
            {t('discard')}
          </Button>
          <Button type="submit" form="new-product" loading={create.isPending} disabled={!values.name.trim()}>
            {price === null ? t('product.createDraft') : t('product.create')}
          </Button>
        </>
      }
    >
      <form id="new-product" onSubmit={submit}>
        <PanelPart>
          <Sheet values={values} errors={errors} onChange={(change) => setValues({ ...values, ...change })} />
        </PanelPart>
        <PanelPart title={t('product.priceAndCodes')}>
          <div className={shared.two}>
            <MoneyField
              label={t('product.priceWithTax')}
              value={price}
              onChange={setPrice}
              wrong={t('defect.money')}
              error={errors.price}
            />
            <MoneyField label={t('product.cost')} value={cost} onChange={setCost} wrong={t('defect.money')} />
            <TextInput
              label={t('product.barcode')}
              value={barcode}
              maxLength={64}
              error={errors.barcode}
              onChange={(e) => setBarcode(e.currentTarget.value)}
            />
            <TextInput
              label={t('product.sku')}
              placeholder={t('product.skuAuto')}
              value={sku}
              maxLength={64}
              error={errors.sku}
              onChange={(e) => setSku(e.currentTarget.value)}
            />
          </div>
        </PanelPart>
      </form>
    </SidePanel>
  );
}
