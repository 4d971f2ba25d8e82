/** The descriptive part of a product as a form: name, brand, category, tax, unit, description. */

import { Select, Textarea, TextInput } from '@mantine/core';
import type { ProductJson } from '@mostrador/contract/product';
import { useTranslation } from 'react-i18next';
import { useCategories, useTaxRates } from '../../api/nouns.js';
import shared from '../../shared/shared.module.css';

export interface SheetValues {
  readonly name: string;
  readonly brand: string;
  readonly description: string;
  readonly category_id: string | null;
  readonly tax_rate_id: string;
  readonly sales_unit: ProductJson['sales_unit'];
}

const UNITS: readonly ProductJson['sales_unit'][] = ['piece', 'kg', 'l', 'm'];

export interface SheetProps {
  readonly values: SheetValues;
  readonly onChange: (change: Partial<SheetValues>) => void;
  readonly errors: Readonly<Record<string, string>>;
  readonly readOnly?: boolean;
}

export function Sheet({ values, onChange, errors, readOnly = false }: SheetProps) {
  const { t } = useTranslation();
  const categories = useCategories();
  const rates = useTaxRates();
  return (
    <div className={shared.form}>
      <TextInput
        label={t('product.name')}
        required
        withAsterisk={false}
        readOnly={readOnly}
        maxLength={300}
        value={values.name}
        error={errors.name}
        onChange={(e) => onChange({ name: e.currentTarget.value })}
      />
      <div className={shared.two}>
        <TextInput
          label={t('product.brand')}
          readOnly={readOnly}
          maxLength={120}
          value={values.brand}
          error={errors.brand}
          onChange={(e) => onChange({ brand: e.currentTarget.value })}
        />
        <Select
          label={t('product.category')}
          readOnly={readOnly}
          searchable
          clearable
          allowDeselect
          nothingFoundMessage={t('product.noCategories')}
          placeholder={t('product.noCategory')}
          value={values.category_id}
          error={errors.category_id}
          data={categories.map((c) => ({ value: c.id, label: c.name }))}
          onChange={(v) => onChange({ category_id: v })}
        />
        <Select
          label={t('product.taxRate')}
          readOnly={readOnly}
          value={values.tax_rate_id || null}
          error={errors.tax_rate_id}
          placeholder={t('product.defaultRate')}
          data={rates
            .filter((r) => !r.archived || r.id === values.tax_rate_id)
            .map((r) => ({ value: r.id, label: r.name }))}
          onChange={(v) => onChange({ tax_rate_id: v ?? '' })}
        />
        <Select
          label={t('product.unit')}
          readOnly={readOnly}
          value={values.sales_unit}
          data={UNITS.map((u) => ({ value: u, label: t(`unit.${u}`) }))}
          onChange={(v) => onChange({ sales_unit: (v ?? 'piece') as ProductJson['sales_unit'] })}
        />
      </div>
      <Textarea
        label={t('product.description')}
        readOnly={readOnly}
        maxLength={5000}
        value={values.description}
        error={errors.description}
        onChange={(e) => onChange({ description: e.currentTarget.value })}
      />
    </div>
  );
}

export function sheetOf(product: ProductJson): SheetValues {
  const { name, brand, description, category_id, tax_rate_id, sales_unit } = product;
  return { name, brand, description, category_id, tax_rate_id, sales_unit };
}

/** Only what differs: two people who edit different fields do not undo each other. */
export function changesOf(before: SheetValues, after: SheetValues): Partial<SheetValues> {
  return Object.fromEntries(
    (Object.keys(after) as (keyof SheetValues)[]).filter((k) => after[k] !== before[k]).map((k) => [k, after[k]]),
  );
}
