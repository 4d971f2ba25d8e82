/** One variant's stock: how much at each place, adjusting it, writing off, when to reorder, and the last movements. */

import { ActionIcon, Button, Menu } from '@mantine/core';
import type { Page } from '@mostrador/contract';
import type { StockLevelJson, StockMovementJson } from '@mostrador/contract/stock';
import {
  ErrorState,
  PanelPart,
  PanelSkeleton,
  Quantity,
  QuantityField,
  RelativeDate,
  SidePanel,
  toastDone,
} from '@mostrador/ui';
import { IconDots, IconPlusMinus, IconTag, IconTrash, IconTruckDelivery } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { request } from '../../api/client.js';
import { useCommand, useOne, useSession } from '../../api/hooks.js';
import { usePanelNavigation } from '../../shared/address.js';
import shared from '../../shared/shared.module.css';
import { withVariant } from '../../shared/text.js';
import { AdjustForm } from './adjust-form.js';
import { StateBadge } from './parts.js';

export function StockPanel() {
  const { variantId = '' } = useParams();
  const { t } = useTranslation();
  const panel = usePanelNavigation('/stock');
  const { data, failure, onRetry } = useOne<Page<StockLevelJson>>(['stock'], '/stock', { variant_id: variantId });
  const first = data?.data[0];
  if (data && first) return <Open key={variantId} levels={data.data} first={first} onClose={panel.close} />;
  return (
    <SidePanel title={t('stock.title')} onClose={panel.close}>
      {failure || data ? <ErrorState failure={failure ?? { kind: 'missing' }} onRetry={onRetry} /> : <PanelSkeleton />}
    </SidePanel>
  );
}

interface OpenProps {
  readonly levels: readonly StockLevelJson[];
  readonly first: StockLevelJson;
  readonly onClose: () => void;
}

function Open({ levels, first, onClose }: OpenProps) {
  const { t } = useTranslation();
  const { can } = useSession();
  const navigate = useNavigate();
  const [form, setForm] = useState<'adjust' | 'write_off' | null>(null);
  const unit = first.sales_unit;
  const total = levels.reduce((sum, l) => sum + Math.round(l.on_hand * 1000), 0) / 1000;
  return (
    <SidePanel
      title={withVariant(first.product_name, first.variant_name)}
      subtitle={first.sku}
      onClose={onClose}
      actions={
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label={t('more')}>
              <IconDots size={20} stroke={1.5} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconTag size={18} stroke={1.5} />}
              onClick={() => navigate(`/products/${first.product_id}`)}
            >
              {t('stock.seeProduct')}
            </Menu.Item>
            {can('stock.write') ? (
              <Menu.Item leftSection={<IconTrash size={18} stroke={1.5} />} onClick={() => setForm('write_off')}>
                {t('stock.writeOff')}
              </Menu.Item>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      }
      footer={
        can('stock.write') ? (
          <>
            <Button
              variant="default"
              leftSection={<IconPlusMinus size={18} stroke={1.5} />}
              onClick={() => setForm('adjust')}
            >
              {t('stock.adjust')}
            </Button>
            <Button
              component={Link}
              to={`/stock-receive?variant=${first.variant_id}`}
              leftSection={<IconTruckDelivery size={18} stroke={1.5} />}
            >
              {t('stock.receive')}
            </Button>
          </>
        ) : undefined
      }
    >
      <PanelPart title={t('stock.where')}>
        <table className={shared.lines}>
          <thead>
            <tr>
              <th>{t('sale.location')}</th>
              <th data-end>{t('stock.onHand')}</th>
              <th data-end>{t('stock.reserved')}</th>
              <th data-end>{t('stock.available')}</th>
            </tr>
          </thead>
          <tbody>
            {levels.map((l) => (
              <tr key={l.location_id}>
                <td>
                  {l.location_name} <StateBadge state={l.state} />
                </td>
                <td data-end>
                  <Quantity value={l.on_hand} unit={unit} />
                </td>
                <td data-end>
                  <Quantity value={l.reserved} unit={unit} />
                </td>
                <td data-end>
                  <Quantity value={l.available} unit={unit} strong />
                </td>
              </tr>
            ))}
          </tbody>
          {levels.length > 1 ? (
            <tfoot>
              <tr>
                <td>{t('stock.total')}</td>
                <td data-end>
                  <Quantity value={total} unit={unit} />
                </td>
                <td />
                <td />
              </tr>
            </tfoot>
          ) : null}
        </table>
      </PanelPart>
      {can('stock.write') ? <Threshold level={first} /> : null}
      <Movements variantId={first.variant_id} unit={unit} />
      {form ? <AdjustForm kind={form} levels={levels} onClose={() => setForm(null)} /> : null}
    </SidePanel>
  );
}

function Threshold({ level }: { readonly level: StockLevelJson }) {
  const { t } = useTranslation();
  const [point, setPoint] = useState<number | null>(level.reorder_point);
  const save = useCommand(
    () => request('PUT', '/stock/thresholds', { body: { variant_id: level.variant_id, reorder_point: point } }),
    { renews: ['stock', 'dashboard'], onDone: () => toastDone(t('saved')) },
  );
  return (
    <PanelPart title={t('stock.reorderTitle')}>
      <div className={shared.between} style={{ alignItems: 'flex-end' }}>
        <QuantityField
          label={t('stock.reorderLabel')}
          value={point}
          unit={level.sales_unit}
          onChange={setPoint}
          wrong={t('defect.number')}
        />
        {point !== level.reorder_point ? (
          <Button variant="default" loading={save.isPending} onClick={() => save.mutate(undefined)}>
            {t('save')}
          </Button>
        ) : null}
      </div>
    </PanelPart>
  );
}

function Movements({ variantId, unit }: { readonly variantId: string; readonly unit: string }) {
  const { t } = useTranslation();
  const { data, failure, onRetry } = useOne<Page<StockMovementJson>>(['stock', 'recent'], '/stock/movements', {
    variant_id: variantId,
    limit: 12,
  });
  return (
    <PanelPart
      title={t('stock.movements')}
      action={<Link to={`/stock-movements?variant_id=${variantId}`}>{t('history.all')}</Link>}
    >
      {failure ? <ErrorState small failure={failure} onRetry={onRetry} /> : null}
      {data?.data.length === 0 ? <p className={shared.soft}>{t('stock.noMovements')}</p> : null}
      {data && data.data.length > 0 ? (
        <table className={shared.lines}>
          <thead>
            <tr>
              <th>{t('stock.causeName')}</th>
              <th data-end>{t('stock.change')}</th>
              <th data-end>{t('stock.balance')}</th>
            </tr>
          </thead>
          <tbody>
            {data.data.map((m) => (
              <tr key={`${m.seq}/${m.n}/${m.location_id}`}>
                <td>
                  {t(`stock.cause.${m.cause}`)}
                  <div className={shared.soft}>
                    <RelativeDate value={m.at} />
                    {m.reference || m.reason ? ` · ${m.reference || m.reason}` : ''}
                  </div>
                </td>
                <td data-end>
                  <Quantity value={m.quantity} unit={unit} signed />
                </td>
                <td data-end>
                  {m.balance_after === null ? '—' : <Quantity value={m.balance_after} unit={unit} strong />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </PanelPart>
  );
}
