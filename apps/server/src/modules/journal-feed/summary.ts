/**
 * What an event says in a sentence: a key that applications translate, and what fills its gaps. A type that is not known
 * here (of a newer version, or a plug-in) is told as `other`.
 */
import { fromMilli, money } from '@mostrador/contract/common';
import {
  JOURNAL_SUMMARIES,
  type JournalSummary,
  type JournalSummaryKey,
  type SummaryParam,
} from '@mostrador/contract/journal';
import type { CashEvent } from '@mostrador/domain/cash';
import type { CustomerEvent } from '@mostrador/domain/customer';
import type { IdentityEvent } from '@mostrador/domain/identity';
import type { ProductEvent } from '@mostrador/domain/product';
import type { SaleEvent } from '@mostrador/domain/sale';
import type { StockEvent } from '@mostrador/domain/stock';
import type { SupplierEvent } from '@mostrador/domain/supplier';
import type { TenantEvent } from '@mostrador/domain/tenant';
import type { JournalEvent } from '../../platform/journal/index.js';
import type { EventNames } from './names.js';

type Known =
  | TenantEvent
  | IdentityEvent
  | ProductEvent
  | StockEvent
  | SupplierEvent
  | CustomerEvent
  | SaleEvent
  | CashEvent;
type Params = Record<string, SummaryParam>;

export function summaryOf(event: JournalEvent, names: EventNames, currency: string): JournalSummary {
  const actor = names.of(event.actor);
  const other = { key: 'other' as const, params: { actor, type: event.type, subject: event.subject } };
  if (!isKey(event.type)) return other;
  const params = paramsOf(event as unknown as Known, event.subject, names, currency);
  return params === null ? other : { key: event.type, params: { actor, ...params } };
}

function isKey(type: string): type is Exclude<JournalSummaryKey, 'other'> {
  return type !== 'other' && Object.hasOwn(JOURNAL_SUMMARIES, type);
}

