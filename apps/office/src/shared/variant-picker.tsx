/** Finds a variant by typing or scanning: the list below follows the typing, Enter takes the first, a code is exact. */

import { Combobox, Loader, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { Page } from '@mostrador/contract';
import type { ProductJson, ScannedJson, VariantJson } from '@mostrador/contract/product';
import { Money } from '@mostrador/ui';
import { IconBarcode } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.js';
import { problemOf } from '../api/problem.js';
import { Picture } from './picture.js';
import classes from './shared.module.css';
import { withVariant } from './text.js';

export interface PickedVariant {
  readonly product: ProductJson;
  readonly variant: VariantJson;
}

export interface VariantPickerProps {
  readonly onPick: (picked: PickedVariant) => void;
  readonly label?: string;
  readonly autoFocus?: boolean;
}

export function VariantPicker({ onPick, label, autoFocus }: VariantPickerProps) {
  const { t } = useTranslation();
  const combobox = useCombobox();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [unknown, setUnknown] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 140);
  const { data, isFetching } = useQuery({
    queryKey: ['product', 'pick', asked],
    queryFn: ({ signal }) => get<Page<ProductJson>>('/products', { q: asked, limit: 8 }, signal),
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
  });
  const found: PickedVariant[] = asked
    ? (data?.data ?? []).flatMap((product) => product.variants.map((variant) => ({ product, variant }))).slice(0, 12)
    : [];

  const pick = (picked: PickedVariant) => {
    setText('');
    setUnknown('');
    combobox.closeDropdown();
    onPick(picked);
    input.current?.focus();
  };

  const enter = async () => {
    const code = text.trim();
    if (!code) return;
    if (/^\S{6,}$/.test(code) && /\d{6,}/.test(code)) {
      try {
        const scanned = await get<ScannedJson>(`/products/scan/${encodeURIComponent(code)}`);
        pick({ product: scanned, variant: scanned.variant });
        return;
      } catch (error) {
        if (problemOf(error).status === 404) setUnknown(code);
        return;
      }
    }
    if (found[0]) pick(found[0]);
  };

  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(id) => {
        const picked = found.find((f) => f.variant.id === id);
        if (picked) pick(picked);
      }}
    >
      <Combobox.Target>
        <TextInput
          ref={input}
          label={label ?? t('picker.label')}
          placeholder={t('picker.placeholder')}
          value={text}
          error={unknown ? t('picker.unknown', { code: unknown }) : undefined}
          {...(autoFocus ? { autoFocus: true } : {})}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setUnknown('');
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && combobox.getSelectedOptionIndex() < 0) {
              event.preventDefault();
              void enter();
            }
          }}
          leftSection={<IconBarcode size={18} stroke={1.5} />}
          rightSection={isFetching ? <Loader size={16} /> : null}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!asked}>
        <Combobox.Options>
          {found.map(({ product, variant }) => (
            <Combobox.Option key={variant.id} value={variant.id}>
              <div className={classes.option}>
                <Picture url={product.picture_url} size={32} />
                <div className={classes.words}>
                  <div className={classes.name}>{withVariant(product.name, variant.name)}</div>
                  <div className={classes.soft}>{variant.sku}</div>
                </div>
                <Money value={variant.price} />
              </div>
            </Combobox.Option>
          ))}
          {found.length === 0 && !isFetching ? <Combobox.Empty>{t('picker.nothing')}</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
