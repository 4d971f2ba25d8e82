/** Adjusting one level up or down, or writing a part of it off, always with a reason. */

import { Button, Group, Modal, SegmentedControl, TextInput } from '@mantine/core';
import type { StockLevelJson } from '@mostrador/contract/stock';
import { Quantity, QuantityField, toastDone, toastUndo, useFormat } from '@mostrador/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey, post } from '../../api/client.js';
import { useCommand, useErrorWords } from '../../api/hooks.js';
import { isRefusal, problemOf } from '../../api/problem.js';
import { useWorkingLocation } from '../../shared/chosen-location.js';
import shared from '../../shared/shared.module.css';
import { LocationField } from './parts.js';

export interface AdjustFormProps {
  readonly kind: 'adjust' | 'write_off';
  readonly levels: readonly StockLevelJson[];
  readonly onClose: () => void;
}

const RENEWS = ['stock', 'product', 'journal', 'dashboard'];

export function AdjustForm({ kind, levels, onClose }: AdjustFormProps) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const format = useFormat();
  const working = useWorkingLocation();
  const [location, setLocation] = useState(working || (levels[0]?.location_id ?? ''));
  const [direction, setDirection] = useState<'more' | 'less'>('more');
  const [quantity, setQuantity] = useState<number | null>(null);
  const [reason, setReason] = useState('');
  const [key, setKey] = useState(newKey);
  const level = levels.find((l) => l.location_id === location) ?? levels[0];
  const unit = level?.sales_unit ?? 'piece';
  const down = kind === 'write_off' || direction === 'less';
  const signed = (quantity ?? 0) * (down ? -1 : 1);

  const adjust = (change: number, because: string, withKey: string) =>
    post(
      '/stock/adjustments',
      { location_id: location, variant_id: level?.variant_id, quantity: change, reason: because },
      { key: withKey },
    );

  const save = useCommand(
    () =>
      kind === 'adjust'
        ? adjust(signed, reason.trim(), key)
        : post(
            '/stock/write-offs',
            {
              location_id: location,
              reason: reason.trim(),
              lines: [{ variant_id: level?.variant_id, quantity: quantity ?? 0 }],
            },
            { key },
          ),
    {
      renews: RENEWS,
      onDone: () => {
        onClose();
        const message = t('stock.adjusted', { change: `${signed > 0 ? '+' : ''}${format.quantity(signed, unit)}` });
        if (kind === 'write_off') toastDone(message);
        else
          toastUndo({
            message,
            undoLabel: t('undo'),
            undone: t('undone'),
            undo: () => undo.mutateAsync(undefined),
          });
      },
      onProblem: (problem) => {
        if (isRefusal(problem)) setKey(newKey());
        return problem.code === 'insufficient_stock';
      },
    },
  );
  const undo = useCommand(() => adjust(-signed, t('stock.undoReason', { reason: reason.trim() }), newKey()), {
    renews: RENEWS,
  });
  const problem = save.error ? problemOf(save.error) : null;

  return (
    <Modal opened onClose={onClose} title={t(kind === 'adjust' ? 'stock.adjust' : 'stock.writeOff')}>
      <form
        className={shared.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        {levels.length > 1 ? (
          <LocationField label={t('sale.location')} value={location} onChange={setLocation} />
        ) : null}
        {kind === 'adjust' ? (
          <SegmentedControl
            fullWidth
            value={direction}
            onChange={(v) => setDirection(v as 'more' | 'less')}
            data={[
              { value: 'more', label: t('stock.more') },
              { value: 'less', label: t('stock.less') },
            ]}
          />
        ) : null}
        <QuantityField
          label={t('stock.howMuch')}
          value={quantity}
          onChange={setQuantity}
          unit={unit}
          wrong={t(unit === 'piece' ? 'defect.whole' : 'defect.number')}
          error={problem?.code === 'insufficient_stock' ? words(problem.code) : undefined}
          autoFocus
        />
        {level && quantity !== null ? (
          <p className={shared.soft} style={{ margin: 0 }}>
            {t('stock.willBe')} <Quantity value={level.on_hand} unit={unit} /> →{' '}
            <Quantity value={level.on_hand + signed} unit={unit} strong />
          </p>
        ) : null}
        <TextInput
          label={t('reason')}
          placeholder={t('stock.reasonHint')}
          required
          withAsterisk={false}
          maxLength={500}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        <Group justify="flex-end" mt={8}>
          <Button
            type="submit"
            color={kind === 'write_off' ? 'brick' : 'green'}
            loading={save.isPending}
            disabled={!quantity || quantity <= 0 || !reason.trim() || !level}
          >
            {t(kind === 'write_off' ? 'stock.writeOffDo' : down ? 'stock.lessDo' : 'stock.moreDo', {
              quantity: format.quantity(quantity ?? 0, unit),
            })}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
