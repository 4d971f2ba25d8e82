/**
 * Plots over time: lines with their names at their ends instead of a legend, bars from zero. Numbers on hover, and
 * the same numbers in a table for screen readers. Import this file itself: it brings the chart library along.
 */
import '@mantine/charts/styles.layer.css';
import { BarChart, LineChart } from '@mantine/charts';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { ReferenceDot } from 'recharts';
import { usePhone } from '../hooks/measure.js';
import classes from './plots.module.css';

export interface PlotPoint {
  readonly label: string;
  /** By series; null: no value here. */
  readonly values: Readonly<Record<string, number | null>>;
}

export interface PlotSeries {
  readonly key: string;
  readonly name: string;
  readonly tone: 'green' | 'soft' | 'sky' | 'mustard' | 'brick';
}

export interface PlotProps {
  readonly caption: string;
  readonly points: readonly PlotPoint[];
  readonly series: readonly PlotSeries[];
  /** In full, for the tooltip and the table. */
  readonly format: (value: number) => string;
  /** Short, for the axis. */
  readonly axis?: (value: number) => string;
  readonly height?: number;
}

const COLOURS: Readonly<Record<PlotSeries['tone'], string>> = {
  green: 'var(--ms-green)',
  soft: 'var(--ms-line-strong)',
  sky: 'var(--ms-sky)',
  mustard: 'var(--ms-mustard)',
  brick: 'var(--ms-brick)',
};

function rows(points: readonly PlotPoint[]): Record<string, string | number | null>[] {
  return points.map((p) => ({ label: p.label, ...p.values }));
}

function Values({ caption, points, series, format }: PlotProps) {
  const { t } = useTranslation('ui');
  return (
    <table className="ms-sr">
      <caption>
        {t('chart.table')}: {caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">{t('chart.label')}</th>
          {series.map((s) => (
            <th key={s.key} scope="col">
              {s.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {points.map((p) => (
          <tr key={p.label}>
            <th scope="row">{p.label}</th>
            {series.map((s) => {
              const value = p.values[s.key];
              return <td key={s.key}>{value === null || value === undefined ? t('none') : format(value)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The last point of a series that has a value. */
function endOf(points: readonly PlotPoint[], key: string): { readonly x: string; readonly y: number } | null {
  for (let i = points.length - 1; i >= 0; i--) {
    const point = points[i];
    const y = point?.values[key];
    if (point && typeof y === 'number') return { x: point.label, y };
  }
  return null;
}

export function LinePlot(props: PlotProps) {
  const { points, series, format, axis = format, height = 260 } = props;
  const phone = usePhone();
  const named = series.length > 1 && !phone;
  return (
    <figure className={classes.figure}>
      {series.length > 1 && phone ? (
        <div className={classes.names} aria-hidden="true">
          {series.map((s) => (
            <span key={s.key} style={{ '--tone': COLOURS[s.tone] } as CSSProperties}>
              {s.name}
            </span>
          ))}
        </div>
      ) : null}
      <div aria-hidden="true">
        <LineChart
          h={height}
          data={rows(points)}
          dataKey="label"
          series={series.map((s) => ({ name: s.key, label: s.name, color: COLOURS[s.tone] }))}
          valueFormatter={format}
          withDots={false}
          withLegend={false}
          curveType="linear"
          strokeWidth={2}
          gridAxis="x"
          tickLine="none"
          connectNulls={false}
          yAxisProps={{ tickFormatter: axis, width: 64, tickMargin: 6, domain: [0, 'auto'] }}
          xAxisProps={{ minTickGap: 28, tickMargin: 8 }}
          lineChartProps={{ margin: { right: named ? 96 : 12, top: 12 }, accessibilityLayer: false }}
        >
          {named
            ? series.map((s) => {
                const end = endOf(points, s.key);
                // At the right edge the name stands beside the line, elsewhere above it: beside, the other line crosses it.
                const last = end?.x === points.at(-1)?.label;
                return end ? (
                  <ReferenceDot
                    key={s.key}
                    x={end.x}
                    y={end.y}
                    r={3.5}
                    fill={COLOURS[s.tone]}
                    stroke="none"
                    label={{
                      value: s.name,
                      position: last ? 'right' : 'top',
                      fill: 'var(--ms-ink)',
                      fontSize: 12,
                      fontWeight: last ? 400 : 600,
                    }}
                  />
                ) : null;
              })
            : null}
        </LineChart>
      </div>
      <Values {...props} />
    </figure>
  );
}

export function BarPlot(props: PlotProps) {
  const { points, series, format, axis = format, height = 260 } = props;
  return (
    <figure className={classes.figure}>
      <div aria-hidden="true">
        <BarChart
          h={height}
          data={rows(points)}
          dataKey="label"
          series={series.map((s) => ({ name: s.key, label: s.name, color: COLOURS[s.tone] }))}
          valueFormatter={format}
          withLegend={false}
          gridAxis="x"
          tickLine="none"
          maxBarWidth={36}
          barProps={{ radius: [3, 3, 0, 0] }}
          cursorFill="var(--ms-hover)"
          yAxisProps={{ tickFormatter: axis, width: 64, tickMargin: 6 }}
          xAxisProps={{ minTickGap: 20, tickMargin: 8 }}
          barChartProps={{ margin: { right: 8, top: 12 }, accessibilityLayer: false }}
        />
      </div>
      <Values {...props} />
    </figure>
  );
}
