/** The first page: what waits for a person, today against the same day last week, and what has just happened. */

import { Button } from '@mantine/core';
import type { DashboardJson } from '@mostrador/contract/report';
import {
  BarList,
  EmptyState,
  ErrorState,
  HeatMap,
  Money,
  Page,
  PageHeader,
  Quantity,
  Section,
  SectionsSkeleton,
  StatTile,
  useFormat,
} from '@mostrador/ui';
import { LinePlot } from '@mostrador/ui/plots';
import { IconConfetti, IconReceipt, IconTruckDelivery } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useOne, useSession } from '../../api/hooks.js';
import { useChosenLocation } from '../../shared/chosen-location.js';
import { LagNote } from '../../shared/lag-note.js';
import { withVariant } from '../../shared/text.js';
import { AttentionList } from './attention-list.js';
import classes from './dashboard.module.css';
import { Feed } from './feed.js';

const REFRESH_MS = 20_000;

/** Change in basis points; null when there is nothing to compare with. */
function change(now: number, before: number): number | null {
  return before === 0 ? null : Math.round(((now - before) / Math.abs(before)) * 10_000);
}

export function Dashboard() {
  const { t } = useTranslation();
  const { can, user } = useSession();
  const location = useChosenLocation();
  const { data, failure, onRetry } = useOne<DashboardJson>(
    ['dashboard'],
    '/reports/dashboard',
    location ? { location_id: location } : {},
    { refetchMs: REFRESH_MS, keep: true, enabled: can('report.read') },
  );
  if (!can('report.read')) return <Welcome name={user.name} />;
  return (
    <Page>
      <PageHeader title={t('dashboard.title')} purpose={t('dashboard.purpose')} />
      {failure ? (
        <Section>
          <ErrorState failure={failure} onRetry={onRetry} />
        </Section>
      ) : data ? (
        <Full data={data} />
      ) : (
        <SectionsSkeleton tiles={4} heights={[240, 180]} />
      )}
    </Page>
  );
}

