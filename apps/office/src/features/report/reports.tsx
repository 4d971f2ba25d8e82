/** The reports, side by side; what is chosen stands in the address. */
import { type Filter, FilterChips, Page, PageHeader } from '@mostrador/ui';
import { useTranslation } from 'react-i18next';
import { Navigate, useParams } from 'react-router';
import { useLocations } from '../../api/nouns.js';
import { useAddress } from '../../shared/address.js';
import { useChosenLocation } from '../../shared/chosen-location.js';
import { spanOf, useDaysFilter, useToday } from '../../shared/days.js';
import { type Tab, Tabs } from '../../shared/tabs.js';
import { BestSellers } from './best-sellers.js';
import { LowStock } from './low-stock.js';
import { Margins } from './margins.js';
import type { ReportQuery } from './query.js';
import { SalesReport } from './sales-report.js';
import { TaxReport } from './tax-report.js';

const REPORTS = ['sales', 'tax', 'best-sellers', 'margins', 'low-stock'] as const;
const TABS: readonly Tab[] = REPORTS.map((r) => ({ to: `/reports/${r}`, label: `report.${r}` }));

export function Reports() {
  const { report } = useParams();
  const { t } = useTranslation();
  const { values, set } = useAddress();
  const locations = useLocations();
  const chosen = useChosenLocation();
  const days = useDaysFilter();
  const today = useToday();
  const [first, last] = spanOf('month', today);
  const shown = { from: first, to: last, ...values };
  const query: ReportQuery = { from: shown.from, to: shown.to, location_id: values.location_id ?? chosen };
  if (!REPORTS.some((r) => r === report)) return <Navigate to="/reports/sales" replace />;

  const filters: readonly Filter[] = [
    ...(report === 'low-stock' ? [] : [{ ...days, fixed: true } as Filter]),
    ...(locations.length > 1
      ? [
          {
            id: 'location_id',
            kind: 'choice',
            name: t('sale.location'),
            options: locations.map((l) => ({ value: l.id, label: l.name })),
          } as const,
        ]
      : []),
  ];
  return (
    <Page wide>
      <PageHeader title={t('report.title')} purpose={t(`report.purpose.${report}`)} />
      <Tabs tabs={TABS} label={t('report.title')} />
      {filters.length > 0 ? (
        <FilterChips filters={filters} values={{ ...values, from: shown.from, to: shown.to }} onChange={set} />
      ) : null}
      {report === 'sales' ? <SalesReport query={query} /> : null}
      {report === 'tax' ? <TaxReport query={query} /> : null}
      {report === 'best-sellers' ? <BestSellers query={query} /> : null}
      {report === 'margins' ? <Margins query={query} /> : null}
      {report === 'low-stock' ? <LowStock locationId={query.location_id} /> : null}
    </Page>
  );
}
