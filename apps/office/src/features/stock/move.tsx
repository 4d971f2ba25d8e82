/** Taking goods from one of the shop's places to another. */

import { Button, TextInput } from '@mantine/core';
import type { StockMoveJson } from '@mostrador/contract/stock';
import { EmptyState, Page, PageHeader, QuantityField, Section, toastDone } from '@mostrador/ui';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { newKey, post } from '../../api/client.js';
import { useCommand } from '../../api/hooks.js';
import { useLocations } from '../../api/nouns.js';
import { isRefusal } from '../../api/problem.js';
import { useWorkingLocation } from '../../shared/chosen-location.js';
import { type DocumentLine, Lines, LocationField } from './parts.js';
import classes from './stock.module.css';

export function Move() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const locations = useLocations();
  const working = useWorkingLocation();
  const [chosenFrom, setFrom] = useState('');
  const [chosenTo, setTo] = useState('');
  const [reason, setReason] = useState('');
  const [lines, setLines] = useState<readonly DocumentLine[]>([]);
  const [key, setKey] = useState(newKey);
  const from = chosenFrom || working;
  const to = (chosenTo !== from && chosenTo) || (locations.find((l) => l.id !== from)?.id ?? '');
  const good = lines.filter((l) => (l.quantity ?? 0) > 0);

  const move = useCommand(
    () =>
      post<StockMoveJson>(
        '/stock/moves',
        {
          from_location_id: from,
          to_location_id: to,
          reason: reason.trim(),
          lines: good.map((l) => ({ variant_id: l.variant.id, quantity: l.quantity ?? 0 })),
        },
        { key },
      ),
    {
      renews: ['stock', 'journal', 'dashboard'],
      onDone: () => {
        toastDone(t('move.done', { count: good.length }));
        void navigate('/stock-movements?cause=move');
      },
      onProblem: (problem) => {
        if (isRefusal(problem)) setKey(newKey());
        return false;
      },
    },
  );

  if (locations.length === 1) {
    return (
      <Page>
        <PageHeader title={t('move.title')} purpose={t('move.purpose')} />
        <Section>
          <EmptyState
            icon={IconArrowsExchange}
            title={t('move.onePlace')}
            hint={t('move.onePlaceHint')}
            action={
              <Button component={Link} to="/settings?tab=locations">
                {t('move.addPlace')}
              </Button>
            }
          />
        </Section>
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader
        title={t('move.title')}
        purpose={t('move.purpose')}
        primary={
          <Button
            loading={move.isPending}
            disabled={good.length === 0 || good.length < lines.length || !from || !to}
            onClick={() => move.mutate(undefined)}
          >
            {t('move.do', { count: good.length })}
          </Button>
        }
      />
      <Section>
        <div className={classes.fields}>
          <LocationField label={t('move.from')} value={from} onChange={setFrom} />
          <LocationField label={t('move.to')} value={to} onChange={setTo} without={from} />
          <TextInput
            label={t('reason')}
            maxLength={500}
            value={reason}
            onChange={(e) => setReason(e.currentTarget.value)}
          />
        </div>
      </Section>
      <Section title={t('move.lines')}>
        <Lines
          lines={lines}
          onChange={setLines}
          make={(picked) => ({ ...picked, quantity: 1 })}
          heads={[t('stock.quantity')]}
          empty={<EmptyState small icon={IconArrowsExchange} title={t('move.none')} hint={t('move.noneHint')} />}
          cells={(line, set) => [
            <div key="q" style={{ width: 130, marginLeft: 'auto' }}>
              <QuantityField
                size="sm"
                aria-label={t('stock.quantity')}
                unit={line.product.sales_unit}
                value={line.quantity}
                onChange={(quantity) => set({ quantity })}
                wrong={t('defect.number')}
              />
            </div>,
          ]}
        />
      </Section>
    </Page>
  );
}
