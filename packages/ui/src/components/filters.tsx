/**
 * Filters as chips: a dashed one offers a filter, a filled one says what it is set to and can be taken off. The
 * values come from and go to the caller, who keeps them in the address.
 */
import { Button, Popover, TextInput, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown, IconPlus, IconSearch, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone } from '../hooks/measure.js';
import classes from './filters.module.css';

export interface FilterOption {
  readonly value: string;
  readonly label: string;
}

export type Filter =
  | { readonly id: string; readonly name: string; readonly kind: 'choice'; readonly options: readonly FilterOption[] }
  /** A span of days; `ids` are the two keys in the address, values `YYYY-MM-DD`. */
  | {
      readonly id: string;
      readonly name: string;
      readonly kind: 'days';
      readonly ids: readonly [string, string];
      readonly presets: readonly (FilterOption & { readonly span: readonly [string, string] })[];
      readonly label: (from: string, to: string) => string;
      /** Always set: can be changed, not taken off. */
      readonly fixed?: boolean;
    }
  | { readonly id: string; readonly name: string; readonly kind: 'text' };

export interface FilterChipsProps {
  readonly filters: readonly Filter[];
  readonly values: Readonly<Record<string, string>>;
  /** '' takes a key away. */
  readonly onChange: (changes: Readonly<Record<string, string>>) => void;
}

export function FilterChips({ filters, values, onChange }: FilterChipsProps) {
  const { t } = useTranslation('ui');
  const keys = filters.flatMap((f) => (f.kind === 'days' ? f.ids : [f.id]));
  const set = filters.filter((f) => (f.kind === 'days' ? f.ids.some((k) => values[k]) && !f.fixed : values[f.id]));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame and a legend.
    <div className={classes.chips} role="group" aria-label={t('filter.label')}>
      {filters.map((filter) => (
        <Chip key={filter.id} filter={filter} values={values} onChange={onChange} />
      ))}
      {set.length > 1 ? (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          onClick={() => onChange(Object.fromEntries(keys.map((k) => [k, ''])))}
        >
          {t('filter.clear')}
        </Button>
      ) : null}
    </div>
  );
}

function Chip({ filter, values, onChange }: { readonly filter: Filter } & Omit<FilterChipsProps, 'filters'>) {
  const { t } = useTranslation('ui');
  const [open, setOpen] = useState(false);
  const shown = describe(filter, values);
  const clear = () =>
    onChange(Object.fromEntries((filter.kind === 'days' ? filter.ids : [filter.id]).map((k) => [k, ''])));
  const apply = (changes: Record<string, string>) => {
    onChange(changes);
    setOpen(false);
  };
  return (
    <span className={classes.chip} data-set={shown ? true : undefined}>
      <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <UnstyledButton
            className={classes.label}
            aria-label={shown ? `${filter.name}: ${shown}` : t('filter.add', { name: filter.name })}
            onClick={() => setOpen(!open)}
          >
            {shown ? (
              <>
                {filter.name}: <b>{shown}</b>
              </>
            ) : (
              <>
                <IconPlus size={14} stroke={1.75} /> {filter.name}
              </>
            )}
            {shown ? <IconChevronDown size={14} stroke={1.75} /> : null}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown p={6}>
          <Editor filter={filter} values={values} apply={apply} />
        </Popover.Dropdown>
      </Popover>
      {shown && !(filter.kind === 'days' && filter.fixed) ? (
        <UnstyledButton
          className={classes.remove}
          aria-label={t('filter.remove', { name: filter.name })}
          onClick={clear}
        >
          <IconX size={14} stroke={1.75} />
        </UnstyledButton>
      ) : null}
    </span>
  );
}

function describe(filter: Filter, values: Readonly<Record<string, string>>): string {
  if (filter.kind === 'days') {
    const from = values[filter.ids[0]] ?? '';
    const to = values[filter.ids[1]] ?? '';
    if (!from && !to) return '';
    return filter.presets.find((p) => p.span[0] === from && p.span[1] === to)?.label ?? filter.label(from, to);
  }
  const value = values[filter.id] ?? '';
  if (filter.kind === 'text' || !value) return value;
  return filter.options.find((o) => o.value === value)?.label ?? value;
}

interface EditorProps {
  readonly filter: Filter;
  readonly values: Readonly<Record<string, string>>;
  readonly apply: (changes: Record<string, string>) => void;
}

function Editor({ filter, values, apply }: EditorProps) {
  if (filter.kind === 'choice') return <ChoiceEditor filter={filter} values={values} apply={apply} />;
  if (filter.kind === 'days') return <DaysEditor filter={filter} values={values} apply={apply} />;
  return <TextEditor filter={filter} values={values} apply={apply} />;
}

