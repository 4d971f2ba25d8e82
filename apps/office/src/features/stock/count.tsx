/** Counting the shelf: what was seen against what the ledger says; what is sold meanwhile stays counted. */

import { Button, TextInput } from '@mantine/core';
import type { CountJson, StockLevelJson } from '@mostrador/contract/stock';
import { EmptyState, Page, PageHeader, Quantity, QuantityField, Section, toastDone, useFormat } from '@mostrador/ui';
import { IconClipboardList } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { get, newKey, post } from '../../api/client.js';
import { useCommand } from '../../api/hooks.js';
import { isRefusal } from '../../api/problem.js';
import { useWorkingLocation } from '../../shared/chosen-location.js';
import { type DocumentLine, Lines, LocationField } from './parts.js';
import classes from './stock.module.css';

export function Count() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const working = useWorkingLocation();
  const [chosen, setChosen] = useState('');
  const [note, setNote] = useState('');
  const [lines, setLines] = useState<readonly DocumentLine[]>([]);
  const [key, setKey] = useState(newKey);
  const location = chosen || working;

  /** The level as it stands on this screen: sent along as what was seen. */
  const levels = useQueries({
    queries: lines.map((line) => ({
      queryKey: ['stock', 'seen', line.variant.id],
      queryFn: () => get<{ data: StockLevelJson[] }>('/stock', { variant_id: line.variant.id }),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  const seenOf = (line: DocumentLine) =>
    levels[lines.indexOf(line)]?.data?.data.find((l) => l.location_id === location)?.on_hand;

  const good = lines.filter((l) => l.quantity !== null && l.quantity >= 0);
  const count = useCommand(
    () =>
      post<CountJson>(
        '/stock/counts',
        {
          location_id: location,
          note: note.trim(),
          lines: good.map((l) => {
            const seen = seenOf(l);
            return { variant_id: l.variant.id, counted: l.quantity ?? 0, ...(seen === undefined ? {} : { seen }) };
          }),
        },
        { key },
      ),
    {
      renews: ['stock', 'product', 'journal', 'dashboard'],
      onDone: (done) => {
        toastDone(t('count.done', { count: done.lines.filter((l) => l.difference !== 0).length }));
        void navigate('/stock-movements?cause=count');
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
        title={t('count.title')}
        purpose={t('count.purpose')}
        primary={
          <Button
            loading={count.isPending}
            disabled={good.length === 0 || good.length < lines.length || !location}
            onClick={() => count.mutate(undefined)}
          >
            {t('count.do', { count: good.length })}
          </Button>
        }
      />
      <Section>
        <div className={classes.fields}>
          <LocationField label={t('count.where')} value={location} onChange={setChosen} />
          <TextInput
            label={t('note')}
            placeholder={t('count.noteHint')}
            maxLength={500}
            value={note}
            onChange={(e) => setNote(e.currentTarget.value)}
          />
        </div>
      </Section>
      <Section title={t('count.lines')}>
        <Lines
          lines={lines}
          onChange={setLines}
          make={(picked) => ({ ...picked, quantity: 1 })}
          heads={[t('count.expected'), t('count.counted'), t('count.difference')]}
          empty={<EmptyState small icon={IconClipboardList} title={t('count.none')} hint={t('count.noneHint')} />}
          cells={(line, set) => {
            const seen = seenOf(line);
            const unit = line.product.sales_unit;
            return [
              seen === undefined ? '…' : <Quantity key="s" value={seen} unit={unit} />,
              <QuantityField
                key="q"
                size="sm"
                aria-label={`${t('count.counted')}: ${line.product.name}`}
                unit={unit}
                value={line.quantity}
                onChange={(quantity) => set({ quantity })}
                wrong={t('defect.number')}
              />,
              seen === undefined || line.quantity === null ? (
                '—'
              ) : (
                <Quantity key="d" value={Math.round((line.quantity - seen) * 1000) / 1000} unit={unit} signed strong />
              ),
            ];
          }}
        />
        {good.length > 0 ? (
          <p className={classes.sum}>
            {t('count.summary', { count: good.length, number: format.number(good.length) })}
          </p>
        ) : null}
      </Section>
    </Page>
  );
}
