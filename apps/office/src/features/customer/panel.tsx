/** One customer: data, consents, purchases, and erasure, which cannot be undone. */

import { Alert, Button, Checkbox, Skeleton, Textarea, TextInput } from '@mantine/core';
import type { Page } from '@mostrador/contract';
import type { CustomerInput, CustomerJson, CustomerPatch } from '@mostrador/contract/customer';
import type { SaleSummaryJson } from '@mostrador/contract/sale';
import {
  Code,
  ConfirmLoss,
  DateText,
  ErrorState,
  Money,
  PanelPart,
  PanelSkeleton,
  RelativeDate,
  SidePanel,
  toastDone,
} from '@mostrador/ui';
import { IconEraser } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { newKey, patch, post } from '../../api/client.js';
import { useCommand, useOne, useSession } from '../../api/hooks.js';
import { usePanelNavigation } from '../../shared/address.js';
import { defectsByField } from '../../shared/defects.js';
import shared from '../../shared/shared.module.css';

const FIELDS = ['name', 'email', 'phone', 'document', 'address', 'note'] as const;
type Field = (typeof FIELDS)[number];
const CONSENTS = ['marketing_email', 'marketing_message', 'loyalty', 'analytics'] as const;

interface Values extends Readonly<Record<Field, string>> {
  readonly consents: readonly string[];
}

const EMPTY: Values = { name: '', email: '', phone: '', document: '', address: '', note: '', consents: [] };

export function CustomerPanel() {
  const { customerId = '' } = useParams();
  const { t } = useTranslation();
  const panel = usePanelNavigation('/customers');
  const { data, failure, onRetry } = useOne<CustomerJson>(['customer'], `/customers/${customerId}`);
  if (data) return <Open key={data.id} customer={data} onClose={panel.close} />;
  return (
    <SidePanel title={t('customer.one')} onClose={panel.close}>
      {failure ? <ErrorState failure={failure} onRetry={onRetry} /> : <PanelSkeleton />}
    </SidePanel>
  );
}

