/**
 * A table of any length. The header sticks, only the rows in the window are drawn, more are asked for before the
 * end is reached; columns can be chosen and give way where room is short; arrows, Enter and Space work; on a phone
 * it is a list. Rows open by address, so each carries a real link.
 */
import { ActionIcon, Checkbox, Menu, Tooltip } from '@mantine/core';
import { IconColumns3, IconX } from '@tabler/icons-react';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone, useWidth } from '../hooks/measure.js';
import { useVirtualRows } from '../hooks/virtual.js';
import classes from './data-table.module.css';
import { ErrorState, type Failure, RowsSkeleton } from './states.js';
import { type Column, fitting, type ListRow, type Selection, template } from './table-model.js';

export interface DataTableProps<Row> {
  /** Names the table for screen readers and for the kept choice of columns. */
  readonly label: string;
  readonly storageKey: string;
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  readonly list: (row: Row) => ListRow;
  readonly rowHref?: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  /** The row whose panel is open. */
  readonly openId?: string | undefined;
  readonly selection?: Selection;
  readonly bulkActions?: ReactNode;
  readonly toolbar?: ReactNode;
  readonly loading?: boolean;
  readonly loadingMore?: boolean;
  readonly hasMore?: boolean;
  readonly onMore?: () => void;
  readonly failure?: Failure | undefined;
  readonly onRetry?: () => void;
  readonly empty: ReactNode;
}

const ROW = 52;
const LIST_ROW = 72;

