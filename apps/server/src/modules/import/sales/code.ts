/**
 * Codes that stand among products and are none: postage, charges, vouchers, manual corrections. A code of one letter
 * counts only when what it is called agrees, because a shop may well sell an article `M` [IM6].
 */
import type { LineKind } from '@mostrador/domain/sale';

export interface CodeKind {
  readonly kind: LineKind;
  /** A cost or an income of the shop's own, not sold to anybody: it is recorded apart from sales. */
  readonly own: boolean;
}

const PRODUCT: CodeKind = { kind: 'product', own: false };
const SHIPPING: CodeKind = { kind: 'shipping', own: false };
const VOUCHER: CodeKind = { kind: 'voucher', own: false };
const DISCOUNT: CodeKind = { kind: 'discount', own: false };
const OTHER: CodeKind = { kind: 'other', own: false };
const FEE: CodeKind = { kind: 'fee', own: true };
const SAMPLES: CodeKind = { kind: 'other', own: true };

const CODES: ReadonlyMap<string, CodeKind> = new Map([
  ...list('post dot c2 postage shipping carriage delivery envio envío flete frete', SHIPPING),
  ...list('cruk amazonfee', FEE),
  ...list('discount descuento desconto', DISCOUNT),
  ...list('pads manual adjust adjust2 ajuste test001 test002', OTHER),
  ['bank charges', FEE],
]);

/** Code → what its name must say. */
const LETTERS: ReadonlyMap<string, readonly [RegExp, CodeKind]> = new Map([
  ['m', [/manual/iu, OTHER]],
  ['d', [/disc|desc/iu, DISCOUNT]],
  ['s', [/sample|muestra|amostra/iu, SAMPLES]],
  ['b', [/debt|deuda|incobrable/iu, FEE]],
]);

const VOUCHERS = /^(?:gift_\d+_\d+|gift ?card.*|voucher.*)$/u;

/** `key` is the code without case, `name` what the file mostly calls it. */
export function codeKind(key: string, name: string): CodeKind {
  const known = CODES.get(key);
  if (known !== undefined) return known;
  const letter = LETTERS.get(key);
  if (letter !== undefined) return letter[0].test(name) ? letter[1] : PRODUCT;
  return VOUCHERS.test(key) ? VOUCHER : PRODUCT;
}

function list(codes: string, kind: CodeKind): [string, CodeKind][] {
  return codes.split(' ').map((code) => [code, kind]);
}
