/** Figures at a glance: a tile with its trend, bars in a list, a heat map of hours. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/context.js';
import { Sparkline } from './sparkline.js';
import classes from './tiles.module.css';

export interface StatTileProps {
  readonly label: string;
  readonly value: ReactNode;
  /** Change in basis points against `against`; null: nothing to compare with. */
  readonly changeBp?: number | null | undefined;
  readonly against?: string;
  readonly spark?: readonly number[];
  readonly href?: string;
  readonly onOpen?: () => void;
}

export function StatTile({ label, value, changeBp, against, spark, href, onOpen }: StatTileProps) {
  const body = (
    <>
      <div className={classes.statWords}>
        <div className={classes.statLabel}>{label}</div>
        <div className={classes.statValue}>{value}</div>
      </div>
      {spark?.some((v) => v !== 0) && spark.length > 1 ? (
        <div className={classes.spark}>
          <Sparkline values={spark} />
        </div>
      ) : null}
      {changeBp === undefined ? null : (
        <div className={classes.statTrend}>
          <Trend changeBp={changeBp} /> {changeBp === null ? null : against}
        </div>
      )}
    </>
  );
  return href ? (
    <a
      className={classes.stat}
      href={href}
      onClick={(event) => {
        if (!onOpen || event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        onOpen();
      }}
    >
      {body}
    </a>
  ) : (
    <div className={classes.stat}>{body}</div>
  );
}

/** `+12 %` in green or `−8 %` in brick, with an arrow so that it is not told by colour alone. */
export function Trend({ changeBp }: { readonly changeBp: number | null }) {
  const { t } = useTranslation('ui');
  const format = useFormat();
  if (changeBp === null) return <span>{t('trend.none')}</span>;
  const rounded = Math.round(changeBp / 100);
  if (rounded === 0) return <span>{t('trend.same')}</span>;
  return (
    <span className={classes.trend} data-down={rounded < 0 || undefined}>
      {rounded > 0 ? '▲' : '▼'} {format.number(Math.abs(rounded))}&nbsp;%
    </span>
  );
}

export interface BarItem {
  readonly id: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly value: number;
  readonly text: ReactNode;
}

/** Labelled bars from zero; the number stands at the end of each. */
export function BarList({
  items,
  onOpen,
  tone = 'green',
}: {
  readonly items: readonly BarItem[];
  readonly onOpen?: (item: BarItem) => void;
  readonly tone?: 'green' | 'mustard';
}) {
  const most = Math.max(1, ...items.map((i) => i.value));
  return (
    <ul className={classes.bars} data-tone={tone}>
      {items.map((item) => {
        const body = (
          <>
            <span className={classes.barWords}>
              <span className={classes.barLabel}>{item.label}</span>
              <span className={classes.barText}>{item.text}</span>
            </span>
            <span className={classes.barTrack}>
              <span
                className={classes.barFill}
                style={{ width: `${Math.max(0.5, (Math.max(0, item.value) / most) * 100)}%` }}
              />
            </span>
            {item.hint ? <span className={classes.barHint}>{item.hint}</span> : null}
          </>
        );
        return (
          <li key={item.id}>
            {onOpen ? (
              <button type="button" className={classes.bar} onClick={() => onOpen(item)}>
                {body}
              </button>
            ) : (
              <div className={classes.bar}>{body}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

export interface HeatMapProps {
  readonly caption: string;
  /** Row names, top to bottom. */
  readonly rows: readonly string[];
  /** Column names; every third is written. */
  readonly columns: readonly string[];
  /** `values[row][column]`, not below zero. */
  readonly values: readonly (readonly number[])[];
  readonly describe: (value: number) => string;
  /** What stands below before a cell is pointed at. */
  readonly hint: string;
}

/** A real table whose cells are tinted by value; what is pointed at is said below in words. */
export function HeatMap({ caption, rows, columns, values, describe, hint }: HeatMapProps) {
  const [at, setAt] = useState<readonly [number, number] | null>(null);
  const most = Math.max(1, ...values.flat());
  const said = at ? `${rows[at[0]]} ${columns[at[1]]} · ${describe(values[at[0]]?.[at[1]] ?? 0)}` : hint;
  return (
    <div className={classes.heat}>
      <table onPointerLeave={() => setAt(null)}>
        <caption className="ms-sr">{caption}</caption>
        <thead>
          <tr>
            <td />
            {columns.map((c, i) => (
              <th key={c} scope="col">
                <span className={i % 3 ? 'ms-sr' : undefined}>{c}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {columns.map((c, i) => {
                const value = values[r]?.[i] ?? 0;
                const share = value === 0 ? 0 : 10 + Math.round((value / most) * 90);
                return (
                  <td
                    key={c}
                    onPointerEnter={() => setAt([r, i])}
                    data-at={(at?.[0] === r && at[1] === i) || undefined}
                    style={{ background: `color-mix(in oklab, var(--ms-green) ${share}%, var(--ms-hover))` }}
                  >
                    <span className="ms-sr">{describe(value)}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <div className={classes.heatSaid} aria-hidden="true">
        {said}
      </div>
    </div>
  );
}
