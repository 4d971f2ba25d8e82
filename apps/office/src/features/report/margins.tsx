/** What is earned, by category or by product, of what has a known cost. */

import { SegmentedControl } from '@mantine/core';
import type { MarginsJson } from '@mostrador/contract/report';
import { BarList, currencyDigits, EmptyState, Money, Quantity, Section, useFormat } from '@mostrador/ui';
import { IconScale } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useOne } from '../../api/hooks.js';
import { useAddress } from '../../shared/address.js';
import { plainAmount } from '../../shared/csv.js';
import { Loaded, ReportTable } from './parts.js';
import type { ReportQuery } from './query.js';

export function Margins({ query }: { readonly query: ReportQuery }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { values, set } = useAddress();
  const group = values.group === 'product' ? 'product' : 'category';
  const digits = currencyDigits(format.settings.currency);
  const state = useOne<MarginsJson>(['dashboard', 'report'], '/reports/margins', { ...query, group }, { keep: true });
  return (
    <Loaded state={state}>
      {(data) =>
        data.data.length === 0 ? (
          <Section>
            <EmptyState icon={IconScale} title={t('report.noSales')} hint={t('report.noSalesHint')} />
          </Section>
        ) : (
          <>
            <Section
              title={t('report.marginTitle')}
              hint={t('report.marginHint')}
              action={
                <SegmentedControl
                  size="xs"
                  aria-label={t('report.group')}
                  value={group}
                  onChange={(v) => set({ group: v === 'product' ? 'product' : '' })}
                  data={(['category', 'product'] as const).map((g) => ({ value: g, label: t(`report.groups.${g}`) }))}
                />
              }
            >
              <BarList
                items={[...data.data]
                  .sort((a, b) => b.margin.amount - a.margin.amount)
                  .slice(0, 12)
                  .map((m) => ({
                    id: m.id ?? 'none',
                    label: m.name || t('product.noCategory'),
                    value: m.margin.amount,
                    text: (
                      <>
                        <Money value={m.margin} style="round" />
                        {m.margin_bp === null ? '' : ` · ${format.percent(m.margin_bp, 0)}`}
                      </>
                    ),
                  }))}
              />
            </Section>
            <ReportTable
              title={t('report.table')}
              file={`${t('report.margins')} ${query.from} ${query.to}`}
              rows={data.data}
              rowId={(m) => m.id ?? 'none'}
              lag={data.lag}
              empty={null}
              columns={[
                {
                  id: 'name',
                  header: t(`report.groups.${group}`),
                  cell: (m) => m.name || t('product.noCategory'),
                  plain: (m) => m.name,
                },
                {
                  id: 'quantity',
                  header: t('stock.quantity'),
                  end: true,
                  cell: (m) => <Quantity value={m.quantity} />,
                  plain: (m) => m.quantity,
                },
                {
                  id: 'net',
                  header: t('report.withoutTax'),
                  end: true,
                  cell: (m) => <Money value={m.net} />,
                  plain: (m) => plainAmount(m.net.amount, digits),
                },
                {
                  id: 'cost',
                  header: t('report.cost'),
                  end: true,
                  cell: (m) => <Money value={m.cost} />,
                  plain: (m) => plainAmount(m.cost.amount, digits),
                },
                {
                  id: 'margin',
                  header: t('report.margin'),
                  end: true,
                  cell: (m) => <Money value={m.margin} strong />,
                  plain: (m) => plainAmount(m.margin.amount, digits),
                },
                {
                  id: 'bp',
                  header: '%',
                  end: true,
                  cell: (m) => (m.margin_bp === null ? '—' : format.percent(m.margin_bp, 1)),
                  plain: (m) => (m.margin_bp === null ? null : m.margin_bp / 100),
                },
                {
                  id: 'costed',
                  header: t('report.costed'),
                  end: true,
                  cell: (m) => format.percent(m.costed_bp, 0),
                  plain: (m) => m.costed_bp / 100,
                },
              ]}
            />
          </>
        )
      }
    </Loaded>
  );
}
