/** The shop's places: where stock lies and receipts are numbered. */

import { Badge, Button, Group, Modal, Switch, Textarea, TextInput } from '@mantine/core';
import type { Location } from '@mostrador/contract/tenant';
import { Code, ErrorState, RowsSkeleton, Section, toastDone } from '@mostrador/ui';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey, patch, post } from '../../api/client.js';
import { useCommand, useOne, useSession } from '../../api/hooks.js';
import shared from '../../shared/shared.module.css';

export function Locations() {
  const { t } = useTranslation();
  const { can } = useSession();
  const [editing, setEditing] = useState<Location | 'new' | null>(null);
  const { data, failure, onRetry } = useOne<{ data: Location[] }>(['location'], '/locations');
  const writes = can('settings.write');
  return (
    <Section
      title={t('settings.locations')}
      hint={t('settings.locationsHint')}
      action={
        writes ? (
          <Button
            variant="default"
            leftSection={<IconPlus size={17} stroke={1.75} />}
            onClick={() => setEditing('new')}
          >
            {t('settings.newLocation')}
          </Button>
        ) : null
      }
    >
      {failure ? <ErrorState failure={failure} onRetry={onRetry} /> : null}
      {!data && !failure ? <RowsSkeleton rows={2} /> : null}
      {data ? (
        <table className={`${shared.lines} ${shared.stackLines}`}>
          <thead>
            <tr>
              <th>{t('settings.name')}</th>
              <th>{t('settings.address')}</th>
              <th>{t('settings.prefix')}</th>
              <th>
                <span className="ms-sr">{t('edit')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.data.map((location) => (
              <tr key={location.id}>
                <td>
                  {location.name} {location.is_default ? <Badge>{t('settings.default')}</Badge> : null}
                </td>
                <td>{location.address}</td>
                <td data-label={t('settings.prefix')}>
                  <Code>{location.receipt_prefix}</Code>
                </td>
                <td data-end>
                  {writes ? (
                    <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setEditing(location)}>
                      {t('edit')}
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {editing ? (
        <Edit
          key={editing === 'new' ? 'new' : editing.id}
          location={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </Section>
  );
}

function Edit({ location, onClose }: { readonly location: Location | null; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(location?.name ?? '');
  const [address, setAddress] = useState(location?.address ?? '');
  const [prefix, setPrefix] = useState('');
  const [isDefault, setDefault] = useState(location?.is_default ?? false);
  const [key] = useState(newKey);
  const done = () => {
    toastDone(t('saved'));
    onClose();
  };
  const save = useCommand(
    () => {
      const body = { name: name.trim(), address: address.trim() };
      return location
        ? patch(
            `/locations/${location.id}`,
            { ...body, ...(isDefault && !location.is_default ? { is_default: true } : {}) },
            { ifMatch: location.revision },
          )
        : post(
            '/locations',
            { ...body, is_default: isDefault, ...(prefix ? { receipt_prefix: prefix } : {}) },
            { key },
          );
    },
    { renews: ['location', 'journal'], onDone: done },
  );
  const archive = useCommand(() => patch(`/locations/${location?.id}`, { archived: true }), {
    renews: ['location', 'journal'],
    onDone: done,
  });
  const prefixGood = prefix === '' || /^[A-Z0-9]{2,6}$/.test(prefix);
  return (
    <Modal opened onClose={onClose} title={location ? location.name : t('settings.newLocation')}>
      <form
        className={shared.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        <TextInput
          label={t('settings.name')}
          maxLength={120}
          data-autofocus
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <Textarea
          label={t('settings.address')}
          maxLength={300}
          value={address}
          onChange={(e) => setAddress(e.currentTarget.value)}
        />
        {location ? null : (
          <TextInput
            label={t('settings.prefix')}
            description={t('settings.prefixHint')}
            maxLength={6}
            value={prefix}
            error={prefixGood ? undefined : t('settings.prefixWrong')}
            onChange={(e) => setPrefix(e.currentTarget.value.toUpperCase())}
          />
        )}
        <Switch
          label={t('settings.defaultLocation')}
          description={t('settings.defaultLocationHint')}
          checked={isDefault}
          disabled={location?.is_default ?? false}
          onChange={(e) => setDefault(e.currentTarget.checked)}
        />
        <Group justify="space-between">
          {location && !location.is_default ? (
            <Button variant="subtle" color="gray" loading={archive.isPending} onClick={() => archive.mutate(undefined)}>
              {t('settings.archive')}
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" loading={save.isPending} disabled={!name.trim() || !prefixGood}>
            {location ? t('saveChanges') : t('settings.addLocation')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
