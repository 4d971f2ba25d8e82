/** Giving back all or a part of a sale: how much of each line, whether the goods return to the shelf, and why. */

import { Button, Checkbox, Group, Modal, Select, TextInput } from '@mantine/core';
import type { RefundAnswer, SaleJson, SaleLineJson } from '@mostrador/contract/sale';
import { Money, Quantity, QuantityField, toastDone, useFormat } from '@mostrador/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey, post } from '../../api/client.js';
import { useCommand } from '../../api/hooks.js';
import { isRefusal } from '../../api/problem.js';
import shared from '../../shared/shared.module.css';
import { refundOf } from './refund-amount.js';
import { LOOSE, useRefundSource } from './refund-source.js';
import classes from './sale.module.css';

interface Choice {
  readonly quantity: number | null;
  readonly restock: boolean;
}

export function RefundForm({ sale, onClose }: { readonly sale: SaleJson; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const lines = sale.lines.filter((l) => l.refundable_quantity > 0);
  const [choices, setChoices] = useState<Readonly<Record<number, Choice>>>({});
  const [reason, setReason] = useState('');
  const [key, setKey] = useState(newKey);
  const source = useRefundSource(sale);
  const choiceOf = (line: SaleLineJson): Choice => choices[line.index] ?? { quantity: 0, restock: true };
  const change = (line: SaleLineJson, next: Partial<Choice>) =>
    setChoices({ ...choices, [line.index]: { ...choiceOf(line), ...next } });

  const taken = lines.filter((l) => (choiceOf(l).quantity ?? 0) > 0);
  const tooMany = taken.some((l) => (choiceOf(l).quantity ?? 0) > l.refundable_quantity);
  const amount = taken.reduce((sum, l) => sum + refundOf(l, choiceOf(l).quantity ?? 0), 0);
  const total = { amount, currency: sale.total.currency };

  const refund = useCommand(
    () =>
      post<RefundAnswer>(
        `/sales/${sale.id}/refunds`,
        {
          reason: reason.trim(),
          ...(source.chosen === LOOSE ? {} : { cash_session_id: source.chosen }),
          lines: taken.map((l) => ({
            sale_line: l.index,
            quantity: choiceOf(l).quantity ?? 0,
            restock: l.kind === 'product' && choiceOf(l).restock,
          })),
        },
        { key },
      ),
    {
      renews: ['sale', 'stock', 'dashboard', 'journal', 'product'],
      onDone: (answer) => {
        toastDone(t('refund.done', { amount: format.money(answer.total), number: answer.receipt_number }));
        onClose();
      },
      // Another drawer or quantity makes another request.
      onProblem: (problem) => {
        if (isRefusal(problem)) setKey(newKey());
        return false;
      },
    },
  );

  return (
    <Modal opened onClose={onClose} size="lg" title={t('refund.title', { number: sale.receipt_number })}>
      <form
        className={shared.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          refund.mutate(undefined);
        }}
      >
        <div className={shared.between}>
          <p className={classes.hint}>{t('refund.hint')}</p>
          <Button
            variant="default"
            size="compact-md"
            onClick={() =>
              setChoices(
                Object.fromEntries(lines.map((l) => [l.index, { ...choiceOf(l), quantity: l.refundable_quantity }])),
              )
            }
          >
            {t('refund.all')}
          </Button>
        </div>
        <table className={`${shared.lines} ${shared.stackLines}`}>
          <thead>
            <tr>
              <th>{t('refund.line')}</th>
              <th data-end>{t('refund.quantity')}</th>
              <th>{t('refund.restock')}</th>
              <th data-end>{t('refund.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => {
              const choice = choiceOf(line);
              const over = (choice.quantity ?? 0) > line.refundable_quantity;
              return (
                <tr key={line.index}>
                  <td>
                    {line.name}
                    <div className={shared.soft}>
                      {t('refund.left')} <Quantity value={line.refundable_quantity} />
                    </div>
                  </td>
                  <td data-end data-label={t('refund.quantity')} style={{ width: 110 }}>
                    <QuantityField
                      aria-label={`${t('refund.quantity')}: ${line.name}`}
                      size="sm"
                      unit={Number.isInteger(line.quantity) ? 'piece' : ''}
                      value={choice.quantity}
                      onChange={(quantity) => change(line, { quantity })}
                      wrong={t('defect.number')}
                      error={over ? t('refund.tooMany') : undefined}
                    />
                  </td>
                  <td data-whole style={{ width: 150 }}>
                    <Checkbox
                      label={t('refund.toShelf')}
                      checked={line.kind === 'product' && choice.restock}
                      disabled={line.kind !== 'product'}
                      onChange={(e) => change(line, { restock: e.currentTarget.checked })}
                    />
                  </td>
                  <td data-end data-label={t('refund.amount')} style={{ width: 120 }}>
                    <Money value={{ amount: refundOf(line, choice.quantity ?? 0), currency: total.currency }} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
        <TextInput
          label={t('refund.reason')}
          placeholder={t('refund.reasonHint')}
          required
          withAsterisk={false}
          maxLength={300}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        {source.drawers.length > 0 ? (
          <Select
            label={t('refund.source')}
            value={source.chosen}
            onChange={(v) => source.choose(v ?? LOOSE)}
            data={[
              ...source.drawers.map((d) => ({ value: d.id, label: d.name })),
              { value: LOOSE, label: t('refund.loose', { location: sale.location_name }) },
            ]}
          />
        ) : null}
        <p className={classes.hint}>{t('refund.lost')}</p>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('discard')}
          </Button>
          <Button
            type="submit"
            color="brick"
            disabled={taken.length === 0 || tooMany || !reason.trim() || source.loading}
            loading={refund.isPending}
          >
            {t('refund.do', { amount: format.money(total) })}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