function OptionRow({
  chosen,
  onPick,
  children,
}: {
  readonly chosen: boolean;
  readonly onPick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <UnstyledButton className={classes.option} aria-pressed={chosen} onClick={onPick}>
      <span>{children}</span>
      {chosen ? <IconCheck size={16} stroke={1.75} /> : null}
    </UnstyledButton>
  );
}

function ChoiceEditor({ filter, values, apply }: EditorProps) {
  const { t } = useTranslation('ui');
  const [text, setText] = useState('');
  if (filter.kind !== 'choice') return null;
  const found = filter.options.filter((o) => o.label.toLocaleLowerCase().includes(text.toLocaleLowerCase()));
  return (
    <div className={classes.options}>
      {filter.options.length > 8 ? (
        <TextInput
          size="sm"
          mb={4}
          aria-label={t('search.label')}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
          leftSection={<IconSearch size={16} stroke={1.5} />}
        />
      ) : null}
      <div className={classes.scroll}>
        {found.map((o) => (
          <OptionRow
            key={o.value}
            chosen={values[filter.id] === o.value}
            onPick={() => apply({ [filter.id]: o.value })}
          >
            {o.label}
          </OptionRow>
        ))}
      </div>
    </div>
  );
}

function DaysEditor({ filter, values, apply }: EditorProps) {
  const { t } = useTranslation('ui');
  const ids = filter.kind === 'days' ? filter.ids : (['', ''] as const);
  const [from, setFrom] = useState(values[ids[0]] ?? '');
  const [to, setTo] = useState(values[ids[1]] ?? '');
  if (filter.kind !== 'days') return null;
  return (
    <div className={classes.options}>
      {filter.presets.map((p) => (
        <OptionRow
          key={p.value}
          chosen={values[ids[0]] === p.span[0] && values[ids[1]] === p.span[1]}
          onPick={() => apply({ [ids[0]]: p.span[0], [ids[1]]: p.span[1] })}
        >
          {p.label}
        </OptionRow>
      ))}
      <div className={classes.span}>
        <TextInput
          size="sm"
          type="date"
          label={t('filter.from')}
          value={from}
          max={to || undefined}
          onChange={(e) => setFrom(e.currentTarget.value)}
        />
        <TextInput
          size="sm"
          type="date"
          label={t('filter.to')}
          value={to}
          min={from || undefined}
          onChange={(e) => setTo(e.currentTarget.value)}
        />
      </div>
      <Button
        fullWidth
        size="xs"
        variant="default"
        disabled={!from && !to}
        onClick={() => apply({ [ids[0]]: from, [ids[1]]: to })}
      >
        {t('filter.apply')}
      </Button>
    </div>
  );
}

function TextEditor({ filter, values, apply }: EditorProps) {
  const { t } = useTranslation('ui');
  const [text, setText] = useState(values[filter.id] ?? '');
  return (
    <form
      className={classes.options}
      onSubmit={(e) => {
        e.preventDefault();
        apply({ [filter.id]: text.trim() });
      }}
    >
      <TextInput size="sm" aria-label={filter.name} value={text} onChange={(e) => setText(e.currentTarget.value)} />
      <Button type="submit" fullWidth size="xs" mt={6} variant="default">
        {t('filter.apply')}
      </Button>
    </form>
  );
}

export interface SearchBoxProps {
  readonly value: string;
  /** Called when the typing rests for a moment. */
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  readonly autoFocus?: boolean;
}

const REST_MS = 160;

/** The field that `/` jumps to. Down or Enter leaves it for the list below. */
export function SearchBox({ value, onChange, placeholder, autoFocus }: SearchBoxProps) {
  const { t } = useTranslation('ui');
  const phone = usePhone();
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      onChange(text);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [text, onChange]);
  return (
    <TextInput
      className={classes.search}
      size="sm"
      type="search"
      data-search
      aria-label={placeholder}
      placeholder={placeholder}
      value={text}
      {...(autoFocus ? { 'data-autofocus': true, autoFocus: true } : {})}
      onChange={(e) => setText(e.currentTarget.value)}
      onKeyDown={(e) => {
        if (e.key === 'ArrowDown' || e.key === 'Enter') {
          e.preventDefault();
          document.querySelector<HTMLElement>('main [role="grid"]')?.focus();
        } else if (e.key === 'Escape' && text) {
          e.preventDefault();
          e.stopPropagation();
          setText('');
        }
      }}
      leftSection={<IconSearch size={17} stroke={1.5} />}
      rightSection={
        text ? (
          <UnstyledButton className={classes.remove} aria-label={t('search.clear')} onClick={() => setText('')}>
            <IconX size={15} stroke={1.75} />
          </UnstyledButton>
        ) : phone ? null : (
          <kbd className={classes.key}>/</kbd>
        )
      }
    />
  );
}
