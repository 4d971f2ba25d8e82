/** Deliveries that were received, and one of them with its lines. */
import type { StockReceiptDetailJson, StockReceiptSummaryJson } from '@mostrador/contract/stock';
import {
  type Column,
  DataTable,
  DateText,
  EmptyState,
  ErrorState,
  Facts,
  type Filter,
  FilterChips,
  Money,
  Page,
  PageHeader,
  PanelPart,
  PanelSkeleton,
  Quantity,
  RelativeDate,
  SidePanel,
  useFormat,
} from '@mostrador/ui';
import { IconTruckDelivery } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useParams } from 'react-router';
import { useList, useOne, useSession } from '../../api/hooks.js';
import { useSuppliers } from '../../api/nouns.js';
import { useAddress, usePanelNavigation } from '../../shared/address.js';
import shared from '../../shared/shared.module.css';
import { SubjectHistory } from '../../shared/subject-history.js';
import { withVariant } from '../../shared/text.js';
import { Documents, ReceiveButton } from './levels.js';
import { StockTabs } from './parts.js';

export function StockReceipts() {
  const { t } = useTranslation();
  const { can } = useSession();
  const format = useFormat();
  const { values, set } = useAddress();
  const panel = usePanelNavigation('/stock-receipts');
  const { receiptId } = useParams();
  const suppliers = useSuppliers(can('supplier.read'));
  const list = useList<StockReceiptSummaryJson>(['stock', 'receipts'], '/stock/receipts', {
    supplier_id: values.supplier_id,
  });
  const filters: readonly Filter[] = [
    {
      id: 'supplier_id',
      kind: 'choice',
      name: t('receive.supplier'),
      options: suppliers.map((s) => ({ value: s.id, label: s.name })),
    },
  ];
  const columns = useMemo<readonly Column<StockReceiptSummaryJson>[]>(
    () => [
      { id: 'reference', header: t('receive.reference'), width: 160, grow: 1, cell: (r) => r.reference || '—' },
      { id: 'supplier', header: t('receive.supplier'), width: 180, grow: 2, cell: (r) => r.supplier_name ?? '—' },
      { id: 'location', header: t('sale.location'), width: 140, grow: 1, priority: 3, cell: (r) => r.location_name },
      { id: 'at', header: t('sale.when'), width: 130, priority: 1, cell: (r) => <RelativeDate value={r.at} /> },
      {
        id: 'lines',
        header: t('sale.lines'),
        width: 80,
        align: 'end',
        priority: 2,
        cell: (r) => format.number(r.line_count),
      },
      {
        id: 'cost',
        header: t('receive.total'),
        width: 130,
        align: 'end',
        cell: (r) => <Money value={r.cost} strong />,
      },
    ],
    [t, format],
  );
  return (
    <>
      <Page wide>
        <PageHeader
          title={t('stock.title')}
          purpose={t('stock.receiptsPurpose')}
          actions={<Documents />}
          primary={<ReceiveButton />}
        />
        <StockTabs />
        <DataTable
          label={t('stock.receipts')}
          storageKey="stock-receipts"
          rowId={(r) => r.id}
          columns={columns}
          list={(r) => ({
            title: r.supplier_name ?? t('receive.noSupplier'),
            subtitle: `${r.reference || '—'} · ${t('stock.lineCount', { count: r.line_count })}`,
            trailing: <Money value={r.cost} strong />,
            below: <RelativeDate value={r.at} />,
          })}
          rowHref={(r) => panel.href(r.id)}
          onOpen={(r) => panel.open(r.id)}
          openId={receiptId}
          toolbar={<FilterChips filters={filters} values={values} onChange={set} />}
          {...list}
          empty={
            <EmptyState
              icon={IconTruckDelivery}
              title={t('receive.noReceipts')}
              hint={t('receive.noReceiptsHint')}
              action={<ReceiveButton />}
            />
          }
        />
      </Page>
      <Outlet />
    </>
  );
}

export function StockReceiptPanel() {
  const { receiptId = '' } = useParams();
  const { t } = useTranslation();
  const panel = usePanelNavigation('/stock-receipts');
  const { data, failure, onRetry } = useOne<StockReceiptDetailJson>(
    ['stock', 'receipt'],
    `/stock/receipts/${receiptId}`,
  );
  if (!data) {
    return (
      <SidePanel title={t('receive.one')} onClose={panel.close}>
        {failure ? <ErrorState failure={failure} onRetry={onRetry} /> : <PanelSkeleton />}
      </SidePanel>
    );
  }
  return (
    <SidePanel
      title={data.supplier_name ?? t('receive.one')}
      subtitle={
        <>
          {data.reference ? `${data.reference} · ` : ''}
          <DateText value={data.at} style="datetime" />
        </>
      }
      onClose={panel.close}
    >
      <PanelPart>
        <Facts
          items={[
            [t('receive.to'), data.location_name],
            [t('receive.total'), <Money key="c" value={data.cost} strong />],
          ]}
        />
      </PanelPart>
      <PanelPart title={t('receive.lines')}>
        <table className={shared.lines}>
          <thead>
            <tr>
              <th>{t('product.one')}</th>
              <th data-end>{t('stock.quantity')}</th>
              <th data-end>{t('receive.cost')}</th>
            </tr>
          </thead>
          <tbody>
            {data.lines.map((l) => (
              <tr key={l.variant_id}>
                <td>
                  <Link to={`/products/${l.product_id}`} style={{ color: 'inherit' }}>
                    {withVariant(l.product_name, l.variant_name)}
                  </Link>
                  <div className={shared.soft}>{l.sku}</div>
                </td>
                <td data-end>
                  <Quantity value={l.quantity} />
                </td>
                <td data-end>
                  <Money value={l.unit_cost} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </PanelPart>
      <SubjectHistory noun="stock" subject={data.id} />
    </SidePanel>
  );
}
