/** One sale: what was sold, how it was paid, what came back, and the ledger's trace of all of it. */

import { Button } from '@mantine/core';
import type { SaleJson } from '@mostrador/contract/sale';
import {
  DateText,
  ErrorState,
  Facts,
  Money,
  PanelPart,
  PanelSkeleton,
  Quantity,
  RelativeDate,
  SidePanel,
  useFormat,
  Why,
} from '@mostrador/ui';
import { IconArrowBackUp, IconPrinter } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { requestBlob } from '../../api/client.js';
import { useCommand, useOne, useSession } from '../../api/hooks.js';
import { usePanelNavigation } from '../../shared/address.js';
import shared from '../../shared/shared.module.css';
import { Trace } from '../../shared/trace.js';
import { StatusBadge, sellerName } from './list.js';
import { RefundForm } from './refund-form.js';
import classes from './sale.module.css';

export function SalePanel() {
  const { saleId = '' } = useParams();
  const { t } = useTranslation();
  const panel = usePanelNavigation('/sales');
  const { data, failure, onRetry } = useOne<SaleJson>(['sale'], `/sales/${saleId}`);
  if (data) return <Open key={data.id} sale={data} onClose={panel.close} />;
  return (
    <SidePanel title={t('sale.one')} onClose={panel.close}>
      {failure ? <ErrorState failure={failure} onRetry={onRetry} /> : <PanelSkeleton />}
    </SidePanel>
  );
}

function Open({ sale, onClose }: { readonly sale: SaleJson; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { can } = useSession();
  const format = useFormat();
  const [refunding, setRefunding] = useState(false);
  const actor = useCallback(
    (id: string) => t(`journal.actor.${id}`, { defaultValue: t('journal.actor.someone') }),
    [t],
  );
  const print = useCommand(
    () => requestBlob('GET', `/sales/${sale.id}/receipt`, { query: { format: 'pdf', locale: i18n.language } }),
    { renews: [], onDone: (blob) => void window.open(URL.createObjectURL(blob), '_blank') },
  );
  const names = Object.fromEntries(sale.lines.flatMap((l) => (l.variant_id ? [[l.variant_id, l.name]] : [])));

  return (
    <SidePanel
      title={t('sale.titleOf', { number: sale.receipt_number })}
      subtitle={
        <>
          <DateText value={sale.at} style="datetime" /> · {sellerName(sale, actor)} · {sale.location_name}
        </>
      }
      onClose={onClose}
      footer={
        <>
          <Button
            variant="default"
            leftSection={<IconPrinter size={18} stroke={1.5} />}
            loading={print.isPending}
            onClick={() => print.mutate(undefined)}
          >
            {t('sale.print')}
          </Button>
          {can('refund.write') && sale.refundable.amount > 0 ? (
            <Button
              color="brick"
              variant="light"
              leftSection={<IconArrowBackUp size={18} stroke={1.5} />}
              onClick={() => setRefunding(true)}
            >
              {t('sale.refund')}
            </Button>
          ) : null}
        </>
      }
    >
      <PanelPart>
        <div className={classes.total}>
          <Why label={t('sale.why')} value={<Money value={sale.total} />}>
            {() => (
              <div className={classes.trace}>
                <Trace transfers={sale.transfers} names={names} />
              </div>
            )}
          </Why>
          <StatusBadge status={sale.status} />
        </div>
        <ul className={classes.lines}>
          {sale.lines.map((line) => (
            <li key={line.index}>
              <div>
                {line.product_id ? <Link to={`/products/${line.product_id}`}>{line.name}</Link> : line.name}
                <small>
                  <Quantity value={line.quantity} /> × <Money value={line.unit_price} />
                  {line.refunded_quantity > 0
                    ? ` · ${t('sale.refundedOf', { quantity: format.quantity(line.refunded_quantity) })}`
                    : ''}
                </small>
                {line.discounts.map((d) => (
                  <small key={d.reason}>
                    {t('sale.discount', { reason: d.reason })} −{format.money(d.amount)}
                  </small>
                ))}
              </div>
              <Money value={line.total} />
            </li>
          ))}
        </ul>
        <Facts
          items={[
            [t('sale.net'), <Money key="net" value={sale.net} />],
            ...sale.taxes.map(
              (tax) =>
                [
                  t('sale.tax', { rate: format.percent(tax.tax_rate_bp) }),
                  <Money key={tax.tax_rate_id} value={tax.tax} />,
                ] as const,
            ),
            [<strong key="t">{t('sale.total')}</strong>, <Money key="total" value={sale.total} strong />],
          ]}
        />
      </PanelPart>
      <PanelPart title={t('sale.payment')}>
        <Facts
          items={[
            ...sale.tenders.map(
              (tender) => [t(`sale.tender.${tender.type}`), <Money key={tender.type} value={tender.amount} />] as const,
            ),
            ...(sale.change.amount > 0
              ? [[t('sale.change'), <Money key="change" value={sale.change} />] as const]
              : []),
          ]}
        />
      </PanelPart>
      {sale.refunds.length > 0 ? (
        <PanelPart title={t('sale.refunds')}>
          <ul className={shared.list}>
            {sale.refunds.map((refund) => (
              <li key={refund.id}>
                <span>
                  <Link to={`/refunds/${refund.id}`}>{refund.receipt_number}</Link> · {refund.reason} ·{' '}
                  <RelativeDate value={refund.at} />
                </span>
                <Money value={{ ...refund.total, amount: -refund.total.amount }} />
              </li>
            ))}
          </ul>
        </PanelPart>
      ) : null}
      <PanelPart title={t('sale.trace')} action={<Link to={`/journal/${sale.seq}`}>{t('sale.inJournal')}</Link>}>
        <Trace transfers={sale.transfers} names={names} />
      </PanelPart>
      {refunding ? <RefundForm sale={sale} onClose={() => setRefunding(false)} /> : null}
    </SidePanel>
  );
}
