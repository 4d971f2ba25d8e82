/** Numbers and moments as text: money, quantities, dates. Right form, never wrapped, minus in brick. */
import { Tooltip } from '@mantine/core';
import { useFormat, useNow } from '../format/context.js';
import type { DateStyle, MoneyValue } from '../format/format.js';
import classes from './figures.module.css';

export interface MoneyProps {
  readonly value: MoneyValue | null | undefined;
  readonly strong?: boolean;
  /** Shows a plus before what is above zero. */
  readonly signed?: boolean;
  readonly style?: 'exact' | 'round' | 'compact';
}

export function Money({ value, strong, signed, style = 'exact' }: MoneyProps) {
  const format = useFormat();
  if (!value) return <span className={classes.none}>—</span>;
  const text = format.money(value, style);
  return (
    <span className={classes.number} data-negative={value.amount < 0 || undefined} data-strong={strong || undefined}>
      {signed && value.amount > 0 ? `+${text}` : text}
    </span>
  );
}

export interface QuantityProps {
  readonly value: number;
  /** `piece`, `kg`, `l`, `m`. */
  readonly unit?: string;
  readonly signed?: boolean;
  readonly strong?: boolean;
}

export function Quantity({ value, unit = 'piece', signed, strong }: QuantityProps) {
  const format = useFormat();
  const text = format.quantity(value, unit);
  return (
    <span
      className={classes.number}
      data-negative={(value < 0 && !signed) || undefined}
      data-strong={strong || undefined}
    >
      {signed && value > 0 ? `+${text}` : text}
    </span>
  );
}

/** Relative under a day, absolute after, exact on hover. */
export function RelativeDate({ value }: { readonly value: string | number }) {
  const format = useFormat();
  const now = useNow();
  return (
    <Tooltip label={format.date(value, 'exact')}>
      <time className={classes.number} dateTime={new Date(value).toISOString()}>
        {format.relative(value, now)}
      </time>
    </Tooltip>
  );
}

export function DateText({ value, style = 'date' }: { readonly value: string | number; readonly style?: DateStyle }) {
  const format = useFormat();
  return (
    <time className={classes.number} dateTime={new Date(value).toISOString()} title={format.date(value, 'exact')}>
      {format.date(value, style)}
    </time>
  );
}

/** A code (SKU, barcode, receipt number) in the type of codes. */
export function Code({ children }: { readonly children: string }) {
  return <span className={classes.code}>{children}</span>;
}
