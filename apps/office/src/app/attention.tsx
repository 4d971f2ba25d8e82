/** The bell: whether something waits for a person. What it is stands first on the dashboard. */

import { ActionIcon, Indicator, Menu } from '@mantine/core';
import type { DashboardJson } from '@mostrador/contract/report';
import { IconBell } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useOne, useSession } from '../api/hooks.js';
import { attentionTarget } from '../shared/attention.js';

const MINUTE = 60_000;

export function Attention() {
  const { t } = useTranslation();
  const { can } = useSession();
  const navigate = useNavigate();
  const { data } = useOne<DashboardJson>(
    ['dashboard'],
    '/reports/dashboard',
    {},
    { enabled: can('report.read'), refetchMs: MINUTE },
  );
  const items = data?.attention ?? [];
  if (!can('report.read')) return null;
  return (
    <Menu>
      <Indicator color="mustard" size={10} offset={11} disabled={items.length === 0} withBorder>
        <Menu.Target>
          <ActionIcon aria-label={t('attention.bell', { count: items.length })} size={40}>
            <IconBell size={20} stroke={1.5} />
          </ActionIcon>
        </Menu.Target>
      </Indicator>
      <Menu.Dropdown>
        <Menu.Label>{t('attention.title')}</Menu.Label>
        {items.length === 0 ? <Menu.Item disabled>{t('attention.none')}</Menu.Item> : null}
        {items.map((item) => (
          <Menu.Item key={item.kind} onClick={() => navigate(attentionTarget(item.kind))}>
            {t(`attention.${item.kind}`, { count: item.count })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
