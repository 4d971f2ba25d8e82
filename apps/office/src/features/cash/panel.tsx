/** One cash session: money put in and taken out, the blind close, the report. */

import { Alert, Badge, Button, Group, Modal, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import type { CashReportJson, CashSessionDetailJson } from '@mostrador/contract/cash';
import {
  DateText,
  ErrorState,
  Facts,
  Money,
  MoneyField,
  PanelPart,
  PanelSkeleton,
  RelativeDate,
  SidePanel,
  toastDone,
  useFormat,
} from '@mostrador/ui';
import { IconArrowsDownUp, IconLock } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { newKey, post } from '../../api/client.js';
import { useCommand, useOne, useSession } from '../../api/hooks.js';
import { usePanelNavigation } from '../../shared/address.js';
import shared from '../../shared/shared.module.css';

export function CashSessionPanel() {
  const { cashSessionId = '' } = useParams();
  const { t } = useTranslation();
  const { can } = useSession();
  const panel = usePanelNavigation('/cash-sessions');
  const [form, setForm] = useState<'move' | 'close' | null>(null);
  const { data, failure, onRetry } = useOne<CashSessionDetailJson>(['cash'], `/cash-sessions/${cashSessionId}`);
  if (!data) {
    return (
      <SidePanel title={t('cash.one')} onClose={panel.close}>
        {failure ? <ErrorState failure={failure} onRetry={onRetry} /> : <PanelSkeleton />}
      </SidePanel>
    );
  }
  const open = data.status === 'open';
  return (
    <SidePanel
      title={data.name}
      subtitle={
        <>
          {data.location_name} · {data.opened_by_name ?? '—'} · <DateText value={data.opened_at} style="datetime" />
        </>
      }
      onClose={panel.close}
      footer={
        open && can('cash.write') ? (
          <>
            <Button
              variant="default"
              leftSection={<IconArrowsDownUp size={18} stroke={1.5} />}
              onClick={() => setForm('move')}
            >
              {t('cash.move')}
            </Button>
            <Button leftSection={<IconLock size={18} stroke={1.5} />} onClick={() => setForm('close')}>
              {t('cash.close')}
            </Button>
          </>
        ) : undefined
      }
    >
      <PanelPart>
        <Facts
          items={[
            [
              t('cash.statusName'),
              <Badge key="s" color={open ? 'green' : 'gray'}>
                {t(`cash.status.${data.status}`)}
              </Badge>,
            ],
            [t('cash.float'), <Money key="f" value={data.float} />],
            ...(data.expected ? [[t('cash.expected'), <Money key="e" value={data.expected} />] as const] : []),
            ...(data.counted ? [[t('cash.counted'), <Money key="c" value={data.counted} />] as const] : []),
            ...(data.difference
              ? [[t('cash.difference'), <Money key="d" value={data.difference} signed strong />] as const]
              : []),
            ...(data.closed_at
              ? [[t('cash.closed'), <DateText key="cl" value={data.closed_at} style="datetime" />] as const]
              : []),
          ]}
        />
        {open && !data.expected ? (
          <Alert mt={12} color="sky">
            {t('cash.blind')}
          </Alert>
        ) : null}
        {data.note ? <p>{data.note}</p> : null}
      </PanelPart>
      {data.report ? <Report report={data.report} /> : null}
      <PanelPart title={t('cash.movements')}>
        {data.movements.length === 0 ? (
          <p className={shared.soft}>{t('cash.noMovements')}</p>
        ) : (
          <ul className={shared.list}>
            {data.movements.map((m) => (
              <li key={m.id}>
                <span>
                  {m.reason} · {m.actor_name ?? '—'} · <RelativeDate value={m.at} />
                </span>
                <Money
                  value={{ ...m.amount, amount: m.direction === 'in' ? m.amount.amount : -m.amount.amount }}
                  signed
                />
              </li>
            ))}
          </ul>
        )}
      </PanelPart>
      {form === 'move' ? <MoveForm session={data} onClose={() => setForm(null)} /> : null}
      {form === 'close' ? <CloseForm session={data} onClose={() => setForm(null)} /> : null}
    </SidePanel>
  );
}

function Report({ report }: { readonly report: CashReportJson }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <PanelPart title={t(`cash.report.${report.kind}`)}>
      <Facts
        items={[
          [t('cash.saleCount'), format.number(report.sale_count)],
          [t('cash.sales'), <Money key="s" value={report.sales} />],
          [t('cash.refunds'), <Money key="r" value={report.refunds} />],
          ...report.tenders.map((x) => [t(`sale.tender.${x.type}`), <Money key={x.type} value={x.net} />] as const),
          [t('cash.in'), <Money key="i" value={report.cash_in} />],
          [t('cash.out'), <Money key="o" value={report.cash_out} />],
          [t('cash.expected'), <Money key="e" value={report.expected} strong />],
          ...(report.late.amount ? [[t('cash.late'), <Money key="l" value={report.late} />] as const] : []),
        ]}
      />
    </PanelPart>
  );
}