function paramsOf(event: Known, subject: string, names: EventNames, currency: string): Params | null {
  switch (event.type) {
    case 'tenant.created':
      return { name: event.payload.name };
    case 'tenant.changed':
      return { fields: fieldsOf(event.payload.changes) };
    case 'tenant.tax_rate_added':
      return { name: event.payload.name, rate_bp: event.payload.rateBp };
    case 'tenant.tax_rate_changed':
      return { name: names.of(event.payload.taxRateId), fields: fieldsOf(event.payload.changes) };
    case 'location.created':
    case 'role.created':
    case 'product.created':
    case 'category.created':
    case 'supplier.created':
      return 'variants' in event.payload
        ? { name: event.payload.name, count: event.payload.variants.length }
        : { name: event.payload.name };
    case 'location.changed':
    case 'user.changed':
    case 'role.changed':
    case 'product.changed':
    case 'category.changed':
    case 'supplier.changed':
      return { name: names.of(subject), fields: fieldsOf(event.payload.changes) };
    case 'user.created':
    case 'user.password_changed':
    case 'product.archived':
    case 'product.restored':
    case 'category.archived':
    case 'supplier.archived':
      return { name: names.of(subject) };
    case 'product.variant_added':
      return { name: names.of(event.payload.productId), variant: event.payload.variant.name };
    case 'product.variant_changed': {
      const { productId, variantId, changes } = event.payload;
      const variant = names.variant(variantId)?.variant_name ?? '';
      return { name: names.of(productId), variant, fields: fieldsOf(changes) };
    }
    case 'product.barcode_added':
    case 'product.barcode_removed':
      return { name: names.of(event.payload.productId), barcode: event.payload.barcode };
    case 'product.priced': {
      const { changes, reason } = event.payload;
      const only = changes.length === 1 ? changes[0] : undefined;
      const price = (minor: number | null | undefined) => (minor == null ? null : money(minor, currency));
      return {
        name: only === undefined ? '' : names.of(only.variantId),
        count: changes.length,
        price: price(only?.priceMinor),
        previous: price(only?.previousPriceMinor),
        reason,
      };
    }
    case 'stock.received':
      return {
        ...firstLine(event.payload.lines, names),
        location: names.of(event.payload.locationId),
        supplier: names.of(event.payload.supplierId),
      };
    case 'stock.adjusted': {
      const { variantId, quantityMilli, locationId, reason } = event.payload;
      return { ...named(variantId, quantityMilli, names), location: names.of(locationId), reason };
    }
    case 'stock.written_off':
      return {
        ...firstLine(event.payload.lines, names),
        location: names.of(event.payload.locationId),
        reason: event.payload.reason,
      };
    case 'stock.counted': {
      const { lines, locationId } = event.payload;
      const differences = lines.filter((line) => line.countedMilli !== line.expectedMilli).length;
      const name = names.of(lines[0]?.variantId);
      return { name, count: lines.length, differences, location: names.of(locationId) };
    }
    case 'stock.moved': {
      const { fromLocationId, toLocationId, reason, lines } = event.payload;
      return { ...firstLine(lines, names), from: names.of(fromLocationId), to: names.of(toLocationId), reason };
    }
    case 'stock.opened':
      return { count: event.payload.lines.length, location: names.of(event.payload.locationId) };
    case 'stock.threshold_set': {
      const { variantId, reorderPointMilli } = event.payload;
      if (reorderPointMilli === null) return { name: names.of(variantId), quantity: null };
      return named(variantId, reorderPointMilli, names);
    }
    case 'stock.reservations_expired': {
      const { reservations } = event.payload;
      return { ...firstLine(reservations, names), location: names.of(reservations[0]?.locationId) };
    }
    case 'customer.created':
    case 'customer.changed':
    case 'customer.erased':
      return {};
    case 'sale.completed': {
      const { lines, totalMinor, locationId, receiptNumber } = event.payload;
      return {
        ...soldLine(lines[0]),
        count: lines.length,
        total: money(totalMinor, event.payload.currency),
        location: names.of(locationId),
        receipt: receiptNumber ?? '',
      };
    }
    case 'sale.refunded': {
      const { lines, totalMinor, locationId, receiptNumber, reason } = event.payload;
      return {
        ...soldLine(lines[0]?.line),
        count: lines.length,
        total: money(totalMinor, event.payload.currency),
        location: names.of(locationId),
        receipt: receiptNumber ?? '',
        reason,
      };
    }
    case 'sale.fee_recorded': {
      const { lines, amountMinor, locationId, reason } = event.payload;
      return {
        name: lines[0]?.name ?? '',
        count: lines.length,
        total: money(amountMinor, event.payload.currency),
        location: names.of(locationId),
        reason,
      };
    }
    case 'cash.session_opened': {
      const { name, floatMinor, locationId } = event.payload;
      return { name, amount: money(floatMinor, event.payload.currency), location: names.of(locationId) };
    }
    case 'cash.moved': {
      const { cashSessionId, amountMinor, direction, reason } = event.payload;
      return { name: names.of(cashSessionId), amount: money(amountMinor, event.payload.currency), direction, reason };
    }
    case 'cash.session_closed': {
      const { cashSessionId, countedMinor, expectedMinor, differenceMinor } = event.payload;
      const m = (minor: number) => money(minor, event.payload.currency);
      return {
        name: names.of(cashSessionId),
        counted: m(countedMinor),
        expected: m(expectedMinor),
        difference: m(differenceMinor),
      };
    }
    case 'cash.late_settled': {
      const { cashSessionId, amountMinor } = event.payload;
      return { name: names.of(cashSessionId), amount: money(amountMinor, event.payload.currency) };
    }
    default:
      return unknown(event);
  }
}

/** A type error here is an event that has no sentence yet. */
function unknown(_: never): null {
  return null;
}

/** Which fields were changed, in snake case; personal data only as `person`. */
function fieldsOf(changes: object): string[] {
  return Object.keys(changes).map((field) =>
    field === 'sealed' ? 'person' : field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
}

function firstLine(
  lines: readonly { readonly variantId: string; readonly quantityMilli: number }[],
  names: EventNames,
): Params {
  const [first] = lines;
  const count = lines.length;
  return first === undefined
    ? { name: '', quantity: null, count }
    : { ...named(first.variantId, first.quantityMilli, names), count };
}

function named(variantId: string, quantityMilli: number, names: EventNames): Params {
  const unit = names.variant(variantId)?.sales_unit ?? 'piece';
  return { name: names.of(variantId), quantity: { quantity: fromMilli(quantityMilli), unit } };
}

function soldLine(
  line:
    | Pick<
        Extract<SaleEvent, { type: 'sale.completed' }>['payload']['lines'][number],
        'name' | 'quantityMilli' | 'salesUnit'
      >
    | undefined,
): Params {
  if (line === undefined) return { name: '', quantity: null };
  return { name: line.name, quantity: { quantity: fromMilli(line.quantityMilli), unit: line.salesUnit ?? 'piece' } };
}
