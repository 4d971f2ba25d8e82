/** Who works here and what each may do. */

import { Badge, Button } from '@mantine/core';
import type { Role, User } from '@mostrador/contract/identity';
import { type Column, DataTable, DateText, EmptyState, Page, PageHeader } from '@mostrador/ui';
import { IconPlus, IconUserShield } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useParams } from 'react-router';
import { useOne, useSession } from '../../api/hooks.js';
import { usePanelNavigation } from '../../shared/address.js';
import { type Tab, Tabs } from '../../shared/tabs.js';
import { useRoleName } from './role-name.js';

export const PEOPLE_TABS: readonly Tab[] = [
  { to: '/people', label: 'people.people' },
  { to: '/roles', label: 'people.roles' },
];

export function People() {
  const { t } = useTranslation();
  const { can } = useSession();
  const panel = usePanelNavigation('/people');
  const { userId } = useParams();
  const roleName = useRoleName();
  const { data, loading, failure, onRetry } = useOne<{ data: User[] }>(['user'], '/users');
  const roles = useOne<{ data: Role[] }>(['role'], '/roles');
  const known = roles.data?.data;
  const rows = data?.data ?? [];
  const columns = useMemo<readonly Column<User>[]>(() => {
    const names = (ids: readonly string[]) => (known ?? []).filter((r) => ids.includes(r.id)).map(roleName);
    return [
      {
        id: 'name',
        header: t('people.name'),
        width: 180,
        grow: 2,
        cell: (u) => (
          <>
            {u.name} {u.disabled ? <Badge color="gray">{t('people.disabled')}</Badge> : null}
          </>
        ),
      },
      { id: 'email', header: t('people.email'), width: 200, grow: 2, priority: 1, cell: (u) => u.email },
      {
        id: 'roles',
        header: t('people.roles'),
        width: 180,
        grow: 1,
        cell: (u) =>
          names(u.role_ids).map((name) => (
            <Badge key={name} color="gray" mr={4}>
              {name}
            </Badge>
          )),
      },
      {
        id: 'since',
        header: t('people.since'),
        width: 130,
        priority: 2,
        cell: (u) => <DateText value={u.created_at} />,
      },
    ];
  }, [t, known, roleName]);
  const create = can('user.write') ? (
    <Button component={Link} to="/people/new" leftSection={<IconPlus size={18} stroke={1.75} />}>
      {t('people.new')}
    </Button>
  ) : null;
  return (
    <>
      <Page wide>
        <PageHeader title={t('people.title')} purpose={t('people.purpose')} primary={create} />
        <Tabs tabs={PEOPLE_TABS} label={t('people.title')} />
        <DataTable
          label={t('people.people')}
          storageKey="people"
          rows={rows}
          rowId={(u) => u.id}
          columns={columns}
          list={(u) => ({
            title: u.name,
            subtitle: u.email,
            trailing: u.disabled ? (
              <Badge color="gray">{t('people.disabled')}</Badge>
            ) : (
              (known ?? [])
                .filter((r) => u.role_ids.includes(r.id))
                .map(roleName)
                .join(', ')
            ),
          })}
          rowHref={(u) => panel.href(u.id)}
          onOpen={(u) => panel.open(u.id)}
          openId={userId}
          loading={loading}
          failure={failure}
          onRetry={onRetry}
          empty={
            <EmptyState icon={IconUserShield} title={t('people.none')} hint={t('people.noneHint')} action={create} />
          }
        />
      </Page>
      <Outlet />
    </>
  );
}