interface FormProps {
  readonly session: CashSessionDetailJson;
  readonly onClose: () => void;
}

function MoveForm({ session, onClose }: FormProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [direction, setDirection] = useState<'in' | 'out'>('out');
  const [amount, setAmount] = useState<number | null>(null);
  const [reason, setReason] = useState('');
  const [key] = useState(newKey);
  const money = { amount: amount ?? 0, currency: session.currency };
  const move = useCommand(
    () => post(`/cash-sessions/${session.id}/movements`, { direction, amount: money, reason: reason.trim() }, { key }),
    {
      renews: ['cash', 'journal'],
      onDone: () => {
        toastDone(t('saved'));
        onClose();
      },
    },
  );
  return (
    <Modal opened onClose={onClose} title={t('cash.move')}>
      <form
        className={shared.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          move.mutate(undefined);
        }}
      >
        <SegmentedControl
          fullWidth
          value={direction}
          onChange={(v) => setDirection(v as 'in' | 'out')}
          data={[
            { value: 'out', label: t('cash.takeOut') },
            { value: 'in', label: t('cash.putIn') },
          ]}
        />
        <MoneyField
          label={t('cash.amount')}
          currency={session.currency}
          value={amount}
          onChange={setAmount}
          wrong={t('defect.money')}
          autoFocus
        />
        <TextInput
          label={t('reason')}
          placeholder={t('cash.reasonHint')}
          required
          withAsterisk={false}
          maxLength={200}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        <Group justify="flex-end" mt={8}>
          <Button type="submit" loading={move.isPending} disabled={!amount || amount < 0 || !reason.trim()}>
            {t(direction === 'in' ? 'cash.doIn' : 'cash.doOut', { amount: format.money(money) })}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function CloseForm({ session, onClose }: FormProps) {
  const { t } = useTranslation();
  const [counted, setCounted] = useState<number | null>(null);
  const [note, setNote] = useState('');
  const [key] = useState(newKey);
  const close = useCommand(
    () =>
      post(
        `/cash-sessions/${session.id}/close`,
        { counted: { amount: counted ?? 0, currency: session.currency }, note: note.trim() },
        { key },
      ),
    {
      renews: ['cash', 'journal', 'dashboard'],
      onDone: () => {
        toastDone(t('cash.closedNow'));
        onClose();
      },
    },
  );
  return (
    <Modal opened onClose={onClose} title={t('cash.close')}>
      <form
        className={shared.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          close.mutate(undefined);
        }}
      >
        <p style={{ margin: 0 }}>{t('cash.closeHint')}</p>
        <MoneyField
          label={t('cash.counted')}
          currency={session.currency}
          value={counted}
          onChange={setCounted}
          wrong={t('defect.money')}
          autoFocus
        />
        <Textarea label={t('note')} maxLength={1000} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
        <Group justify="flex-end" mt={8}>
          <Button type="submit" loading={close.isPending} disabled={counted === null || counted < 0}>
            {t('cash.closeDo')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
