/** The audit trail: everything that has happened in the shop, newest first, in sentences. */
import type { User } from '@mostrador/contract/identity';
import type { JournalEntryJson } from '@mostrador/contract/journal';
import {
  Code,
  type Column,
  DataTable,
  EmptyState,
  type Filter,
  FilterChips,
  Page,
  PageHeader,
  RelativeDate,
} from '@mostrador/ui';
import { IconBook2 } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useParams } from 'react-router';
import { useList, useOne, useSession } from '../../api/hooks.js';
import { useAddress, usePanelNavigation } from '../../shared/address.js';
import { useDaysFilter } from '../../shared/days.js';
import { actorName, useSentence } from '../../shared/sentence.js';

const NOUNS = [
  'sale',
  'cash',
  'stock',
  'product',
  'category',
  'customer',
  'supplier',
  'user',
  'role',
  'tenant',
  'location',
] as const;

export function Journal() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { values, set } = useAddress();
  const panel = usePanelNavigation('/journal');
  const { seq } = useParams();
  const sentence = useSentence();
  const people = useOne<{ data: User[] }>(['user'], '/users', {}, { enabled: can('user.read') });
  const days = useDaysFilter();
  const list = useList<JournalEntryJson>(['journal'], '/journal', {
    type: values.type,
    actor: values.actor,
    subject: values.subject,
    from: values.from,
    to: values.to,
  });
  const actors = [
    ...(people.data?.data.map((u) => ({ value: u.id, label: u.name })) ?? []),
    ...['system', 'import'].map((a) => ({ value: a, label: t(`journal.actor.${a}`) })),
  ];
  const filters: readonly Filter[] = [
    days,
    {
      id: 'type',
      kind: 'choice',
      name: t('journal.about'),
      options: NOUNS.map((n) => ({ value: n, label: t(`journal.noun.${n}`) })),
    },
    { id: 'actor', kind: 'choice', name: t('journal.who'), options: actors },
    { id: 'subject', kind: 'text', name: t('journal.subject') },
  ];
  const columns = useMemo<readonly Column<JournalEntryJson>[]>(
    () => [
      { id: 'what', header: t('journal.what'), width: 320, grow: 4, long: true, cell: (e) => sentence(e) },
      { id: 'who', header: t('journal.who'), width: 140, grow: 1, priority: 2, cell: (e) => actorName(e, t) },
      {
        id: 'type',
        header: t('journal.type'),
        width: 180,
        priority: 4,
        hidden: true,
        cell: (e) => <Code>{e.type}</Code>,
      },
      { id: 'at', header: t('sale.when'), width: 140, cell: (e) => <RelativeDate value={e.at} /> },
      {
        id: 'seq',
        header: t('journal.seq'),
        width: 90,
        align: 'end',
        priority: 1,
        cell: (e) => <Code>{`#${e.seq}`}</Code>,
      },
    ],
    [t, sentence],
  );
  return (
    <>
      <Page wide>
        <PageHeader title={t('journal.title')} purpose={t('journal.purpose')} />
        <DataTable
          label={t('journal.title')}
          storageKey="journal"
          rowId={(e) => String(e.seq)}
          columns={columns}
          list={(e) => ({ title: sentence(e), long: true, subtitle: <RelativeDate value={e.at} /> })}
          rowHref={(e) => panel.href(String(e.seq))}
          onOpen={(e) => panel.open(String(e.seq))}
          openId={seq}
          toolbar={<FilterChips filters={filters} values={values} onChange={set} />}
          {...list}
          empty={<EmptyState icon={IconBook2} title={t('journal.none')} hint={t('journal.noneHint')} />}
        />
      </Page>
      <Outlet />
    </>
  );
}
