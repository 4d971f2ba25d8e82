/** Tax rates. A rate is for life, since receipts name it; another one can be added and made the default. */

import { ActionIcon, Badge, Button, Group, Menu, Modal, Switch, TextInput } from '@mantine/core';
import type { TaxRate } from '@mostrador/contract/tenant';
import {
  EmptyState,
  ErrorState,
  QuantityField,
  RowsSkeleton,
  Section,
  toastDone,
  toastUndo,
  useFormat,
} from '@mostrador/ui';
import { IconDots, IconPlus, IconReceiptTax } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey, patch, post } from '../../api/client.js';
import { useCommand, useOne, useSession } from '../../api/hooks.js';
import shared from '../../shared/shared.module.css';

export function TaxRates() {
  const { t } = useTranslation();
  const { can } = useSession();
  const format = useFormat();
  const [creating, setCreating] = useState(false);
  const { data, failure, onRetry } = useOne<{ data: TaxRate[] }>(['tax-rate'], '/tax-rates');
  const change = useCommand(
    ({ id, ...body }: { id: string; is_default?: true; archived?: boolean }) => patch(`/tax-rates/${id}`, body),
    {
      renews: ['tax-rate', 'journal'],
    },
  );
  const archive = (rate: TaxRate) =>
    change.mutate(
      { id: rate.id, archived: true },
      {
        onSuccess: () =>
          toastUndo({
            message: t('settings.archived', { name: rate.name }),
            undoLabel: t('undo'),
            undone: t('undone'),
            undo: () => change.mutateAsync({ id: rate.id, archived: false }),
          }),
      },
    );
  const writes = can('settings.write');
  const create = writes ? (
    <Button variant="default" leftSection={<IconPlus size={17} stroke={1.75} />} onClick={() => setCreating(true)}>
      {t('settings.newRate')}
    </Button>
  ) : null;
  return (
    <Section title={t('settings.taxes')} hint={t('settings.taxesHint')} action={create}>
      {failure ? <ErrorState failure={failure} onRetry={onRetry} /> : null}
      {!data && !failure ? <RowsSkeleton rows={3} /> : null}
      {data?.data.length === 0 ? (
        <EmptyState small icon={IconReceiptTax} title={t('settings.noRates')} action={create} />
      ) : null}
      {data && data.data.length > 0 ? (
        <table className={shared.lines}>
          <thead>
            <tr>
              <th>{t('settings.name')}</th>
              <th data-end>{t('settings.rate')}</th>
              <th>
                <span className="ms-sr">{t('more')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.data.map((rate) => (
              <tr key={rate.id}>
                <td>
                  {rate.name} {rate.is_default ? <Badge>{t('settings.default')}</Badge> : null}{' '}
                  {rate.archived ? <Badge color="gray">{t('settings.archivedBadge')}</Badge> : null}
                </td>
                <td data-end>{format.percent(rate.rate_bp)}</td>
                <td style={{ width: 44, height: 52 }}>
                  {writes && !rate.is_default ? (
                    <Menu>
                      <Menu.Target>
                        <ActionIcon aria-label={`${t('more')}: ${rate.name}`}>
                          <IconDots size={20} stroke={1.5} />
                        </ActionIcon>
                      </Menu.Target>
                      <Menu.Dropdown>
                        {rate.archived ? (
                          <Menu.Item onClick={() => change.mutate({ id: rate.id, archived: false })}>
                            {t('settings.restore')}
                          </Menu.Item>
                        ) : (
                          <>
                            <Menu.Item onClick={() => change.mutate({ id: rate.id, is_default: true })}>
                              {t('settings.makeDefault')}
                            </Menu.Item>
                            <Menu.Item onClick={() => archive(rate)}>{t('settings.archive')}</Menu.Item>
                          </>
                        )}
                      </Menu.Dropdown>
                    </Menu>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {creating ? <NewRate onClose={() => setCreating(false)} /> : null}
    </Section>
  );
}

function NewRate({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [percent, setPercent] = useState<number | null>(null);
  const [isDefault, setDefault] = useState(false);
  const [key] = useState(newKey);
  const create = useCommand(
    () =>
      post(
        '/tax-rates',
        { name: name.trim(), rate_bp: Math.round((percent ?? 0) * 100), is_default: isDefault },
        { key },
      ),
    {
      renews: ['tax-rate', 'journal'],
      onDone: () => {
        toastDone(t('saved'));
        onClose();
      },
    },
  );
  return (
    <Modal opened onClose={onClose} title={t('settings.newRate')}>
      <form
        className={shared.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          create.mutate(undefined);
        }}
      >
        <TextInput
          label={t('settings.name')}
          placeholder={t('settings.rateExample')}
          maxLength={60}
          data-autofocus
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <QuantityField
          label={t('settings.rate')}
          unit="%"
          value={percent}
          onChange={setPercent}
          wrong={t('defect.number')}
        />
        <Switch
          label={t('settings.makeDefault')}
          checked={isDefault}
          onChange={(e) => setDefault(e.currentTarget.checked)}
        />
        <Group justify="flex-end">
          <Button
            type="submit"
            loading={create.isPending}
            disabled={!name.trim() || percent === null || percent < 0 || percent > 100}
          >
            {t('settings.addRate')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