/** For roles that see no reports. */
function Welcome({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  return (
    <Page>
      <PageHeader title={t('dashboard.hello', { name: name.split(' ')[0] })} purpose={t('dashboard.helloPurpose')} />
      <Section>
        <EmptyState
          icon={IconReceipt}
          title={t('dashboard.noReports')}
          hint={t('dashboard.noReportsHint')}
          action={
            <Button component={Link} to="/products">
              {t('dashboard.toProducts')}
            </Button>
          }
        />
      </Section>
    </Page>
  );
}

function Full({ data }: { readonly data: DashboardJson }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const format = useFormat();
  const navigate = useNavigate();
  const { today, last_week: before, days, currency } = data;
  const day = `/reports/sales?from=${data.day}&to=${data.day}&group=hour`;
  const open = (to: string) => ({ href: `/office${to}`, onOpen: () => void navigate(to) });
  const against = t('dashboard.against', { day: format.date(`${data.day}T12:00:00Z`, 'weekday') });
  const averages = days.map((d) => (d.tickets ? d.sales.amount / d.tickets : 0));

  const busy = data.hours.filter((h) => h.last_week.tickets > 0 || (h.today?.tickets ?? 0) > 0).map((h) => h.hour);
  const reached = data.hours.filter((h) => h.today).length - 1;
  const firstHour = Math.max(0, Math.min(8, reached - 1, ...busy));
  const quiet = days.every((d) => d.tickets === 0) && data.last_week_whole.tickets === 0;
  let soldToday = 0;
  let soldBefore = 0;
  const points = data.hours.slice(firstHour).map((h) => {
    soldToday += h.today?.sales.amount ?? 0;
    soldBefore += h.last_week.sales.amount;
    return {
      label: `${String(h.hour).padStart(2, '0')} h`,
      values: { today: h.today ? soldToday : null, before: soldBefore },
    };
  });
  const money = (amount: number) => format.money({ amount, currency });
  const short = (amount: number) => format.money({ amount, currency }, 'compact');

  return (
    <>
      {data.attention.length > 0 ? <AttentionList items={data.attention} /> : null}
      <div className={classes.tiles}>
        <StatTile
          label={t('dashboard.sales')}
          value={<Money value={today.sales} style="round" />}
          changeBp={change(today.sales.amount, before.sales.amount)}
          against={against}
          spark={days.map((d) => d.sales.amount)}
          {...open(day)}
        />
        <StatTile
          label={t('dashboard.tickets')}
          value={format.number(today.tickets)}
          changeBp={change(today.tickets, before.tickets)}
          against={against}
          spark={days.map((d) => d.tickets)}
          {...open(`/sales?from=${data.day}&to=${data.day}`)}
        />
        <StatTile
          label={t('dashboard.average')}
          value={<Money value={today.average} style="round" />}
          changeBp={change(today.average?.amount ?? 0, before.average?.amount ?? 0)}
          against={against}
          spark={averages}
          {...open(day)}
        />
        <StatTile
          label={t('dashboard.margin')}
          value={today.margin_bp === null ? '—' : format.percent(today.margin_bp, 1)}
          changeBp={change(today.margin.amount, before.margin.amount)}
          against={against}
          spark={days.map((d) => d.margin.amount)}
          {...open('/reports/margins')}
        />
      </div>
      <div className={classes.columns}>
        <div className={classes.stack}>
          <Section title={t('dashboard.race')} hint={t('dashboard.raceHint')} action={<LagNote lag={data.lag} />}>
            {quiet ? (
              <FirstSteps />
            ) : (
              <LinePlot
                caption={t('dashboard.race')}
                points={points}
                series={[
                  { key: 'before', name: t('dashboard.weekAgo'), tone: 'soft' },
                  { key: 'today', name: t('dashboard.today'), tone: 'green' },
                ]}
                format={money}
                axis={short}
                height={240}
              />
            )}
          </Section>
          <Section title={t('dashboard.heat')} hint={t('dashboard.heatHint')}>
            <Heat data={data} />
          </Section>
          <div className={classes.pair}>
            <Section
              title={t('dashboard.best')}
              hint={t('dashboard.bestHint')}
              action={<More to="/reports/best-sellers" label={t('dashboard.all')} />}
            >
              {data.best_sellers.length === 0 ? (
                <EmptyState small title={t('dashboard.noBest')} hint={t('dashboard.noBestHint')} />
              ) : (
                <BarList
                  items={data.best_sellers.slice(0, 6).map((b) => ({
                    id: b.product_id,
                    label: withVariant(b.name, b.variant_name),
                    value: b.sales.amount,
                    text: <Money value={b.sales} style="round" />,
                  }))}
                  onOpen={(item) => navigate(`/products/${item.id}`)}
                />
              )}
            </Section>
            <Section
              title={t('dashboard.low')}
              hint={t('dashboard.lowHint')}
              action={<More to="/reports/low-stock" label={t('dashboard.all')} />}
            >
              {data.running_low.length === 0 ? (
                <EmptyState small icon={IconConfetti} title={t('dashboard.noLow')} hint={t('dashboard.noLowHint')} />
              ) : (
                <ul className={classes.low}>
                  {data.running_low.slice(0, 5).map((row) => (
                    <li key={`${row.variant_id}${row.location_id}`}>
                      <div className={classes.lowWords}>
                        <Link to={`/stock/${row.variant_id}`}>{withVariant(row.name, row.variant_name)}</Link>
                        <span>
                          {row.days_left === null
                            ? t('dashboard.notSelling')
                            : t('dashboard.daysLeft', { count: Math.floor(row.days_left) })}
                        </span>
                      </div>
                      <span className={classes.lowState} data-state={row.state}>
                        <Quantity value={row.available} unit={row.sales_unit} strong />
                      </span>
                      {can('stock.write') ? (
                        <Button
                          component={Link}
                          to={`/stock-receive?variant=${row.variant_id}`}
                          variant="default"
                          size="compact-sm"
                          leftSection={<IconTruckDelivery size={15} stroke={1.5} />}
                        >
                          {t('dashboard.order')}
                        </Button>
                      ) : null}
                    </li>
                  ))}
                </ul>
              )}
            </Section>
          </div>
        </div>
        {can('journal.read') ? (
          <Section
            title={t('dashboard.feed')}
            hint={t('dashboard.feedHint')}
            action={<More to="/journal" label={t('dashboard.all')} />}
          >
            <Feed />
          </Section>
        ) : null}
      </div>
    </>
  );
}

/** A shop that has not sold yet: what to do first. */
function FirstSteps() {
  const { t } = useTranslation();
  const { can } = useSession();
  return (
    <EmptyState
      icon={IconReceipt}
      title={t('dashboard.first')}
      hint={t('dashboard.firstHint')}
      action={
        can('product.write') ? (
          <>
            <Button component={Link} to="/products/new">
              {t('palette.newProduct')}
            </Button>
            <Button component={Link} to="/imports/new" variant="default">
              {t('palette.import')}
            </Button>
          </>
        ) : null
      }
    />
  );
}

function More({ to, label }: { readonly to: string; readonly label: string }) {
  return (
    <Link to={to} className={classes.more}>
      {label}
    </Link>
  );
}

/** Weekdays by hour, from the first hour with a sale to the last. */
function Heat({ data }: { readonly data: DashboardJson }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { currency } = data;
  if (data.heat_map.length === 0)
    return <EmptyState small title={t('dashboard.noHeat')} hint={t('dashboard.noHeatHint')} />;
  const busy = data.heat_map.map((cell) => cell.hour);
  const from = Math.min(...busy);
  const to = Math.max(...busy);
  const hours = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  // 2024-01-01 was a Monday.
  const weekdays = [1, 2, 3, 4, 5, 6, 7].map((d) =>
    new Intl.DateTimeFormat(format.locale, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, d)),
  );
  const amount = new Map(data.heat_map.map((c) => [`${c.weekday}/${c.hour}`, c.sales.amount]));
  return (
    <HeatMap
      caption={t('dashboard.heat')}
      rows={weekdays}
      columns={hours.map((h) => `${h} h`)}
      values={weekdays.map((_, d) => hours.map((h) => amount.get(`${d + 1}/${h}`) ?? 0))}
      describe={(value) => format.money({ amount: value, currency }, 'round')}
      hint={t('dashboard.heatSay')}
    />
  );
}
