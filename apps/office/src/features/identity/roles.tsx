/** Roles as a matrix: what each may do. Built-in ones stand as they are; the shop can add its own. */

import { Button, Checkbox, Group, Modal, TextInput } from '@mantine/core';
import type { Role } from '@mostrador/contract/identity';
import { PERMISSIONS } from '@mostrador/domain/identity';
import { ErrorState, Page, PageHeader, RowsSkeleton, Section, toastDone } from '@mostrador/ui';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { type FormEvent, Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey, patch, post } from '../../api/client.js';
import { useCommand, useOne, useSession } from '../../api/hooks.js';
import shared from '../../shared/shared.module.css';
import { Tabs } from '../../shared/tabs.js';
import { PEOPLE_TABS } from './people.js';
import { useRoleName } from './role-name.js';
import classes from './roles.module.css';

const NOUNS = [...new Set(PERMISSIONS.map((p) => p.split('.')[0] as string))];

export function Roles() {
  const { t } = useTranslation();
  const { can } = useSession();
  const [creating, setCreating] = useState(false);
  const { data, failure, onRetry } = useOne<{ data: Role[] }>(['role'], '/roles');
  return (
    <Page wide>
      <PageHeader
        title={t('people.title')}
        purpose={t('role.purpose')}
        primary={
          can('user.write') ? (
            <Button leftSection={<IconPlus size={18} stroke={1.75} />} onClick={() => setCreating(true)}>
              {t('role.new')}
            </Button>
          ) : null
        }
      />
      <Tabs tabs={PEOPLE_TABS} label={t('people.title')} />
      <Section flush>
        {failure ? (
          <ErrorState failure={failure} onRetry={onRetry} />
        ) : data ? (
          <Matrix roles={data.data} />
        ) : (
          <RowsSkeleton />
        )}
      </Section>
      {creating ? <NewRole onClose={() => setCreating(false)} /> : null}
    </Page>
  );
}

/** Built-in roles first, from the most to the least; then the shop's own. */
function ordered(roles: readonly Role[]): readonly Role[] {
  const own = [...roles].filter((r) => !r.built_in);
  const builtIn = [...roles].filter((r) => r.built_in).sort((a, b) => b.permissions.length - a.permissions.length);
  return [...builtIn, ...own];
}

function Matrix({ roles: given }: { readonly roles: readonly Role[] }) {
  const roles = ordered(given);
  const { t } = useTranslation();
  const { can } = useSession();
  const roleName = useRoleName();
  const change = useCommand(
    ({ role, permissions }: { role: Role; permissions: readonly string[] }) =>
      patch(`/roles/${role.id}`, { permissions }, { ifMatch: role.revision }),
    { renews: ['role', 'journal'], onDone: () => toastDone(t('saved')) },
  );
  const toggle = (role: Role, permission: string) => {
    const has = role.permissions.includes(permission);
    const permissions = has ? role.permissions.filter((p) => p !== permission) : [...role.permissions, permission];
    change.mutate({ role, permissions });
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={classes.scroll} tabIndex={0} aria-label={t('people.roles')}>
      <table className={classes.matrix}>
        <thead>
          <tr>
            <th scope="col">{t('role.permission')}</th>
            {roles.map((r) => (
              <th key={r.id} scope="col">
                {roleName(r)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {NOUNS.map((noun) => (
            <Fragment key={noun}>
              <tr className={classes.noun}>
                <th colSpan={roles.length + 1} scope="colgroup">
                  {t(`role.noun.${noun}`)}
                </th>
              </tr>
              {PERMISSIONS.filter((p) => p.startsWith(`${noun}.`)).map((permission) => (
                <tr key={permission}>
                  <th scope="row">{t(`role.may.${permission}`)}</th>
                  {roles.map((role) => {
                    const has = role.permissions.includes(permission);
                    const label = `${roleName(role)}: ${t(`role.may.${permission}`)}`;
                    return (
                      <td key={role.id}>
                        {role.built_in || !can('user.write') ? (
                          has ? (
                            <>
                              <IconCheck size={18} stroke={2} aria-hidden="true" />
                              <span className="ms-sr">{t('role.yes')}</span>
                            </>
                          ) : (
                            <span className={classes.no}>—</span>
                          )
                        ) : (
                          <Checkbox
                            aria-label={label}
                            checked={has}
                            disabled={change.isPending}
                            onChange={() => toggle(role, permission)}
                          />
                        )}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function NewRole({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [key] = useState(newKey);
  const create = useCommand(
    () => post('/roles', { name: name.trim(), permissions: ['product.read', 'settings.read'] }, { key }),
    {
      renews: ['role', 'journal'],
      onDone: () => {
        toastDone(t('role.created'));
        onClose();
      },
    },
  );
  return (
    <Modal opened onClose={onClose} title={t('role.new')}>
      <form
        className={shared.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          create.mutate(undefined);
        }}
      >
        <TextInput
          label={t('role.name')}
          description={t('role.newHint')}
          maxLength={60}
          data-autofocus
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button type="submit" disabled={!name.trim()} loading={create.isPending}>
            {t('role.create')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
