/** Tax by rate: what was sold, what was given back, what is owed. */
import type { TaxReportJson } from '@mostrador/contract/report';
import { currencyDigits, EmptyState, Money, useFormat } from '@mostrador/ui';
import { IconReceiptTax } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useOne } from '../../api/hooks.js';
import { plainAmount } from '../../shared/csv.js';
import { Loaded, ReportTable } from './parts.js';
import type { ReportQuery } from './query.js';

export function TaxReport({ query }: { readonly query: ReportQuery }) {
  const { t } = useTranslation();
  const format = useFormat();
  const digits = currencyDigits(format.settings.currency);
  const state = useOne<TaxReportJson>(['dashboard', 'report'], '/reports/tax', { ...query }, { keep: true });
  const fields = ['sales_net', 'sales_tax', 'refunds_net', 'refunds_tax', 'net', 'tax'] as const;
  return (
    <Loaded state={state}>
      {(data) => (
        <ReportTable
          title={t('report.taxTitle')}
          file={`${t('report.tax')} ${query.from} ${query.to}`}
          rows={data.data}
          rowId={(r) => `${r.tax_rate_id}/${r.tax_rate_bp}`}
          lag={data.lag}
          empty={<EmptyState icon={IconReceiptTax} title={t('report.noSales')} hint={t('report.noSalesHint')} />}
          total={[t('stock.total'), '', ...fields.map((f) => <Money key={f} value={data.total[f]} />)]}
          columns={[
            { id: 'name', header: t('report.rate'), cell: (r) => r.name, plain: (r) => r.name },
            {
              id: 'bp',
              header: '%',
              end: true,
              cell: (r) => format.percent(r.tax_rate_bp),
              plain: (r) => r.tax_rate_bp / 100,
            },
            ...fields.map((f) => ({
              id: f,
              header: t(`report.taxField.${f}`),
              end: true,
              cell: (r: TaxReportJson['data'][number]) => <Money value={r[f]} strong={f === 'tax'} />,
              plain: (r: TaxReportJson['data'][number]) => plainAmount(r[f].amount, digits),
            })),
          ]}
        />
      )}
    </Loaded>
  );
}
