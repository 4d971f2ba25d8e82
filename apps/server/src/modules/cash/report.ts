/** The X and Z report of a session, from the sums that the database made [CS10]. */

import type { CashReportJson } from '@mostrador/contract/cash';
import { type Money, money } from '@mostrador/contract/common';
import type { FigureRow, SessionRow } from './queries.js';

type Session = Pick<SessionRow, 'currency' | 'float_minor' | 'closed_seq' | 'expected_minor' | 'counted_minor'>;

export function cashReport(session: Session, f: FigureRow): CashReportJson {
  const m = (amount: number): Money => money(amount, session.currency);
  const isClosed = session.closed_seq !== null;
  const computed = session.float_minor + f.cash_sales - f.cash_refunds + f.in_minor - f.out_minor;
  const expected = session.expected_minor ?? computed;
  const tender = (
    type: 'cash' | 'card' | 'transfer',
    sales: number,
    refunds: number,
    saleCount: number,
    refundCount: number,
  ) => ({
    type,
    sale_count: saleCount,
    refund_count: refundCount,
    sales: m(sales),
    refunds: m(refunds),
    net: m(sales - refunds),
  });
  return {
    kind: isClosed ? 'z' : 'x',
    as_of_seq: session.closed_seq ?? f.head,
    sale_count: f.sale_count,
    refund_count: f.refund_count,
    sales: m(f.sales),
    refunds: m(f.refunds),
    net: m(f.sales - f.refunds),
    tenders: [
      tender('cash', f.cash_sales, f.cash_refunds, f.cash_sale_count, f.cash_refund_count),
      tender('card', f.card_sales, f.card_refunds, f.card_sale_count, f.card_refund_count),
      tender('transfer', f.transfer_sales, f.transfer_refunds, f.transfer_sale_count, f.transfer_refund_count),
    ],
    float: m(session.float_minor),
    cash_in: m(f.in_minor),
    cash_out: m(f.out_minor),
    expected: m(expected),
    counted: session.counted_minor === null ? null : m(session.counted_minor),
    difference: session.counted_minor === null ? null : m(session.counted_minor - expected),
    late: m(isClosed ? f.late + (computed - expected) : 0),
  };
}
