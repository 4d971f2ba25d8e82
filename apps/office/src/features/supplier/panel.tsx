/** One supplier: its sheet and what was received from it. */

import { Button, Skeleton, Textarea, TextInput } from '@mantine/core';
import type { Page } from '@mostrador/contract';
import type { StockReceiptSummaryJson } from '@mostrador/contract/stock';
import type { SupplierJson } from '@mostrador/contract/supplier';
import {
  ErrorState,
  Money,
  PanelPart,
  PanelSkeleton,
  RelativeDate,
  SidePanel,
  toastDone,
  useFormat,
} from '@mostrador/ui';
import { IconArchive, IconTruckDelivery } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { newKey, patch, post } from '../../api/client.js';
import { useCommand, useOne, useSession } from '../../api/hooks.js';
import { usePanelNavigation } from '../../shared/address.js';
import shared from '../../shared/shared.module.css';

interface Values {
  readonly name: string;
  readonly tax_id: string;
  readonly note: string;
}

function Fields({
  values,
  readOnly,
  onChange,
}: {
  readonly values: Values;
  readonly readOnly: boolean;
  readonly onChange: (v: Values) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className={shared.form}>
      <TextInput
        label={t('supplier.name')}
        required
        withAsterisk={false}
        readOnly={readOnly}
        maxLength={200}
        value={values.name}
        onChange={(e) => onChange({ ...values, name: e.currentTarget.value })}
      />
      <TextInput
        label={t('supplier.taxId')}
        readOnly={readOnly}
        maxLength={40}
        value={values.tax_id}
        onChange={(e) => onChange({ ...values, tax_id: e.currentTarget.value })}
      />
      <Textarea
        label={t('note')}
        readOnly={readOnly}
        maxLength={2000}
        value={values.note}
        onChange={(e) => onChange({ ...values, note: e.currentTarget.value })}
      />
    </div>
  );
}

export function SupplierPanel() {
  const { supplierId = '' } = useParams();
  const { t } = useTranslation();
  const panel = usePanelNavigation('/suppliers');
  const { data, failure, onRetry } = useOne<SupplierJson>(['supplier'], `/suppliers/${supplierId}`);
  if (data) return <Open key={data.id} supplier={data} onClose={panel.close} />;
  return (
    <SidePanel title={t('supplier.one')} onClose={panel.close}>
      {failure ? <ErrorState failure={failure} onRetry={onRetry} /> : <PanelSkeleton />}
    </SidePanel>
  );
}

function Open({ supplier, onClose }: { readonly supplier: SupplierJson; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const saved: Values = { name: supplier.name, tax_id: supplier.tax_id, note: supplier.note };
  const [draft, setDraft] = useState<Values | null>(null);
  const values = draft ?? saved;
  const dirty = JSON.stringify(values) !== JSON.stringify(saved);
  const save = useCommand(() => patch(`/suppliers/${supplier.id}`, values, { ifMatch: supplier.revision }), {
    renews: ['supplier', 'journal'],
    onDone: () => {
      setDraft(null);
      toastDone(t('saved'));
    },
  });
  const archive = useCommand(() => post(`/suppliers/${supplier.id}/archive`), {
    renews: ['supplier', 'journal'],
    onDone: () => toastDone(t('supplier.archivedNow', { name: supplier.name })),
  });
  const writes = can('supplier.write') && !supplier.archived;
  return (
    <SidePanel
      title={supplier.name}
      subtitle={supplier.archived ? t('supplier.archived') : supplier.tax_id}
      onClose={onClose}
      footer={
        dirty ? (
          <>
            <Button variant="default" onClick={() => setDraft(null)}>
              {t('discard')}
            </Button>
            <Button loading={save.isPending} disabled={!values.name.trim()} onClick={() => save.mutate(undefined)}>
              {t('saveChanges')}
            </Button>
          </>
        ) : writes ? (
          <>
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconArchive size={18} stroke={1.5} />}
              loading={archive.isPending}
              onClick={() => archive.mutate(undefined)}
            >
              {t('supplier.archive')}
            </Button>
            {can('stock.write') ? (
              <Button
                component={Link}
                to={`/stock-receive?supplier=${supplier.id}`}
                leftSection={<IconTruckDelivery size={18} stroke={1.5} />}
              >
                {t('supplier.receive')}
              </Button>
            ) : null}
          </>
        ) : undefined
      }
    >
      <PanelPart>
        <Fields values={values} readOnly={!writes} onChange={setDraft} />
      </PanelPart>
      {can('stock.read') ? <Receipts supplierId={supplier.id} /> : null}
    </SidePanel>
  );
}

function Receipts({ supplierId }: { readonly supplierId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, failure } = useOne<Page<StockReceiptSummaryJson>>(['stock', 'receipts-of'], '/stock/receipts', {
    supplier_id: supplierId,
    limit: 10,
  });
  if (failure) return null;
  return (
    <PanelPart title={t('supplier.receipts')}>
      {data ? (
        data.data.length === 0 ? (
          <p className={shared.soft}>{t('supplier.noReceipts')}</p>
        ) : (
          <ul className={shared.list}>
            {data.data.map((r) => (
              <li key={r.id}>
                <div>
                  <Link to={`/stock-receipts/${r.id}`}>{r.reference || format.date(r.at)}</Link>
                  <div className={shared.soft}>
                    {t('stock.lineCount', { count: r.line_count })} · <RelativeDate value={r.at} />
                  </div>
                </div>
                <Money value={r.cost} />
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

export function NewSupplier() {
  const { t } = useTranslation();
  const panel = usePanelNavigation('/suppliers');
  const [values, setValues] = useState<Values>({ name: '', tax_id: '', note: '' });
  const [key] = useState(newKey);
  const create = useCommand(() => post<SupplierJson>('/suppliers', values, { key }), {
    renews: ['supplier', 'journal'],
    onDone: (supplier) => {
      toastDone(t('saved'));
      panel.open(supplier.id);
    },
  });
  return (
    <SidePanel
      title={t('supplier.new')}
      fill
      onClose={panel.close}
      footer={
        <>
          <Button variant="default" onClick={panel.close}>
            {t('discard')}
          </Button>
          <Button loading={create.isPending} disabled={!values.name.trim()} onClick={() => create.mutate(undefined)}>
            {t('supplier.create')}
          </Button>
        </>
      }
    >
      <PanelPart>
        <Fields values={values} readOnly={false} onChange={setValues} />
      </PanelPart>
    </SidePanel>
  );
}
