/**
 * Splitting an amount so that the parts add up to it. What is left over after rounding down goes, one unit each, to
 * the parts with the largest remainder, and among equals to the earlier one: the same input gives the same split.
 */
import { mulDivRound, plusZero, sum, toSafe } from './exact.js';

/**
 * Splits `total` in proportion to `weights`, which may have mixed signs but must not add up to zero (then all weigh
 * alike). The parts add up to `total`; each lies within one unit of its exact share. Null on an overflow; [] for no weights.
 */
export function allocate(total: number, weights: readonly number[]): number[] | null {
  if (weights.length === 0) return [];
  const whole = sum(weights);
  if (whole === null) return null;
  if (whole === 0)
    return spread(
      weights.map(() => 1),
      total,
      weights.length,
      total,
    );
  return whole > 0 ? spread(weights, total, whole, total) : spread(weights, -total, -whole, total);
}

/**
 * Each part × factor / divisor, rounded down or up so that the results add up to `target`, which must be the exact
 * sum rounded either way. `divisor` is above zero. Null on an overflow.
 */
export function spread(parts: readonly number[], factor: number, divisor: number, target: number): number[] | null {
  const rows: { index: number; floor: number; rest: number }[] = [];
  for (let index = 0; index < parts.length; index++) {
    const row = floorDiv(parts[index] as number, factor, divisor);
    if (row === null) return null;
    rows.push({ index, floor: row.floor, rest: row.rest });
  }
  const floors = sum(rows.map((row) => row.floor));
  if (floors === null) return null;
  const result = rows.map((row) => row.floor);
  let left = target - floors;
  rows.sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const row of rows) {
    if (left <= 0) break;
    result[row.index] = plusZero(row.floor + 1);
    left--;
  }
  return result;
}

/**
 * The piece of `total` that belongs to units `before` … `before + count` of `of`: pieces taken one after the other
 * add up to `total` exactly, however it is cut. For refunds in parts. Null on an overflow; `of` is above zero.
 */
export function slice(total: number, before: number, count: number, of: number): number | null {
  const upTo = mulDivRound(total, before + count, of);
  const already = mulDivRound(total, before, of);
  return upTo === null || already === null ? null : sum([upTo, -already]);
}

function floorDiv(a: number, b: number, divisor: number): { floor: number; rest: number } | null {
  const product = a * b;
  if (Number.isSafeInteger(product)) {
    const signed = product % divisor;
    const rest = signed < 0 ? signed + divisor : plusZero(signed);
    // Exact: the difference is a multiple of the divisor, and it may pass the safe range by less than one divisor.
    if (Number.isSafeInteger(product - rest)) return { floor: plusZero((product - rest) / divisor), rest };
  }
  const by = BigInt(divisor);
  const big = BigInt(a) * BigInt(b);
  const signed = big % by;
  const rest = signed < 0n ? signed + by : signed;
  const floor = toSafe((big - rest) / by);
  return floor === null ? null : { floor, rest: Number(rest) };
}