function Open({ customer, onClose }: { readonly customer: CustomerJson; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const [draft, setDraft] = useState<Partial<Values>>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [erasing, setErasing] = useState(false);
  const erased = customer.erased_at !== null;
  const saved: Values = { ...customer, consents: customer.consents };
  const change = Object.fromEntries(
    Object.entries(draft).filter(([k, v]) => JSON.stringify(v) !== JSON.stringify(saved[k as keyof Values])),
  ) as CustomerPatch;
  const dirty = Object.keys(change).length > 0;
  const save = useCommand(() => patch(`/customers/${customer.id}`, change, { ifMatch: customer.revision }), {
    renews: ['customer', 'journal'],
    onDone: () => {
      setDraft({});
      setErrors({});
      toastDone(t('saved'));
    },
    onProblem: (problem) => {
      const found = defectsByField(problem, t);
      setErrors(found);
      return Object.keys(found).length > 0;
    },
  });
  const erase = useCommand(() => post(`/customers/${customer.id}/erase`), {
    renews: ['customer', 'journal'],
    onDone: () => {
      setErasing(false);
      toastDone(t('customer.erasedNow'));
    },
  });
  const name = customer.name || customer.external_reference || t('customer.one');
  return (
    <SidePanel
      title={erased ? t('customer.erased') : name}
      subtitle={
        <>
          {t('customer.since')} <DateText value={customer.created_at} />
        </>
      }
      onClose={onClose}
      footer={
        dirty ? (
          <>
            <Button variant="default" onClick={() => setDraft({})}>
              {t('discard')}
            </Button>
            <Button loading={save.isPending} onClick={() => save.mutate(undefined)}>
              {t('saveChanges')}
            </Button>
          </>
        ) : undefined
      }
    >
      {erased ? (
        <PanelPart>
          <Alert color="sky">{t('customer.erasedHint')}</Alert>
        </PanelPart>
      ) : (
        <PanelPart title={t('customer.data')}>
          {customer.masked ? <p className={shared.soft}>{t('customer.masked')}</p> : null}
          <Fields
            values={{ ...saved, ...draft }}
            errors={errors}
            readOnly={!can('customer.write') || customer.masked}
            onChange={(next) => setDraft({ ...draft, ...next })}
          />
        </PanelPart>
      )}
      {can('sale.read') ? <Purchases customerId={customer.id} /> : null}
      {!erased && can('customer.erase') ? (
        <PanelPart title={t('customer.eraseTitle')}>
          <p style={{ marginTop: 0 }}>{t('customer.eraseHint')}</p>
          <Button
            color="brick"
            variant="light"
            leftSection={<IconEraser size={18} stroke={1.5} />}
            onClick={() => setErasing(true)}
          >
            {t('customer.erase')}
          </Button>
          <ConfirmLoss
            opened={erasing}
            title={t('customer.eraseAsk', { name })}
            action={t('customer.eraseDo')}
            busy={erase.isPending}
            onConfirm={() => erase.mutate(undefined)}
            onClose={() => setErasing(false)}
          >
            <p>{t('customer.eraseLoss')}</p>
            <p>{t('customer.eraseKept')}</p>
          </ConfirmLoss>
        </PanelPart>
      ) : null}
    </SidePanel>
  );
}

interface FieldsProps {
  readonly values: Values;
  readonly errors: Readonly<Record<string, string>>;
  readonly readOnly?: boolean;
  readonly onChange: (change: Partial<Values>) => void;
}

function Fields({ values, errors, readOnly = false, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const text = (field: Field, more: { readonly type?: string; readonly maxLength: number }) => (
    <TextInput
      label={t(`customer.${field}`)}
      readOnly={readOnly}
      value={values[field]}
      error={errors[field]}
      onChange={(e) => onChange({ [field]: e.currentTarget.value })}
      {...more}
    />
  );
  return (
    <div className={shared.form}>
      {text('name', { maxLength: 200 })}
      <div className={shared.two}>
        {text('email', { maxLength: 254, type: readOnly ? 'text' : 'email' })}
        {text('phone', { maxLength: 40 })}
        {text('document', { maxLength: 40 })}
        {text('address', { maxLength: 500 })}
      </div>
      <Textarea
        label={t('customer.note')}
        readOnly={readOnly}
        maxLength={2000}
        value={values.note}
        onChange={(e) => onChange({ note: e.currentTarget.value })}
      />
      <Checkbox.Group
        label={t('customer.consents')}
        description={t('customer.consentsHint')}
        value={[...values.consents]}
        onChange={(consents) => onChange({ consents })}
        readOnly={readOnly}
      >
        <div className={shared.form} style={{ marginTop: 10, gap: 10 }}>
          {CONSENTS.map((c) => (
            <Checkbox key={c} value={c} label={t(`customer.consent.${c}`)} disabled={readOnly} />
          ))}
        </div>
      </Checkbox.Group>
    </div>
  );
}

function Purchases({ customerId }: { readonly customerId: string }) {
  const { t } = useTranslation();
  const { data, failure, onRetry } = useOne<Page<SaleSummaryJson>>(
    ['sale', 'of-customer'],
    `/customers/${customerId}/sales`,
    { limit: 10 },
  );
  return (
    <PanelPart
      title={t('customer.purchases')}
      action={<Link to={`/sales?customer_id=${customerId}`}>{t('history.all')}</Link>}
    >
      {failure ? (
        <ErrorState small failure={failure} onRetry={onRetry} />
      ) : data ? (
        data.data.length === 0 ? (
          <p className={shared.soft}>{t('customer.noPurchases')}</p>
        ) : (
          <ul className={shared.list}>
            {data.data.map((sale) => (
              <li key={sale.id}>
                <span>
                  <Link to={`/sales/${sale.id}`}>
                    <Code>{sale.receipt_number}</Code>
                  </Link>{' '}
                  · <RelativeDate value={sale.at} />
                </span>
                <Money value={sale.total} />
              </li>
            ))}
          </ul>
        )
      ) : (
        <Skeleton height={80} />
      )}
    </PanelPart>
  );
}

export function NewCustomer() {
  const { t } = useTranslation();
  const panel = usePanelNavigation('/customers');
  const [values, setValues] = useState(EMPTY);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [key] = useState(newKey);
  const create = useCommand(() => post<CustomerJson>('/customers', values as CustomerInput, { key }), {
    renews: ['customer', 'journal'],
    onDone: (customer) => {
      toastDone(t('saved'));
      panel.open(customer.id);
    },
    onProblem: (problem) => {
      const found = defectsByField(problem, t);
      setErrors(found);
      return Object.keys(found).length > 0;
    },
  });
  return (
    <SidePanel
      title={t('customer.new')}
      fill
      onClose={panel.close}
      footer={
        <>
          <Button variant="default" onClick={panel.close}>
            {t('discard')}
          </Button>
          <Button loading={create.isPending} disabled={!values.name.trim()} onClick={() => create.mutate(undefined)}>
            {t('customer.create')}
          </Button>
        </>
      }
    >
      <PanelPart>
        <Fields values={values} errors={errors} onChange={(change) => setValues({ ...values, ...change })} />
      </PanelPart>
    </SidePanel>
  );
}
