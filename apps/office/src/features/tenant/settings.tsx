/** The shop itself: what it is called, its taxes, its places. */

import { Button, Select, Textarea, TextInput } from '@mantine/core';
import type { Settings as SettingsJson } from '@mostrador/contract/tenant';
import { ErrorState, Facts, Page, PageHeader, PanelSkeleton, Section, toastDone } from '@mostrador/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch } from '../../api/client.js';
import { useCommand, useOne, useSession } from '../../api/hooks.js';
import { updateSession } from '../../api/session.js';
import { useAddress } from '../../shared/address.js';
import { defectsByField } from '../../shared/defects.js';
import shared from '../../shared/shared.module.css';
import { type Tab, Tabs } from '../../shared/tabs.js';
import { Locations } from './locations.js';
import { TaxRates } from './tax-rates.js';

const TABS: readonly Tab[] = [
  { to: '/settings', label: 'settings.shop' },
  { to: '/settings?tab=taxes', label: 'settings.taxes' },
  { to: '/settings?tab=locations', label: 'settings.locations' },
];

export function Settings() {
  const { t } = useTranslation();
  const { values } = useAddress();
  return (
    <Page>
      <PageHeader title={t('settings.title')} purpose={t('settings.purpose')} />
      <Tabs tabs={TABS} label={t('settings.title')} />
      {values.tab === 'taxes' ? <TaxRates /> : values.tab === 'locations' ? <Locations /> : <Shop />}
    </Page>
  );
}

function Shop() {
  const { data, failure, onRetry } = useOne<SettingsJson>(['settings'], '/settings');
  if (data) return <ShopForm key={data.revision} settings={data} />;
  return <Section>{failure ? <ErrorState failure={failure} onRetry={onRetry} /> : <PanelSkeleton />}</Section>;
}

type Draft = {
  readonly [K in 'name' | 'time_zone' | 'locale' | 'tax_identifier' | 'address' | 'receipt_footer']?: SettingsJson[K];
};

function ShopForm({ settings }: { readonly settings: SettingsJson }) {
  const { t, i18n } = useTranslation();
  const { can } = useSession();
  const [draft, setDraft] = useState<Draft>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const values = { ...settings, ...draft };
  const readOnly = !can('settings.write');
  const changed = Object.entries(draft).filter(([k, v]) => v !== settings[k as keyof SettingsJson]);
  const save = useCommand(
    () => patch<SettingsJson>('/settings', Object.fromEntries(changed), { ifMatch: settings.revision }),
    {
      renews: ['settings', 'journal'],
      onDone: (next) => {
        updateSession({ tenant: { name: next.name, time_zone: next.time_zone, locale: next.locale } });
        setDraft({});
        toastDone(t('saved'));
      },
      onProblem: (problem) => {
        const found = defectsByField(problem, t);
        setErrors(found);
        return Object.keys(found).length > 0;
      },
    },
  );
  const names = new Intl.DisplayNames([i18n.language], { type: 'region' });
  const currencies = new Intl.DisplayNames([i18n.language], { type: 'currency' });
  const zones = [...new Set([settings.time_zone, ...Intl.supportedValuesOf('timeZone')])];
  const text = (field: 'name' | 'tax_identifier', maxLength: number) => (
    <TextInput
      label={t(`settings.${field}`)}
      readOnly={readOnly}
      maxLength={maxLength}
      value={values[field]}
      error={errors[field]}
      onChange={(e) => setDraft({ ...draft, [field]: e.currentTarget.value })}
    />
  );
  const area = (field: 'address' | 'receipt_footer', maxLength: number) => (
    <Textarea
      label={t(`settings.${field}`)}
      description={field === 'receipt_footer' ? t('settings.footerHint') : undefined}
      readOnly={readOnly}
      maxLength={maxLength}
      value={values[field]}
      error={errors[field]}
      onChange={(e) => setDraft({ ...draft, [field]: e.currentTarget.value })}
    />
  );
  return (
    <div className={shared.form}>
      <Section>
        <div className={shared.form}>
          <div className={shared.two}>
            {text('name', 120)}
            {text('tax_identifier', 40)}
          </div>
          {area('address', 300)}
          {area('receipt_footer', 500)}
          <div className={shared.two}>
            <Select
              label={t('settings.time_zone')}
              readOnly={readOnly}
              searchable
              value={values.time_zone}
              error={errors.time_zone}
              data={zones as string[]}
              onChange={(v) => setDraft({ ...draft, time_zone: v ?? settings.time_zone })}
            />
            <Select
              label={t('settings.locale')}
              description={t('settings.localeHint')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              readOnly={readOnly}
              value={values.locale}
              data={(['es', 'en'] as const).map((l) => ({ value: l, label: t(`person.languages.${l}`) }))}
              onChange={(v) => setDraft({ ...draft, locale: v === 'en' ? 'en' : 'es' })}
            />
          </div>
          {readOnly ? null : (
            <Button
              style={{ alignSelf: 'flex-start' }}
              disabled={changed.length === 0}
              loading={save.isPending}
              onClick={() => save.mutate(undefined)}
            >
              {t('saveChanges')}
            </Button>
          )}
        </div>
      </Section>
      <Section title={t('settings.forLife')} hint={t('settings.forLifeHint')}>
        <Facts
          items={[
            [t('settings.country'), names.of(settings.country) ?? settings.country],
            [t('settings.currency'), `${currencies.of(settings.currency) ?? ''} (${settings.currency})`],
          ]}
        />
      </Section>
    </div>
  );
}
