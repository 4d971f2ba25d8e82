/** The refusals of the rules of sales as problems of the interface: all of them in `errors`, the first gives the code. */
import { fromMilli, money } from '@mostrador/contract/common';
import { ERRORS, type ErrorCode } from '@mostrador/contract/errors';
import type { Defect } from '@mostrador/contract/problem';
import type { DefectPlace, SaleDefect, SaleRejection } from '@mostrador/domain/sale';
import { ApiError } from '../../platform/http/index.js';

export function refusal(rejection: SaleRejection, currency: string): ApiError {
  switch (rejection.code) {
    case 'sale_refused': {
      const [first] = rejection.defects;
      if (first === undefined) return new ApiError('validation_failed');
      return new ApiError(codeOf(first), {
        facts: factsOf(first, currency),
        errors: rejection.defects.map((defect) => asDefect(defect)),
      });
    }
    case 'sale_not_found':
      return new ApiError('not_found');
    case 'sale_exists':
      return new ApiError('conflict');
  }
}

function codeOf(defect: SaleDefect): ErrorCode {
  switch (defect.code) {
    case 'quantity_invalid':
    case 'amount_invalid':
      return 'validation_failed';
    default:
      return defect.code;
  }
}

function asDefect(defect: SaleDefect): Defect {
  const code = codeOf(defect);
  return { path: pathOf(defect), code, message: ERRORS[code].title };
}

function pathOf(defect: SaleDefect): string {
  switch (defect.code) {
    case 'variant_unknown':
    case 'product_archived':
    case 'price_missing':
      return `lines.${defect.line}.variant_id`;
    case 'quantity_fraction':
    case 'quantity_invalid':
      return `lines.${defect.line}.quantity`;
    case 'amount_invalid':
    case 'currency_mismatch':
      return placeOf(defect.at);
    case 'discount_excess':
      return defect.line === null ? 'discount' : `lines.${defect.line}.discount`;
    case 'sale_line_unknown':
      return `lines.${defect.line}.sale_line`;
    case 'refund_excess':
      return defect.line === null ? 'lines' : `lines.${defect.line}.quantity`;
    case 'amount_out_of_range':
      return 'lines';
    case 'tender_insufficient':
    case 'tender_excess':
    case 'tender_mismatch':
      return 'tenders';
  }
}

function placeOf(at: DefectPlace): string {
  switch (at.field) {
    case 'price':
      return `lines.${at.line}.price`;
    case 'discount':
      return `lines.${at.line}.discount`;
    case 'sale_discount':
      return 'discount';
    case 'tender':
      return `tenders.${at.tender}.amount`;
  }
}

/** What a client needs to act on the first defect. */
function factsOf(defect: SaleDefect, currency: string): Record<string, unknown> {
  switch (defect.code) {
    case 'variant_unknown':
    case 'product_archived':
    case 'price_missing':
    case 'quantity_fraction':
      return { variant_id: defect.variantId };
    case 'currency_mismatch':
      return { currency: defect.currency };
    case 'discount_excess':
      return { discountable: money(defect.discountableMinor, currency) };
    case 'tender_insufficient':
      return { total: money(defect.totalMinor, currency), missing: money(defect.missingMinor, currency) };
    case 'tender_excess':
      return { total: money(defect.totalMinor, currency), excess: money(defect.excessMinor, currency) };
    case 'tender_mismatch':
      return { total: money(defect.totalMinor, currency), tendered: money(defect.tenderedMinor, currency) };
    case 'sale_line_unknown':
      return { sale_line: defect.saleLine };
    case 'refund_excess':
      return {
        sale_line: defect.saleLine,
        quantity_refundable: fromMilli(defect.refundableMilli),
        refundable: money(defect.refundableMinor, currency),
      };
    case 'quantity_invalid':
    case 'amount_invalid':
    case 'amount_out_of_range':
      return {};
  }
}
