/** The door of the design system. Plots have their own (`@mostrador/ui/plots`), for their weight. */
export { MARK_PATHS, Mark, Wordmark } from './brand/mark.js';
export { DataTable, type DataTableProps } from './components/data-table.js';
export { ConfirmLoss, toastDone, toastFailed, toastUndo, Why } from './components/feedback.js';
export { MoneyField, QuantityField } from './components/fields.js';
export { Code, DateText, Money, Quantity, RelativeDate } from './components/figures.js';
export { type Filter, FilterChips, type FilterOption, SearchBox } from './components/filters.js';
export { Facts, Page, PageHeader, Section } from './components/page.js';
export { BottomBar, BottomItem, type IconType, RailGroup, RailItem, Shell } from './components/shell.js';
export { PanelPart, SidePanel } from './components/side-panel.js';
export {
  EmptyState,
  ErrorState,
  type Failure,
  PanelSkeleton,
  RowsSkeleton,
  SectionsSkeleton,
} from './components/states.js';
export type { Column, ListRow, Selection } from './components/table-model.js';
export { type BarItem, BarList, HeatMap, StatTile, Trend } from './components/tiles.js';
export { FormatProvider, useFormat, useNow } from './format/context.js';
export {
  currencyDigits,
  editableMoney,
  type Format,
  type FormatSettings,
  type MoneyValue,
  makeFormat,
  parseMoney,
  parseQuantity,
} from './format/format.js';
export { usePhone } from './hooks/measure.js';
export { createI18n, LANGUAGES, type Language, preferredLanguage, type Strings } from './i18n/index.js';
export { UiProvider } from './theme/provider.js';
