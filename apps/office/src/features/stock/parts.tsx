/** What the stock's pages share: tabs, state badges, the location field, the lines of a document. */

import { ActionIcon, Badge, Select } from '@mantine/core';
import type { StockState } from '@mostrador/contract/stock';
import { MoneyField, QuantityField } from '@mostrador/ui';
import { IconTrash } from '@tabler/icons-react';
import { isValidElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocations } from '../../api/nouns.js';
import shared from '../../shared/shared.module.css';
import { type Tab, Tabs } from '../../shared/tabs.js';
import { withVariant } from '../../shared/text.js';
import { type PickedVariant, VariantPicker } from '../../shared/variant-picker.js';

const TABS: readonly Tab[] = [
  { to: '/stock', label: 'stock.levels' },
  { to: '/stock-movements', label: 'stock.movements' },
  { to: '/stock-receipts', label: 'stock.receipts' },
];

export function StockTabs() {
  const { t } = useTranslation();
  return <Tabs tabs={TABS} label={t('stock.title')} />;
}

const TONES: Readonly<Record<StockState, string>> = { ok: 'green', low: 'mustard', out: 'brick', below_zero: 'brick' };

export function StateBadge({ state }: { readonly state: StockState }) {
  const { t } = useTranslation();
  if (state === 'ok') return null;
  return <Badge color={TONES[state]}>{t(`stock.state.${state}`)}</Badge>;
}

export interface LocationFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly without?: string;
}

export function LocationField({ label, value, onChange, without }: LocationFieldProps) {
  const locations = useLocations();
  return (
    <Select
      label={label}
      value={value || null}
      onChange={(v) => onChange(v ?? '')}
      data={locations.filter((l) => l.id !== without).map((l) => ({ value: l.id, label: l.name }))}
    />
  );
}

export interface DocumentLine extends PickedVariant {
  readonly quantity: number | null;
}

export interface LinesProps<L extends DocumentLine> {
  readonly lines: readonly L[];
  readonly onChange: (lines: readonly L[]) => void;
  /** Makes the line of a variant that was found. */
  readonly make: (picked: PickedVariant) => L;
  readonly heads: readonly string[];
  /** The cells after the product's name. */
  readonly cells: (line: L, set: (change: Partial<L>) => void) => readonly ReactNode[];
  readonly empty: ReactNode;
}

/** Whether something is typed in a cell: such a column is as wide as what is typed, not as what is left. */
function isField(cell: ReactNode): boolean {
  return isValidElement(cell) && (cell.type === QuantityField || cell.type === MoneyField);
}

/** A document's lines: found by typing or scanning, scanned twice counts twice. */
export function Lines<L extends DocumentLine>({ lines, onChange, make, heads, cells, empty }: LinesProps<L>) {
  const { t } = useTranslation();
  const add = (picked: PickedVariant) => {
    const known = lines.find((l) => l.variant.id === picked.variant.id);
    onChange(
      known
        ? lines.map((l) => (l === known ? { ...l, quantity: (l.quantity ?? 0) + 1 } : l))
        : [...lines, make(picked)],
    );
  };
  return (
    <>
      <VariantPicker onPick={add} autoFocus />
      {lines.length === 0 ? (
        empty
      ) : (
        <table className={`${shared.lines} ${shared.stackLines}`} style={{ marginTop: 16 }}>
          <thead>
            <tr>
              <th>{t('product.one')}</th>
              {heads.map((h) => (
                <th key={h} data-end>
                  {h}
                </th>
              ))}
              <th>
                <span className="ms-sr">{t('remove')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.variant.id}>
                <td>
                  {withVariant(line.product.name, line.variant.name)}
                  <div className={shared.soft}>{line.variant.sku}</div>
                </td>
                {cells(line, (change) => onChange(lines.map((l) => (l === line ? { ...l, ...change } : l)))).map(
                  (cell, i) => (
                    <td key={heads[i]} data-end data-label={heads[i]} data-field={isField(cell) || undefined}>
                      {cell}
                    </td>
                  ),
                )}
                <td data-remove style={{ width: 44 }}>
                  <ActionIcon aria-label={t('remove')} onClick={() => onChange(lines.filter((l) => l !== line))}>
                    <IconTrash size={18} stroke={1.5} />
                  </ActionIcon>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
