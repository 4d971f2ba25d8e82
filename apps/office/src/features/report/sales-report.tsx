/** Sales over time: by hour, day or month, as a plot and as a table. */

import { SegmentedControl } from '@mantine/core';
import type { SalesReportJson } from '@mostrador/contract/report';
import { currencyDigits, EmptyState, Money, Section, StatTile, useFormat } from '@mostrador/ui';
import { BarPlot } from '@mostrador/ui/plots';
import { IconChartBar } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useOne } from '../../api/hooks.js';
import { useAddress } from '../../shared/address.js';
import { plainAmount } from '../../shared/csv.js';
import { Loaded, ReportTable } from './parts.js';
import type { ReportQuery } from './query.js';
import classes from './report.module.css';

type Group = 'hour' | 'day' | 'month';

/** Hours for a few days, days for a few months, else months. */
export function fittingGroup(from: string, to: string): Group {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  return days <= 2 ? 'hour' : days <= 100 ? 'day' : 'month';
}

export function SalesReport({ query }: { readonly query: ReportQuery }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { values, set } = useAddress();
  const group = (values.group as Group | undefined) ?? fittingGroup(query.from, query.to);
  const state = useOne<SalesReportJson>(['dashboard', 'report'], '/reports/sales', { ...query, group }, { keep: true });
  const { currency } = format.settings;
  const digits = currencyDigits(currency);
  const money = (amount: number) => format.money({ amount, currency });

  /** `2026-11-22T14`, `2026-11-22` or `2026-11` in words. */
  const label = (period: string) => {
    const [date = '', hour] = period.split('T');
    const at = Date.parse(`${date.length === 7 ? `${date}-01` : date}T12:00:00Z`);
    const options: Intl.DateTimeFormatOptions =
      date.length === 7 ? { month: 'short', year: '2-digit' } : { weekday: 'short', day: 'numeric', month: 'short' };
    const day = new Intl.DateTimeFormat(format.locale, { ...options, timeZone: 'UTC' }).format(at);
    return hour === undefined ? day : query.from === query.to ? `${hour} h` : `${day}, ${hour} h`;
  };
  const short = (period: string) => {
    const [date = '', hour] = period.split('T');
    if (hour !== undefined || date.length === 7) return label(period);
    return new Intl.DateTimeFormat(format.locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
      Date.parse(`${date}T12:00:00Z`),
    );
  };

  return (
    <Loaded state={state} tiles={4}>
      {(data) => {
        const { total } = data;
        const none = total.tickets === 0 && total.refund_count === 0;
        const rows = none
          ? []
          : group === 'hour'
            ? data.data.filter((r) => r.tickets > 0 || r.refund_count > 0)
            : data.data;
        return (
          <>
            <div className={classes.tiles}>
              <StatTile label={t('report.salesTotal')} value={<Money value={total.sales} style="round" />} />
              <StatTile label={t('report.tickets')} value={format.number(total.tickets)} />
              <StatTile label={t('report.average')} value={<Money value={total.average} style="round" />} />
              <StatTile
                label={t('report.margin')}
                value={total.margin_bp === null ? '—' : format.percent(total.margin_bp, 1)}
              />
            </div>
            <Section
              title={t('report.salesPlot')}
              action={
                <SegmentedControl
                  size="xs"
                  aria-label={t('report.group')}
                  value={group}
                  onChange={(v) => set({ group: v })}
                  data={(['hour', 'day', 'month'] as const).map((g) => ({ value: g, label: t(`report.groups.${g}`) }))}
                />
              }
            >
              {none ? (
                <EmptyState icon={IconChartBar} title={t('report.noSales')} hint={t('report.noSalesHint')} />
              ) : (
                <BarPlot
                  caption={t('report.salesPlot')}
                  points={data.data.map((r) => ({ label: short(r.period), values: { sales: r.sales.amount } }))}
                  series={[{ key: 'sales', name: t('report.sales'), tone: 'green' }]}
                  format={money}
                  axis={(amount) => format.money({ amount, currency }, 'compact')}
                />
              )}
            </Section>
            <ReportTable
              title={t('report.table')}
              file={`${t('report.sales')} ${query.from} ${query.to}`}
              rows={rows}
              rowId={(r) => r.period}
              lag={data.lag}
              empty={<EmptyState small title={t('report.noSales')} />}
              total={[
                t('stock.total'),
                format.number(total.tickets),
                <Money key="g" value={total.gross} />,
                <Money key="r" value={{ ...total.refunds, amount: -total.refunds.amount }} />,
                <Money key="s" value={total.sales} />,
                <Money key="t" value={total.tax} />,
                <Money key="m" value={total.margin} />,
              ]}
              columns={[
                { id: 'period', header: t('report.period'), cell: (r) => label(r.period), plain: (r) => r.period },
                {
                  id: 'tickets',
                  header: t('report.tickets'),
                  end: true,
                  cell: (r) => format.number(r.tickets),
                  plain: (r) => r.tickets,
                },
                {
                  id: 'gross',
                  header: t('report.gross'),
                  end: true,
                  cell: (r) => <Money value={r.gross} />,
                  plain: (r) => plainAmount(r.gross.amount, digits),
                },
                {
                  id: 'refunds',
                  header: t('report.refunds'),
                  end: true,
                  cell: (r) => <Money value={{ ...r.refunds, amount: -r.refunds.amount }} />,
                  plain: (r) => plainAmount(-r.refunds.amount, digits),
                },
                {
                  id: 'sales',
                  header: t('report.net'),
                  end: true,
                  cell: (r) => <Money value={r.sales} strong />,
                  plain: (r) => plainAmount(r.sales.amount, digits),
                },
                {
                  id: 'tax',
                  header: t('report.taxIn'),
                  end: true,
                  cell: (r) => <Money value={r.tax} />,
                  plain: (r) => plainAmount(r.tax.amount, digits),
                },
                {
                  id: 'margin',
                  header: t('report.margin'),
                  end: true,
                  cell: (r) => <Money value={r.margin} />,
                  plain: (r) => plainAmount(r.margin.amount, digits),
                },
              ]}
            />
          </>
        );
      }}
    </Loaded>
  );
}
