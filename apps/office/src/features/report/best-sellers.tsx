/** What sells best, by money, by quantity or by what is earned on it. */

import { SegmentedControl } from '@mantine/core';
import type { BestSellersJson } from '@mostrador/contract/report';
import { BarList, currencyDigits, EmptyState, Money, Quantity, Section, useFormat } from '@mostrador/ui';
import { IconTrophy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useOne } from '../../api/hooks.js';
import { useAddress } from '../../shared/address.js';
import { plainAmount } from '../../shared/csv.js';
import { Picture } from '../../shared/picture.js';
import shared from '../../shared/shared.module.css';
import { withVariant } from '../../shared/text.js';
import { Loaded, ReportTable } from './parts.js';
import type { ReportQuery } from './query.js';

type Order = 'sales' | 'quantity' | 'margin';

export function BestSellers({ query }: { readonly query: ReportQuery }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { values, set } = useAddress();
  const order = (values.order as Order | undefined) ?? 'sales';
  const digits = currencyDigits(format.settings.currency);
  const state = useOne<BestSellersJson>(
    ['dashboard', 'report'],
    '/reports/best-sellers',
    { ...query, order, limit: 50 },
    { keep: true },
  );
  return (
    <Loaded state={state}>
      {(data) =>
        data.data.length === 0 ? (
          <Section>
            <EmptyState icon={IconTrophy} title={t('report.noSales')} hint={t('report.noSalesHint')} />
          </Section>
        ) : (
          <>
            <Section
              title={t('report.topTen')}
              action={
                <SegmentedControl
                  size="xs"
                  aria-label={t('report.order')}
                  value={order}
                  onChange={(v) => set({ order: v })}
                  data={(['sales', 'quantity', 'margin'] as const).map((o) => ({
                    value: o,
                    label: t(`report.orders.${o}`),
                  }))}
                />
              }
            >
              <BarList
                items={data.data.slice(0, 10).map((b) => ({
                  id: `${b.product_id}/${b.variant_id}`,
                  label: withVariant(b.name, b.variant_name),
                  value:
                    order === 'sales' ? b.sales.amount : order === 'quantity' ? b.quantity : (b.margin?.amount ?? 0),
                  text:
                    order === 'quantity' ? (
                      <Quantity value={b.quantity} unit={b.sales_unit} />
                    ) : (
                      <Money value={order === 'sales' ? b.sales : b.margin} style="round" />
                    ),
                }))}
                onOpen={(item) => navigate(`/products/${item.id.split('/')[0]}`)}
              />
            </Section>
            <ReportTable
              title={t('report.table')}
              file={`${t('report.best-sellers')} ${query.from} ${query.to}`}
              rows={data.data}
              rowId={(b) => b.variant_id}
              lag={data.lag}
              empty={null}
              columns={[
                {
                  id: 'name',
                  header: t('product.one'),
                  cell: (b) => (
                    <span className={shared.withPicture}>
                      <Picture url={b.picture_url} size={32} />
                      <Link to={`/products/${b.product_id}`} style={{ color: 'inherit' }}>
                        {withVariant(b.name, b.variant_name)}
                      </Link>
                    </span>
                  ),
                  plain: (b) => withVariant(b.name, b.variant_name),
                },
                {
                  id: 'quantity',
                  header: t('stock.quantity'),
                  end: true,
                  cell: (b) => <Quantity value={b.quantity} unit={b.sales_unit} />,
                  plain: (b) => b.quantity,
                },
                {
                  id: 'sales',
                  header: t('report.sales'),
                  end: true,
                  cell: (b) => <Money value={b.sales} strong />,
                  plain: (b) => plainAmount(b.sales.amount, digits),
                },
                {
                  id: 'net',
                  header: t('report.withoutTax'),
                  end: true,
                  cell: (b) => <Money value={b.net} />,
                  plain: (b) => plainAmount(b.net.amount, digits),
                },
                {
                  id: 'margin',
                  header: t('report.margin'),
                  end: true,
                  cell: (b) => <Money value={b.margin} />,
                  plain: (b) => (b.margin ? plainAmount(b.margin.amount, digits) : null),
                },
                {
                  id: 'margin_bp',
                  header: '%',
                  end: true,
                  cell: (b) => (b.margin_bp === null ? '—' : format.percent(b.margin_bp, 1)),
                  plain: (b) => (b.margin_bp === null ? null : b.margin_bp / 100),
                },
              ]}
            />
          </>
        )
      }
    </Loaded>
  );
}
