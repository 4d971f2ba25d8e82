/**
 * Integer arithmetic that never rounds by accident. Products that fit are multiplied as numbers; the others go
 * through BigInt; a result that is no safe integer is null, so that an overflow is a refusal and not a wrong amount.
 */

/** a × b / divisor, rounded half away from zero; null when the result is no safe integer. `divisor` is above zero. */
export function mulDivRound(a: number, b: number, divisor: number): number | null {
  const product = a * b;
  if (Number.isSafeInteger(product) && Number.isSafeInteger(divisor)) {
    const rest = product % divisor;
    const whole = (product - rest) / divisor;
    // Compared this way round because 2 × rest may leave the safe range.
    const up = Math.abs(rest) >= divisor - Math.abs(rest);
    return plusZero(rest !== 0 && up ? whole + Math.sign(product) : whole);
  }
  const big = BigInt(a) * BigInt(b);
  const by = BigInt(divisor);
  const rest = big % by;
  const absolute = rest < 0n ? -rest : rest;
  const whole = big / by;
  return toSafe(absolute * 2n >= by ? whole + (big < 0n ? -1n : 1n) : whole);
}

/** The sum; null when it is no safe integer. */
export function sum(amounts: readonly number[]): number | null {
  let total = 0;
  let safe = true;
  for (const amount of amounts) {
    total += amount;
    if (!Number.isSafeInteger(total)) safe = false;
  }
  if (safe) return plusZero(total);
  return toSafe(amounts.reduce((whole, amount) => whole + BigInt(amount), 0n));
}

/** A BigInt as a number; null when that would lose digits. */
export function toSafe(value: bigint): number | null {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

/** −0 is 0: it would print and compare oddly. */
export function plusZero(value: number): number {
  return value === 0 ? 0 : value;
}
