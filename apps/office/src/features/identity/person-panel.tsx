/** One person: name, roles, access; a new person; a new password. */

import { Alert, Button, Checkbox, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import type { Role, User, UserChange } from '@mostrador/contract/identity';
import { ErrorState, PanelPart, PanelSkeleton, SidePanel, toastDone } from '@mostrador/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { newKey, patch, post } from '../../api/client.js';
import { useCommand, useErrorWords, useOne, useSession } from '../../api/hooks.js';
import { problemOf } from '../../api/problem.js';
import { updateSession } from '../../api/session.js';
import { usePanelNavigation } from '../../shared/address.js';
import { defectsByField } from '../../shared/defects.js';
import shared from '../../shared/shared.module.css';
import { SubjectHistory } from '../../shared/subject-history.js';
import { useRoleName } from './role-name.js';

interface Values {
  readonly name: string;
  readonly email: string;
  readonly role_ids: readonly string[];
  readonly locale: 'es' | 'en';
}

interface FieldsProps {
  readonly values: Values;
  readonly errors: Readonly<Record<string, string>>;
  readonly readOnly?: boolean;
  readonly onChange: (change: Partial<Values>) => void;
}

function Fields({ values, errors, readOnly = false, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const roles = useOne<{ data: Role[] }>(['role'], '/roles');
  return (
    <div className={shared.form}>
      <TextInput
        label={t('people.name')}
        readOnly={readOnly}
        maxLength={120}
        value={values.name}
        error={errors.name}
        onChange={(e) => onChange({ name: e.currentTarget.value })}
      />
      <TextInput
        label={t('people.email')}
        type="email"
        readOnly={readOnly}
        maxLength={254}
        value={values.email}
        error={errors.email}
        onChange={(e) => onChange({ email: e.currentTarget.value })}
      />
      <Select
        label={t('person.language')}
        readOnly={readOnly}
        value={values.locale}
        onChange={(v) => onChange({ locale: v === 'en' ? 'en' : 'es' })}
        data={(['es', 'en'] as const).map((l) => ({ value: l, label: t(`person.languages.${l}`) }))}
      />
      <Checkbox.Group
        label={t('people.roles')}
        value={[...values.role_ids]}
        onChange={(role_ids) => onChange({ role_ids })}
        error={errors.role_ids}
        readOnly={readOnly}
      >
        <div className={shared.form} style={{ gap: 10, marginTop: 10 }}>
          {(roles.data?.data ?? []).map((role) => (
            <Checkbox
              key={role.id}
              value={role.id}
              label={roleName(role)}
              disabled={readOnly}
              description={
                role.built_in
                  ? t(`role.hint.${role.id}`, { defaultValue: '' })
                  : t('role.permissionCount', { count: role.permissions.length })
              }
            />
          ))}
        </div>
      </Checkbox.Group>
    </div>
  );
}

export function PersonPanel() {
  const { userId = '' } = useParams();
  const { t } = useTranslation();
  const panel = usePanelNavigation('/people');
  const { data, failure, onRetry } = useOne<User>(['user'], `/users/${userId}`);
  if (data) return <Open key={data.id} person={data} onClose={panel.close} />;
  return (
    <SidePanel title={t('people.one')} onClose={panel.close}>
      {failure ? <ErrorState failure={failure} onRetry={onRetry} /> : <PanelSkeleton />}
    </SidePanel>
  );
}

function Open({ person, onClose }: { readonly person: User; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const { can, user } = useSession();
  const [draft, setDraft] = useState<Partial<Values>>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const saved: Values = person;
  const changed = Object.entries(draft).filter(
    ([k, v]) => JSON.stringify(v) !== JSON.stringify(saved[k as keyof Values]),
  );
  const writes = can('user.write');
  const change = useCommand(
    (body: UserChange) => patch<User>(`/users/${person.id}`, body, { ifMatch: person.revision }),
    {
      renews: ['user', 'journal'],
      onDone: (next) => {
        setDraft({});
        setErrors({});
        if (next.id === user.id) updateSession({ user: { name: next.name, email: next.email } });
        toastDone(t('saved'));
      },
      onProblem: (problem) => {
        const found = defectsByField(problem, t);
        if (problem.code === 'email_taken') found.email = words(problem.code);
        setErrors(found);
        return Object.keys(found).length > 0;
      },
    },
  );
  return (
    <SidePanel
      title={person.name}
      subtitle={person.email}
      onClose={onClose}
      footer={
        changed.length > 0 ? (
          <>
            <Button variant="default" onClick={() => setDraft({})}>
              {t('discard')}
            </Button>
            <Button loading={change.isPending} onClick={() => change.mutate(Object.fromEntries(changed) as UserChange)}>
              {t('saveChanges')}
            </Button>
          </>
        ) : undefined
      }
    >
      <PanelPart>
        <Fields
          values={{ ...saved, ...draft }}
          errors={errors}
          readOnly={!writes}
          onChange={(next) => setDraft({ ...draft, ...next })}
        />
      </PanelPart>
      {writes && person.id !== user.id ? (
        <PanelPart title={t('people.access')}>
          <Switch
            label={t('people.mayEnter')}
            description={t('people.mayEnterHint')}
            checked={!person.disabled}
            disabled={change.isPending}
            onChange={(e) => change.mutate({ disabled: !e.currentTarget.checked })}
          />
        </PanelPart>
      ) : null}
      {writes || person.id === user.id ? <Password person={person} own={person.id === user.id} /> : null}
      <SubjectHistory noun="user" subject={person.id} />
    </SidePanel>
  );
}

function Password({ person, own }: { readonly person: User; readonly own: boolean }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const save = useCommand(
    () => post(`/users/${person.id}/password`, { password: next, ...(own ? { current_password: current } : {}) }),
    {
      renews: ['journal'],
      onDone: () => {
        setCurrent('');
        setNext('');
        toastDone(t('people.passwordChanged'));
      },
      onProblem: () => true,
    },
  );
  return (
    <PanelPart title={t('people.password')}>
      <form
        className={shared.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        {save.error ? <Alert color="brick">{words(problemOf(save.error).code)}</Alert> : null}
        {own ? (
          <PasswordInput
            label={t('people.currentPassword')}
            autoComplete="current-password"
            value={current}
            onChange={(e) => setCurrent(e.currentTarget.value)}
          />
        ) : null}
        <PasswordInput
          label={t('people.newPassword')}
          description={t('people.passwordHint')}
          autoComplete="new-password"
          value={next}
          onChange={(e) => setNext(e.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          style={{ alignSelf: 'flex-start' }}
          loading={save.isPending}
          disabled={next.length < 8 || (own && !current)}
        >
          {t('people.changePassword')}
        </Button>
      </form>
    </PanelPart>
  );
}

export function NewPerson() {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const panel = usePanelNavigation('/people');
  const [values, setValues] = useState<Values>({
    name: '',
    email: '',
    role_ids: ['cashier'],
    locale: i18n.language === 'en' ? 'en' : 'es',
  });
  const [password, setPassword] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [key] = useState(newKey);
  const create = useCommand(() => post<User>('/users', { ...values, password }, { key }), {
    renews: ['user', 'journal'],
    onDone: (person) => {
      toastDone(t('people.created', { name: person.name }));
      panel.open(person.id);
    },
    onProblem: (problem) => {
      const found = defectsByField(problem, t);
      if (problem.code === 'email_taken') found.email = words(problem.code);
      if (problem.code === 'password_weak') found.password = words(problem.code);
      setErrors(found);
      return Object.keys(found).length > 0;
    },
  });
  return (
    <SidePanel
      title={t('people.new')}
      fill
      onClose={panel.close}
      footer={
        <>
          <Button variant="default" onClick={panel.close}>
            {t('discard')}
          </Button>
          <Button
            loading={create.isPending}
            disabled={
              !values.name.trim() || !values.email.trim() || password.length < 8 || values.role_ids.length === 0
            }
            onClick={() => create.mutate(undefined)}
          >
            {t('people.create')}
          </Button>
        </>
      }
    >
      <PanelPart>
        <Fields values={values} errors={errors} onChange={(change) => setValues({ ...values, ...change })} />
      </PanelPart>
      <PanelPart title={t('people.password')}>
        <PasswordInput
          label={t('people.firstPassword')}
          description={t('people.passwordHint')}
          autoComplete="new-password"
          value={password}
          error={errors.password}
          onChange={(e) => setPassword(e.currentTarget.value)}
        />
      </PanelPart>
    </SidePanel>
  );
}
