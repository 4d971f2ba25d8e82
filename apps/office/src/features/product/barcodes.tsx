/** The barcodes of a variant: several, each removable, odd ones marked. */

import { ActionIcon, Badge, TextInput, Tooltip } from '@mantine/core';
import type { VariantJson } from '@mostrador/contract/product';
import { Code, toastUndo } from '@mostrador/ui';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post, request } from '../../api/client.js';
import { useCommand, useErrorWords } from '../../api/hooks.js';
import { problemOf } from '../../api/problem.js';
import classes from './product.module.css';

export interface BarcodesProps {
  /** The variant's address. */
  readonly base: string;
  readonly variant: VariantJson;
  readonly readOnly: boolean;
}

export function Barcodes({ base, variant, readOnly }: BarcodesProps) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [text, setText] = useState('');
  const add = useCommand((barcode: string) => post(`${base}/barcodes`, { barcode }), {
    renews: ['product', 'journal'],
    onDone: () => setText(''),
    onProblem: () => true,
  });
  const remove = useCommand((barcode: string) => request('DELETE', `${base}/barcodes/${encodeURIComponent(barcode)}`), {
    renews: ['product', 'journal'],
  });
  const take = (barcode: string) =>
    remove.mutate(barcode, {
      onSuccess: () =>
        toastUndo({
          message: t('product.barcodeRemoved', { barcode }),
          undoLabel: t('undo'),
          undone: t('undone'),
          undo: () => add.mutateAsync(barcode),
        }),
    });
  return (
    <div>
      <div className={classes.label}>{t('product.barcodes')}</div>
      <div className={classes.codes}>
        {variant.barcodes.map((barcode) => {
          const mark = variant.barcode_marks[barcode];
          return (
            <span key={barcode} className={classes.code}>
              <Code>{barcode}</Code>
              {mark ? (
                <Tooltip label={t(`product.markHint.${mark}`)} multiline w={240}>
                  <Badge size="sm" color="mustard">
                    {t(`product.mark.${mark}`)}
                  </Badge>
                </Tooltip>
              ) : null}
              {readOnly ? null : (
                <ActionIcon
                  size={22}
                  aria-label={t('product.removeBarcode', { barcode })}
                  onClick={() => take(barcode)}
                >
                  <IconX size={14} stroke={1.75} />
                </ActionIcon>
              )}
            </span>
          );
        })}
        {readOnly ? null : (
          <form
            className={classes.addCode}
            onSubmit={(e) => {
              e.preventDefault();
              if (text.trim()) add.mutate(text.trim());
            }}
          >
            <TextInput
              size="xs"
              aria-label={t('product.addBarcode')}
              placeholder={t('product.addBarcode')}
              value={text}
              maxLength={64}
              error={add.error && text ? words(problemOf(add.error).code) : undefined}
              onChange={(e) => {
                setText(e.currentTarget.value);
                add.reset();
              }}
            />
            <ActionIcon
              type="submit"
              size={30}
              aria-label={t('product.addBarcode')}
              loading={add.isPending}
              disabled={!text.trim()}
            >
              <IconPlus size={16} stroke={1.75} />
            </ActionIcon>
          </form>
        )}
      </div>
    </div>
  );
}
