/**
 * Cash sessions over REST: a drawer from its opening to its count. While a session is open, what ought to be in the
 * drawer is shown only to those who may read reports, so that the count at the close is blind. Rules: docs/spec/cash.md.
 */
import { z } from 'zod';
import { page, zCurrency, zCursor, zId, zLimit, zMoney, zMoneyInput, zName, zNote, zTimestamp } from './common.js';

export const zCashSessionStatus = z.enum(['open', 'closed']);

export const zCashSession = z.object({
  id: zId('cse'),
  location_id: zId('loc'),
  location_name: z.string(),
  /** Of the drawer: `Caja 1`. At most one session of a drawer is open. */
  name: z.string(),
  currency: zCurrency,
  status: zCashSessionStatus,
  opened_at: zTimestamp,
  opened_by: z.string(),
  opened_by_name: z.string().nullable(),
  closed_at: zTimestamp.nullable(),
  closed_by: z.string().nullable(),
  closed_by_name: z.string().nullable(),
  float: zMoney,
  /** What ought to be in the drawer; null while it is hidden from the reader. */
  expected: zMoney.nullable(),
  /** null until the close. */
  counted: zMoney.nullable(),
  /** counted − expected; below zero: missing. null until the close. */
  difference: zMoney.nullable(),
  note: z.string(),
  revision: z.int(),
});
export type CashSessionJson = z.infer<typeof zCashSession>;
export const zCashSessionPage = page(zCashSession);
export const zCashSessionQuery = z.strictObject({
  location_id: zId('loc').optional(),
  status: zCashSessionStatus.optional(),
  limit: zLimit,
  cursor: zCursor,
});
export const zCashSessionParams = z.strictObject({ cash_session_id: zId('cse') });

export const zCashMovement = z.object({
  id: zId('cmv'),
  seq: z.int(),
  at: zTimestamp,
  direction: z.enum(['in', 'out']),
  amount: zMoney,
  reason: z.string(),
  actor: z.string(),
  actor_name: z.string().nullable(),
});
export type CashMovementJson = z.infer<typeof zCashMovement>;

/** `x`: of an open session, at `as_of_seq`. `z`: of a closed one, final. All amounts are of the session's currency. */
export const zCashReport = z.object({
  kind: z.enum(['x', 'z']),
  as_of_seq: z.int(),
  sale_count: z.int(),
  refund_count: z.int(),
  sales: zMoney,
  refunds: zMoney,
  /** sales − refunds. */
  net: zMoney,
  /** By way of payment, cash after change. */
  tenders: z.array(
    z.object({
      type: z.enum(['cash', 'card', 'transfer']),
      sale_count: z.int(),
      refund_count: z.int(),
      sales: zMoney,
      refunds: zMoney,
      net: zMoney,
    }),
  ),
  float: zMoney,
  cash_in: zMoney,
  cash_out: zMoney,
  /** float + cash sales − cash refunds + in − out. */
  expected: zMoney,
  counted: zMoney.nullable(),
  difference: zMoney.nullable(),
  /** Cash of sales that were recorded after the close; not in `expected`. */
  late: zMoney,
});
export type CashReportJson = z.infer<typeof zCashReport>;

export const zCashSessionDetail = zCashSession.extend({
  /** Newest last, at most 500. */
  movements: z.array(zCashMovement),
  /** null while it is hidden from the reader. */
  report: zCashReport.nullable(),
});
export type CashSessionDetailJson = z.infer<typeof zCashSessionDetail>;

export const zCashSessionInput = z.strictObject({
  location_id: zId('loc'),
  name: zName(60),
  /** What lies in the drawer at the start. */
  float: zMoneyInput,
});
export type CashSessionInput = z.input<typeof zCashSessionInput>;
export const zCashSessionOpened = z.object({
  id: zId('cse'),
  seq: z.int(),
  location_id: zId('loc'),
  name: z.string(),
  currency: zCurrency,
  status: z.literal('open'),
  float: zMoney,
  opened_at: zTimestamp,
});
export type CashSessionOpenedJson = z.infer<typeof zCashSessionOpened>;

export const zCashMovementInput = z.strictObject({
  direction: z.enum(['in', 'out']),
  /** Above zero. */
  amount: zMoneyInput.refine((m) => m.amount > 0, { path: ['amount'], message: 'zero moves nothing' }),
  reason: zName(200),
});
export type CashMovementInput = z.input<typeof zCashMovementInput>;
export const zCashMovementRecorded = z.object({
  id: zId('cmv'),
  seq: z.int(),
  cash_session_id: zId('cse'),
  direction: z.enum(['in', 'out']),
  amount: zMoney,
  reason: z.string(),
  at: zTimestamp,
});

export const zCashCloseInput = z.strictObject({
  /** What was counted, without having seen what was expected. */
  counted: zMoneyInput,
  note: zNote(1000).default(''),
});
export type CashCloseInput = z.input<typeof zCashCloseInput>;
/** The Z report is part of the answer. */
export const zCashSessionClosed = z.object({
  id: zId('cse'),
  seq: z.int(),
  status: z.literal('closed'),
  closed_at: zTimestamp,
  expected: zMoney,
  counted: zMoney,
  difference: zMoney,
  note: z.string(),
  report: zCashReport,
});
export type CashSessionClosedJson = z.infer<typeof zCashSessionClosed>;
