/** What the reports share: the frame with its four states, and the table that can be saved as a file. */

import { Button } from '@mantine/core';
import type { LagJson } from '@mostrador/contract/report';
import { ErrorState, type Failure, Section, SectionsSkeleton } from '@mostrador/ui';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Cell, csvOf, download } from '../../shared/csv.js';
import { LagNote } from '../../shared/lag-note.js';
import shared from '../../shared/shared.module.css';

export interface ReportState<T> {
  readonly data: T | undefined;
  readonly failure: Failure | undefined;
  readonly onRetry: () => void;
}

/** Draws a report when it is there, else says why not. */
export function Loaded<T>({
  state,
  tiles = 0,
  children,
}: {
  readonly state: ReportState<T>;
  /** How many tiles will stand on top. */
  readonly tiles?: number;
  readonly children: (data: T) => ReactNode;
}) {
  if (state.data) return <>{children(state.data)}</>;
  if (state.failure) {
    return (
      <Section>
        <ErrorState failure={state.failure} onRetry={state.onRetry} />
      </Section>
    );
  }
  return <SectionsSkeleton tiles={tiles} heights={[240, 180]} />;
}

export interface ReportColumn<R> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: R) => ReactNode;
  /** As it stands in a file. */
  readonly plain: (row: R) => Cell;
  readonly end?: boolean;
}

export interface ReportTableProps<R> {
  readonly title: string;
  readonly file: string;
  readonly rows: readonly R[];
  readonly rowId: (row: R) => string;
  readonly columns: readonly ReportColumn<R>[];
  /** Cells of the last line, in the order of the columns. */
  readonly total?: readonly ReactNode[];
  readonly lag?: LagJson;
  readonly empty: ReactNode;
}

export function ReportTable<R>({ title, file, rows, rowId, columns, total, lag, empty }: ReportTableProps<R>) {
  const { t } = useTranslation();
  const save = () =>
    download(
      `${file}.csv`,
      csvOf(
        columns.map((c) => c.header),
        rows.map((r) => columns.map((c) => c.plain(r))),
      ),
    );
  return (
    <Section
      title={title}
      action={
        <div className={shared.row}>
          {lag ? <LagNote lag={lag} /> : null}
          {rows.length > 0 ? (
            <Button variant="default" size="xs" leftSection={<IconDownload size={16} stroke={1.5} />} onClick={save}>
              {t('exportCsv')}
            </Button>
          ) : null}
        </div>
      }
    >
      {rows.length === 0 ? (
        empty
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className={shared.scroll} tabIndex={0} aria-label={title}>
          <table className={shared.lines}>
            <thead>
              <tr>
                {columns.map((c) => (
                  <th key={c.id} data-end={c.end || undefined}>
                    {c.header}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={rowId(row)}>
                  {columns.map((c) => (
                    <td key={c.id} data-end={c.end || undefined}>
                      {c.cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
            {total ? (
              <tfoot>
                <tr>
                  {columns.map((c, i) => (
                    <td key={c.id} data-end={c.end || undefined}>
                      {total[i]}
                    </td>
                  ))}
                </tr>
              </tfoot>
            ) : null}
          </table>
        </section>
      )}
    </Section>
  );
}
