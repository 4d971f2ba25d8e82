/** Whether what runs behind the sales keeps up, and what it could not do and a person may ask for again. */

import { Badge, Button } from '@mantine/core';
import type { DeadLetterJson, SubscriptionStatusJson } from '@mostrador/contract/journal';
import {
  Code,
  type Column,
  DataTable,
  EmptyState,
  ErrorState,
  type Filter,
  FilterChips,
  Page,
  PageHeader,
  RelativeDate,
  RowsSkeleton,
  Section,
  toastDone,
  toastFailed,
  useFormat,
} from '@mostrador/ui';
import { IconCircleCheck, IconRefresh } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { post } from '../../api/client.js';
import { useCommand, useList, useOne, useSession } from '../../api/hooks.js';
import { useAddress } from '../../shared/address.js';
import shared from '../../shared/shared.module.css';

const TONES = { up_to_date: 'green', behind: 'mustard', failing: 'brick' } as const;
const POLL_MS = 5_000;

export function Operations() {
  const { t } = useTranslation();
  return (
    <Page wide>
      <PageHeader title={t('operations.title')} purpose={t('operations.purpose')} />
      <Subscriptions />
      <DeadLetters />
    </Page>
  );
}

function Subscriptions() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, failure, loading, onRetry } = useOne<{ data: SubscriptionStatusJson[] }>(
    ['operations'],
    '/journal/subscriptions',
    undefined,
    { refetchMs: POLL_MS },
  );
  return (
    <Section title={t('operations.subscriptions')} hint={t('operations.subscriptionsHint')}>
      {failure ? <ErrorState small failure={failure} onRetry={onRetry} /> : null}
      {loading ? <RowsSkeleton rows={3} /> : null}
      {data?.data.length === 0 ? <EmptyState small title={t('operations.noSubscriptions')} /> : null}
      {data && data.data.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className={shared.scroll} tabIndex={0} aria-label={t('operations.subscriptions')}>
          <table className={shared.lines}>
            <thead>
              <tr>
                <th>{t('operations.name')}</th>
                <th>{t('operations.stateName')}</th>
                <th data-end>{t('operations.position')}</th>
                <th data-end>{t('operations.lag')}</th>
                <th data-end>{t('operations.attempts')}</th>
              </tr>
            </thead>
            <tbody>
              {data.data.map((s) => (
                <tr key={s.name}>
                  <td>
                    {t(`operations.subscription.${s.name}`, { defaultValue: s.name })}
                    {s.last_error ? <div className={shared.soft}>{s.last_error}</div> : null}
                  </td>
                  <td>
                    <Badge color={TONES[s.state]}>{t(`operations.state.${s.state}`)}</Badge>
                  </td>
                  <td data-end className="ms-num">
                    {format.number(s.seq)} / {format.number(s.head)}
                  </td>
                  <td data-end>{format.number(s.lag)}</td>
                  <td data-end>{format.number(s.attempts)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </Section>
  );
}

function DeadLetters() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { values, set } = useAddress();
  const list = useList<DeadLetterJson>(['operations', 'dead'], '/journal/dead-letters', {
    resolved: values.resolved,
  });
  const replay = useCommand(
    (id: number) => post<{ resolved: boolean; error: string | null }>(`/journal/dead-letters/${id}/replay`),
    {
      renews: ['operations', 'dashboard'],
      onDone: (answer) =>
        answer.resolved
          ? toastDone(t('operations.replayed'))
          : toastFailed(t('operations.failedAgain', { error: answer.error ?? '' })),
    },
  );
  const writes = can('operations.write');
  const filters: readonly Filter[] = [
    {
      id: 'resolved',
      kind: 'choice',
      name: t('operations.show'),
      options: [{ value: 'true', label: t('operations.withResolved') }],
    },
  ];
  const columns = useMemo<readonly Column<DeadLetterJson>[]>(
    () => [
      {
        id: 'subscription',
        header: t('operations.name'),
        width: 160,
        grow: 1,
        cell: (d) => t(`operations.subscription.${d.subscription}`, { defaultValue: d.subscription }),
      },
      {
        id: 'event',
        header: t('operations.event'),
        width: 180,
        grow: 1,
        priority: 2,
        cell: (d) => (
          <Link to={`/journal/${d.seq}`} tabIndex={-1}>
            <Code>{`#${d.seq} ${d.type}`}</Code>
          </Link>
        ),
      },
      {
        id: 'error',
        header: t('operations.error'),
        width: 220,
        grow: 3,
        cell: (d) => <span title={d.error}>{d.error}</span>,
      },
      {
        id: 'attempts',
        header: t('operations.attempts'),
        width: 90,
        align: 'end',
        priority: 3,
        cell: (d) => d.attempts,
      },
      { id: 'at', header: t('sale.when'), width: 120, priority: 1, cell: (d) => <RelativeDate value={d.created_at} /> },
      {
        id: 'do',
        header: t('operations.action'),
        width: 130,
        align: 'end',
        cell: (d) =>
          d.resolved_at ? (
            <Badge color="green">{t('operations.resolved')}</Badge>
          ) : writes ? (
            <Button
              variant="default"
              size="compact-sm"
              tabIndex={-1}
              leftSection={<IconRefresh size={15} stroke={1.5} />}
              loading={replay.isPending && replay.variables === d.id}
              onClick={() => replay.mutate(d.id)}
            >
              {t('operations.replay')}
            </Button>
          ) : null,
      },
    ],
    [t, writes, replay.isPending, replay.variables, replay.mutate],
  );
  return (
    <Section bare title={t('operations.deadLetters')} hint={t('operations.deadLettersHint')}>
      <DataTable
        label={t('operations.deadLetters')}
        storageKey="dead-letters"
        rowId={(d) => String(d.id)}
        columns={columns}
        list={(d) => ({
          title: d.error,
          subtitle: `#${d.seq} ${d.type}`,
          trailing:
            writes && !d.resolved_at ? (
              <Button variant="default" size="compact-md" onClick={() => replay.mutate(d.id)}>
                {t('operations.replay')}
              </Button>
            ) : (
              <RelativeDate value={d.created_at} />
            ),
        })}
        toolbar={<FilterChips filters={filters} values={values} onChange={set} />}
        {...list}
        empty={<EmptyState icon={IconCircleCheck} title={t('operations.noDead')} hint={t('operations.noDeadHint')} />}
      />
    </Section>
  );
}
