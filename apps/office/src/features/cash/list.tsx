/** Drawers from their opening to their count. */

import { Badge, Button, Group, Modal, Select, TextInput } from '@mantine/core';
import type { CashSessionJson, CashSessionOpenedJson } from '@mostrador/contract/cash';
import {
  type Column,
  DataTable,
  EmptyState,
  type Filter,
  FilterChips,
  Money,
  MoneyField,
  Page,
  PageHeader,
  RelativeDate,
  useFormat,
} from '@mostrador/ui';
import { IconCash, IconPlus } from '@tabler/icons-react';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useParams } from 'react-router';
import { newKey, post } from '../../api/client.js';
import { useCommand, useList, useSession } from '../../api/hooks.js';
import { useLocations } from '../../api/nouns.js';
import { useAddress, usePanelNavigation } from '../../shared/address.js';
import { useWorkingLocation } from '../../shared/chosen-location.js';
import shared from '../../shared/shared.module.css';

export function CashSessions() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { values, set } = useAddress();
  const panel = usePanelNavigation('/cash-sessions');
  const { cashSessionId } = useParams();
  const locations = useLocations();
  const [opening, setOpening] = useState(false);
  const list = useList<CashSessionJson>(['cash'], '/cash-sessions', {
    status: values.status,
    location_id: values.location_id,
  });
  const filters: readonly Filter[] = [
    {
      id: 'status',
      kind: 'choice',
      name: t('cash.statusName'),
      options: ['open', 'closed'].map((v) => ({ value: v, label: t(`cash.status.${v}`) })),
    },
    ...(locations.length > 1
      ? [
          {
            id: 'location_id',
            kind: 'choice',
            name: t('sale.location'),
            options: locations.map((l) => ({ value: l.id, label: l.name })),
          } as const,
        ]
      : []),
  ];
  const columns = useMemo<readonly Column<CashSessionJson>[]>(
    () => [
      { id: 'name', header: t('cash.drawer'), width: 140, grow: 1, cell: (c) => c.name },
      { id: 'location', header: t('sale.location'), width: 130, grow: 1, priority: 4, cell: (c) => c.location_name },
      {
        id: 'status',
        header: t('cash.statusName'),
        width: 100,
        cell: (c) => <Badge color={c.status === 'open' ? 'green' : 'gray'}>{t(`cash.status.${c.status}`)}</Badge>,
      },
      {
        id: 'opened',
        header: t('cash.opened'),
        width: 130,
        priority: 2,
        cell: (c) => <RelativeDate value={c.opened_at} />,
      },
      { id: 'by', header: t('cash.by'), width: 130, grow: 1, priority: 3, cell: (c) => c.opened_by_name ?? '—' },
      {
        id: 'closed',
        header: t('cash.closed'),
        width: 130,
        priority: 6,
        hidden: true,
        cell: (c) => (c.closed_at ? <RelativeDate value={c.closed_at} /> : '—'),
      },
      {
        id: 'counted',
        header: t('cash.counted'),
        width: 120,
        align: 'end',
        priority: 1,
        cell: (c) => <Money value={c.counted} />,
      },
      {
        id: 'difference',
        header: t('cash.difference'),
        width: 120,
        align: 'end',
        cell: (c) => <Money value={c.difference} signed />,
      },
    ],
    [t],
  );
  const open = can('cash.write') ? (
    <Button leftSection={<IconPlus size={18} stroke={1.75} />} onClick={() => setOpening(true)}>
      {t('cash.open')}
    </Button>
  ) : null;
  return (
    <>
      <Page wide>
        <PageHeader title={t('cash.title')} purpose={t('cash.purpose')} primary={open} />
        <DataTable
          label={t('cash.title')}
          storageKey="cash-sessions"
          rowId={(c) => c.id}
          columns={columns}
          list={(c) => ({
            title: c.name,
            subtitle: `${c.opened_by_name ?? ''} · ${c.location_name}`,
            trailing: c.difference ? <Money value={c.difference} signed /> : <Badge>{t('cash.status.open')}</Badge>,
            below: <RelativeDate value={c.opened_at} />,
          })}
          rowHref={(c) => panel.href(c.id)}
          onOpen={(c) => panel.open(c.id)}
          openId={cashSessionId}
          toolbar={<FilterChips filters={filters} values={values} onChange={set} />}
          {...list}
          empty={<EmptyState icon={IconCash} title={t('cash.none')} hint={t('cash.noneHint')} action={open} />}
        />
      </Page>
      {opening ? <OpenForm onClose={() => setOpening(false)} onOpened={(id) => panel.open(id)} /> : null}
      <Outlet />
    </>
  );
}

function OpenForm({ onClose, onOpened }: { readonly onClose: () => void; readonly onOpened: (id: string) => void }) {
  const { t } = useTranslation();
  const { settings } = useFormat();
  const locations = useLocations();
  const working = useWorkingLocation();
  const [location, setLocation] = useState(working);
  const [name, setName] = useState(() => t('cash.drawerName'));
  const [float, setFloat] = useState<number | null>(0);
  const [key] = useState(newKey);
  const open = useCommand(
    () =>
      post<CashSessionOpenedJson>(
        '/cash-sessions',
        { location_id: location, name: name.trim(), float: { amount: float ?? 0, currency: settings.currency } },
        { key },
      ),
    {
      renews: ['cash', 'journal'],
      onDone: (session) => {
        onClose();
        onOpened(session.id);
      },
    },
  );
  return (
    <Modal opened onClose={onClose} title={t('cash.open')}>
      <form
        className={shared.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          open.mutate(undefined);
        }}
      >
        {locations.length > 1 ? (
          <Select
            label={t('sale.location')}
            value={location}
            onChange={(v) => setLocation(v ?? '')}
            data={locations.map((l) => ({ value: l.id, label: l.name }))}
          />
        ) : null}
        <TextInput
          label={t('cash.drawer')}
          required
          withAsterisk={false}
          maxLength={60}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <MoneyField
          autoFocus
          label={t('cash.float')}
          description={t('cash.floatHint')}
          value={float}
          onChange={setFloat}
          wrong={t('defect.money')}
        />
        <Group justify="flex-end" mt={8}>
          <Button
            type="submit"
            loading={open.isPending}
            disabled={!name.trim() || float === null || float < 0 || !location}
          >
            {t('cash.open')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
