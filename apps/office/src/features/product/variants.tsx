/** The variants of a product: what each costs and is sold for, its codes, how much there is. */

import { Button, TextInput } from '@mantine/core';
import type { ProductJson, VariantJson } from '@mostrador/contract/product';
import { Facts, MoneyField, PanelPart, Quantity, toastUndo, useFormat, Why } from '@mostrador/ui';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch, post } from '../../api/client.js';
import { useCommand, useSession } from '../../api/hooks.js';
import shared from '../../shared/shared.module.css';
import { StockWhy } from '../../shared/stock-why.js';
import { Barcodes } from './barcodes.js';
import classes from './product.module.css';

export function Variants({ product }: { readonly product: ProductJson }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const [adding, setAdding] = useState(false);
  const several = product.variants.length > 1;
  const mayWrite = can('product.write') && product.status !== 'archived';
  return (
    <PanelPart
      title={several ? t('product.variants') : t('product.priceAndCodes')}
      action={
        mayWrite && !adding ? (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={15} stroke={1.75} />}
            onClick={() => setAdding(true)}
          >
            {t('product.addVariant')}
          </Button>
        ) : null
      }
    >
      <div className={classes.variants}>
        {product.variants.map((variant) => (
          <Variant key={variant.id} product={product} variant={variant} several={several} />
        ))}
        {adding ? <NewVariant product={product} onClose={() => setAdding(false)} /> : null}
      </div>
    </PanelPart>
  );
}

function Variant({
  product,
  variant,
  several,
}: {
  readonly product: ProductJson;
  readonly variant: VariantJson;
  readonly several: boolean;
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const format = useFormat();
  const archived = product.status === 'archived';
  const mayPrice = can('price.write') && !archived;
  const mayWrite = can('product.write') && !archived;
  const { currency } = format.settings;
  const was = variant.price?.amount ?? null;
  const costWas = variant.cost?.amount ?? null;
  const [price, setPrice] = useState(was);
  const [cost, setCost] = useState(costWas);
  const [sku, setSku] = useState(variant.sku);
  const base = `/products/${product.id}/variants/${variant.id}`;

  const setTo = useCommand(
    (amount: number | null) => post(`${base}/price`, { price: amount === null ? null : { amount, currency } }),
    {
      renews: ['product', 'journal'],
      onProblem: () => {
        setPrice(was);
        return false;
      },
    },
  );
  const savePrice = () => {
    if (price === was || setTo.isPending) return;
    setTo.mutate(price, {
      onSuccess: () =>
        toastUndo({
          message: t('product.priced', {
            name: product.name,
            price: price === null ? t('product.noPrice') : format.money({ amount: price, currency }),
          }),
          undoLabel: t('undo'),
          undone: t('undone'),
          undo: async () => {
            await setTo.mutateAsync(was);
            setPrice(was);
          },
        }),
    });
  };
  const details = useCommand((change: object) => patch(base, change, { ifMatch: product.revision }), {
    renews: ['product', 'journal'],
  });
  const margin =
    variant.price && variant.cost && variant.price.amount > 0
      ? ((variant.price.amount - variant.cost.amount) / variant.price.amount) * 10_000
      : null;

  return (
    <div className={classes.variant}>
      {several ? <div className={classes.variantName}>{variant.name || variant.sku}</div> : null}
      <div className={shared.two}>
        <div className={classes.withButton}>
          <MoneyField
            label={t('product.priceWithTax')}
            value={price}
            onChange={setPrice}
            disabled={!mayPrice}
            wrong={t('defect.money')}
            placeholder={t('product.noPrice')}
            onEnter={savePrice}
          />
          {price !== was ? (
            <Button loading={setTo.isPending} onClick={savePrice}>
              {t('product.setPrice')}
            </Button>
          ) : null}
        </div>
        <div className={classes.withButton}>
          <MoneyField
            label={t('product.cost')}
            value={cost}
            onChange={setCost}
            disabled={!mayWrite}
            wrong={t('defect.money')}
          />
          {cost !== costWas ? (
            <Button
              variant="default"
              loading={details.isPending}
              onClick={() => details.mutate({ cost: cost === null ? null : { amount: cost, currency } })}
            >
              {t('save')}
            </Button>
          ) : null}
        </div>
        <div className={classes.withButton}>
          <TextInput
            label={t('product.sku')}
            value={sku}
            readOnly={!mayWrite}
            maxLength={64}
            onChange={(e) => setSku(e.currentTarget.value)}
          />
          {sku.trim() && sku !== variant.sku ? (
            <Button variant="default" loading={details.isPending} onClick={() => details.mutate({ sku: sku.trim() })}>
              {t('save')}
            </Button>
          ) : null}
        </div>
      </div>
      <Barcodes base={base} variant={variant} readOnly={!mayWrite} />
      <Facts
        items={[
          [
            t('product.onHandAll'),
            <Why key="stock" value={<Quantity value={variant.on_hand} unit={product.sales_unit} strong />}>
              {() => <StockWhy variantId={variant.id} unit={product.sales_unit} />}
            </Why>,
          ],
          ...(margin === null ? [] : ([[t('product.marginOnPrice'), format.percent(margin, 1)]] as const)),
        ]}
      />
    </div>
  );
}

function NewVariant({ product, onClose }: { readonly product: ProductJson; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { settings } = useFormat();
  const [name, setName] = useState('');
  const [barcode, setBarcode] = useState('');
  const [price, setPrice] = useState<number | null>(product.variants[0]?.price?.amount ?? null);
  const add = useCommand(
    () =>
      post(`/products/${product.id}/variants`, {
        name: name.trim(),
        price: price === null ? null : { amount: price, currency: settings.currency },
        barcodes: barcode.trim() ? [barcode.trim()] : [],
      }),
    { renews: ['product', 'journal'], onDone: onClose },
  );
  return (
    <form
      className={classes.variant}
      onSubmit={(e) => {
        e.preventDefault();
        add.mutate(undefined);
      }}
    >
      <TextInput
        label={t('product.variantName')}
        description={product.options.join(' / ') || t('product.variantNameHint')}
        required
        withAsterisk={false}
        autoFocus
        maxLength={120}
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
      />
      <div className={shared.two}>
        <MoneyField label={t('product.priceWithTax')} value={price} onChange={setPrice} wrong={t('defect.money')} />
        <TextInput
          label={t('product.barcode')}
          value={barcode}
          maxLength={64}
          onChange={(e) => setBarcode(e.currentTarget.value)}
        />
      </div>
      <div className={shared.row}>
        <Button type="submit" loading={add.isPending}>
          {t('product.addVariant')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('discard')}
        </Button>
      </div>
    </form>
  );
}
