/** Fields for money and quantities: typed as people write them, checked when left, given as integers and numbers. */
import { TextInput, type TextInputProps } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useFormat } from '../format/context.js';
import { editableMoney, parseMoney, parseQuantity } from '../format/format.js';
import classes from './fields.module.css';

interface Shared {
  readonly label?: ReactNode;
  readonly description?: ReactNode;
  readonly error?: ReactNode;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly size?: NonNullable<TextInputProps['size']>;
  readonly 'aria-label'?: string;
  readonly autoFocus?: boolean;
  /** What is said when the text is no number. */
  readonly wrong: string;
  readonly onEnter?: () => void;
}

export interface MoneyFieldProps extends Shared {
  /** Minor units; null: empty. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  /** Absent: the shop's. */
  readonly currency?: string;
}

/** The currency's sign, as it stands before or after an amount. */
function symbolOf(locale: string, currency: string): string {
  const parts = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).formatToParts(1);
  return parts.find((p) => p.type === 'currency')?.value ?? currency;
}

export function MoneyField({ value, onChange, currency, ...rest }: MoneyFieldProps) {
  const format = useFormat();
  const code = currency ?? format.settings.currency;
  return (
    <NumberText
      {...rest}
      value={value}
      onChange={onChange}
      write={(v) => editableMoney(v, code, format.locale)}
      read={(text) => parseMoney(text, code)}
      section={symbolOf(format.locale, code)}
    />
  );
}

export interface QuantityFieldProps extends Shared {
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  /** `piece`, `kg`, `l`, `m`: pieces are whole. */
  readonly unit?: string;
}

export function QuantityField({ value, onChange, unit = 'piece', ...rest }: QuantityFieldProps) {
  const format = useFormat();
  const read = (text: string) => {
    const number = parseQuantity(text);
    return number !== null && unit === 'piece' && !Number.isInteger(number) ? null : number;
  };
  return (
    <NumberText
      {...rest}
      value={value}
      onChange={onChange}
      write={(v) => new Intl.NumberFormat(format.locale, { maximumFractionDigits: 3, useGrouping: false }).format(v)}
      read={read}
      tail={unit === 'piece' ? undefined : unit}
    />
  );
}

interface NumberTextProps extends Shared {
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  readonly write: (value: number) => string;
  readonly read: (text: string) => number | null;
  readonly section?: string | undefined;
  readonly tail?: string | undefined;
}

function NumberText({ value, onChange, write, read, section, tail, wrong, onEnter, error, ...rest }: NumberTextProps) {
  const [text, setText] = useState(value === null ? '' : write(value));
  const [bad, setBad] = useState(false);
  const given = useRef(value);
  const writer = useRef(write);
  writer.current = write;
  useEffect(() => {
    if (value === given.current) return;
    given.current = value;
    setText(value === null ? '' : writer.current(value));
    setBad(false);
  }, [value]);

  const take = (next: string) => {
    setText(next);
    const number = next.trim() === '' ? null : read(next);
    given.current = number;
    onChange(number);
    if (bad) setBad(next.trim() !== '' && number === null);
  };

  return (
    <TextInput
      {...rest}
      {...(rest.autoFocus ? { 'data-autofocus': true } : {})}
      classNames={{ input: classes.input ?? '' }}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      error={bad ? wrong : error}
      leftSection={section ? <span className={classes.sign}>{section}</span> : undefined}
      rightSection={tail ? <span className={classes.sign}>{tail}</span> : undefined}
      onChange={(event) => take(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={() => {
        const number = text.trim() === '' ? null : read(text);
        setBad(text.trim() !== '' && number === null);
        if (number !== null) setText(write(number));
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && onEnter) {
          event.preventDefault();
          onEnter();
        }
      }}
    />
  );
}