function keptColumns(key: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`mostrador.columns.${key}`) ?? 'null');
    return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : null;
  } catch {
    return null;
  }
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, rowId, columns, selection, storageKey } = props;
  const { t } = useTranslation('ui');
  const phone = usePhone();
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const width = useWidth(frame);
  const [chosen, setChosen] = useState<readonly string[] | null>(() => keptColumns(storageKey));
  const [active, setActive] = useState(-1);
  const rowHeight = phone ? LIST_ROW : ROW;
  const range = useVirtualRows(body, rows.length, rowHeight);

  const wanted = useMemo(() => columns.filter((c) => (chosen ? chosen.includes(c.id) : !c.hidden)), [columns, chosen]);
  const shown = useMemo(() => fitting(wanted, width, !!selection), [wanted, width, selection]);
  const tracks = useMemo(() => template(shown, !!selection), [shown, selection]);

  const { onMore } = props;
  const near = props.hasMore && !props.loadingMore && rows.length > 0 && range.end >= rows.length - 8;
  useEffect(() => {
    if (near) onMore?.();
  }, [near, onMore]);

  const choose = (columnId: string) => {
    const now = wanted.map((c) => c.id);
    const next = now.includes(columnId) ? now.filter((c) => c !== columnId) : [...now, columnId];
    if (next.length === 0) return;
    localStorage.setItem(`mostrador.columns.${storageKey}`, JSON.stringify(next));
    setChosen(next);
  };

  const toggle = (row: Row) => {
    if (!selection) return;
    const next = new Set(selection.ids);
    if (!next.delete(rowId(row))) next.add(rowId(row));
    selection.onChange(next);
  };

  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setActive(next);
    const top = (body.current?.getBoundingClientRect().top ?? 0) + next * rowHeight;
    const roof = 120;
    const floor = window.innerHeight - 80;
    if (top < roof) window.scrollBy({ top: top - roof });
    else if (top + rowHeight > floor) window.scrollBy({ top: top + rowHeight - floor });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || rows.length === 0) return;
    const step: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + 10,
      PageUp: active - 10,
      Home: 0,
      End: rows.length - 1,
    };
    const to = step[event.key];
    const row = rows[active];
    if (to !== undefined) {
      event.preventDefault();
      if (event.shiftKey && row) toggle(row);
      move(to);
    } else if (event.key === 'Enter' && row) {
      event.preventDefault();
      props.onOpen?.(row);
    } else if (event.key === ' ' && row && selection) {
      event.preventDefault();
      toggle(row);
    } else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey) && selection) {
      event.preventDefault();
      selection.onChange(new Set(rows.map(rowId)));
    }
  };

  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0 || !props.onOpen) return;
    const target = event.target as HTMLElement;
    const index = Number(target.closest<HTMLElement>('tr[data-index]')?.dataset.index ?? -1);
    const row = rows[index];
    if (!row || target.closest('[data-check]') || !event.currentTarget.contains(target)) return;
    event.preventDefault();
    setActive(index);
    props.onOpen(row);
  };

  const some = !!selection && selection.ids.size > 0;

  const state =
    props.failure && rows.length === 0 ? (
      <ErrorState failure={props.failure} onRetry={props.onRetry} />
    ) : props.loading ? (
      <RowsSkeleton />
    ) : rows.length === 0 ? (
      props.empty
    ) : null;

  const optional = columns.some((c) => c.priority !== undefined || c.hidden);
  // A bar that holds nothing but the choice of columns is worth its room only above a table that has many.
  const choosing = !phone && optional && (!!props.toolbar || (!state && columns.length > 4));

  return (
    <div className={classes.frame} ref={frame}>
      <div className={classes.toolbar} data-bulk={some || undefined} hidden={!some && !props.toolbar && !choosing}>
        {some ? (
          <>
            <strong className={classes.count}>{t('table.selected', { count: selection.ids.size })}</strong>
            <div className={classes.bulk}>{props.bulkActions}</div>
            <Tooltip label={t('table.clear')}>
              <ActionIcon aria-label={t('table.clear')} onClick={() => selection.onChange(new Set())}>
                <IconX size={18} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
          </>
        ) : (
          <>
            <div className={classes.tools}>{props.toolbar}</div>
            {choosing ? (
              <Menu closeOnItemClick={false}>
                <Menu.Target>
                  <Tooltip label={t('table.columns')}>
                    <ActionIcon aria-label={t('table.columns')}>
                      <IconColumns3 size={20} stroke={1.5} />
                    </ActionIcon>
                  </Tooltip>
                </Menu.Target>
                <Menu.Dropdown>
                  {columns.map((c) => (
                    <Menu.Item
                      key={c.id}
                      role="menuitemcheckbox"
                      aria-checked={wanted.includes(c)}
                      onClick={() => choose(c.id)}
                      leftSection={<Checkbox.Indicator size="xs" checked={wanted.includes(c)} />}
                    >
                      {c.header}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
            ) : null}
          </>
        )}
      </div>
      {state ?? (
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table with keys.
          role="grid"
          aria-label={props.label}
          aria-rowcount={props.hasMore ? -1 : rows.length + 1}
          aria-multiselectable={selection ? true : undefined}
          aria-activedescendant={active >= range.start && active < range.end ? `${id}-${active}` : undefined}
          aria-description={t('table.help')}
          tabIndex={0}
          className={classes.grid}
          onKeyDown={onKeyDown}
          onClick={onClick}
          onFocus={(event) => event.target === event.currentTarget && active < 0 && setActive(0)}
        >
          <thead hidden={phone}>
            <tr aria-rowindex={1} className={classes.head} style={{ gridTemplateColumns: tracks }}>
              {selection ? (
                <th>
                  <Checkbox
                    size="xs"
                    tabIndex={-1}
                    aria-label={t('table.selectAll')}
                    checked={some && selection.ids.size >= rows.length}
                    indeterminate={some && selection.ids.size < rows.length}
                    onChange={() => selection.onChange(some ? new Set() : new Set(rows.map(rowId)))}
                  />
                </th>
              ) : null}
              {shown.map((c) => (
                <th key={c.id} data-end={c.align === 'end' || undefined}>
                  {c.header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} className={classes.body} style={{ height: rows.length * rowHeight }}>
            {rows.slice(range.start, range.end).map((row, offset) => {
              const index = range.start + offset;
              const key = rowId(row);
              const place = { transform: `translateY(${index * rowHeight}px)`, height: rowHeight };
              return (
                <tr
                  key={key}
                  id={`${id}-${index}`}
                  aria-rowindex={index + 2}
                  aria-selected={selection ? selection.ids.has(key) : undefined}
                  data-index={index}
                  data-active={index === active || undefined}
                  data-open={key === props.openId || undefined}
                  data-link={props.onOpen ? true : undefined}
                  className={phone ? classes.item : classes.row}
                  style={phone ? place : { ...place, gridTemplateColumns: tracks }}
                >
                  {phone ? (
                    <ListCell row={props.list(row)} href={props.rowHref?.(row)} />
                  ) : (
                    <>
                      {selection ? (
                        <td data-check>
                          <Checkbox
                            size="xs"
                            tabIndex={-1}
                            aria-label={t('table.selectRow')}
                            checked={selection.ids.has(key)}
                            onChange={() => toggle(row)}
                          />
                        </td>
                      ) : null}
                      {shown.map((c, i) => (
                        <td key={c.id} data-end={c.align === 'end' || undefined} data-long={c.long || undefined}>
                          {i === 0 ? <RowLink href={props.rowHref?.(row)}>{c.cell(row)}</RowLink> : c.cell(row)}
                        </td>
                      ))}
                    </>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {props.loadingMore ? <div className={classes.more}>{t('table.loadingMore')}</div> : null}
    </div>
  );
}

function ListCell({ row, href }: { readonly row: ListRow; readonly href: string | undefined }) {
  return (
    <td className={classes.itemCell}>
      {row.leading}
      <div className={classes.itemWords} data-long={row.long || undefined}>
        <RowLink href={href}>{row.title}</RowLink>
        {row.subtitle ? <div className={classes.itemSub}>{row.subtitle}</div> : null}
      </div>
      <div className={classes.itemEnd}>
        <div>{row.trailing}</div>
        {row.below ? <div className={classes.itemSub}>{row.below}</div> : null}
      </div>
    </td>
  );
}

function RowLink({ href, children }: { readonly href: string | undefined; readonly children: ReactNode }) {
  return href ? (
    <a className={classes.link} href={href} tabIndex={-1}>
      {children}
    </a>
  ) : (
    <div className={classes.link}>{children}</div>
  );
}
