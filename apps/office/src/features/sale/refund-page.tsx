/** One refund by its own address: receipts and the journal lead here. */

import { Button } from '@mantine/core';
import type { RefundJson } from '@mostrador/contract/sale';
import {
  DateText,
  ErrorState,
  Facts,
  Money,
  Page,
  PageHeader,
  PanelSkeleton,
  Quantity,
  Section,
  useFormat,
} from '@mostrador/ui';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useOne } from '../../api/hooks.js';
import shared from '../../shared/shared.module.css';
import { Trace } from '../../shared/trace.js';

export function RefundPage() {
  const { refundId = '' } = useParams();
  const { t } = useTranslation();
  const format = useFormat();
  const { data, failure, onRetry } = useOne<RefundJson>(['sale', 'refund'], `/refunds/${refundId}`);
  if (!data) {
    return (
      <Page>
        <Section>{failure ? <ErrorState failure={failure} onRetry={onRetry} /> : <PanelSkeleton />}</Section>
      </Page>
    );
  }
  const names = Object.fromEntries(data.lines.flatMap((l) => (l.variant_id ? [[l.variant_id, l.name]] : [])));
  return (
    <Page>
      <PageHeader
        title={t('refund.titleOf', { number: data.receipt_number })}
        purpose={data.reason}
        actions={
          data.sale_id ? (
            <Button component={Link} to={`/sales/${data.sale_id}`} variant="default">
              {t('refund.toSale')}
            </Button>
          ) : null
        }
      />
      <Section title={t('refund.lines')}>
        <table className={shared.lines}>
          <thead>
            <tr>
              <th>{t('refund.line')}</th>
              <th data-end>{t('refund.quantity')}</th>
              <th data-end>{t('refund.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {data.lines.map((line, index) => (
              <tr key={line.sale_line ?? `${line.sku}${index}`}>
                <td>
                  {line.name}
                  <div className={shared.soft}>{t(line.restock ? 'refund.toShelf' : 'refund.notToShelf')}</div>
                </td>
                <td data-end>
                  <Quantity value={line.quantity} />
                </td>
                <td data-end>
                  <Money value={line.total} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <Facts
          items={[
            [t('sale.when'), <DateText key="at" value={data.at} style="datetime" />],
            [t('sale.seller'), data.user_name || '—'],
            [t('sale.location'), data.location_name],
            ...data.taxes.map(
              (x) =>
                [
                  t('sale.tax', { rate: format.percent(x.tax_rate_bp) }),
                  <Money key={x.tax_rate_id} value={x.tax} />,
                ] as const,
            ),
            ...data.tenders.map((x) => [t(`sale.tender.${x.type}`), <Money key={x.type} value={x.amount} />] as const),
            [t('sale.total'), <Money key="total" value={data.total} strong />],
          ]}
        />
      </Section>
      <Section title={t('sale.trace')}>
        <Trace transfers={data.transfers} names={names} />
      </Section>
    </Page>
  );
}
