/**
 * Cash rounding: where the smallest coins are gone, what is paid in cash is rounded to what can be paid [CS11]. It touches
 * the cash that is due and nothing else: the sale's total, its taxes, and what is paid by card or transfer stay exact.
 *
 * Chile (law 20.956): 1 to 5 pesos down, 6 to 9 up. Argentina (law 25.954): less than five centavos in the buyer's favour.
 * Uruguay, where nothing below a peso is coined: up to 50 centésimos in the buyer's favour.
 */
import { COUNTRIES } from '../tenant/countries.js';

export interface CashRounding {
  /** The smallest amount that can be paid, in minor units. */
  readonly stepMinor: number;
  /** A remainder of this much and more is rounded up, a smaller one down. */
  readonly upFromMinor: number;
}

const ROUNDING: Readonly<Record<string, CashRounding>> = {
  AR: { stepMinor: 5, upFromMinor: 5 },
  CL: { stepMinor: 10, upFromMinor: 6 },
  UY: { stepMinor: 100, upFromMinor: 51 },
};

/** The rule of a country (ISO 3166-1 alpha-2) for cash of its own currency; null where cash is paid exactly. */
export function cashRoundingOf(country: string, currency: string): CashRounding | null {
  if (COUNTRIES[country]?.currency !== currency) return null;
  return ROUNDING[country] ?? null;
}

/**
 * What is added to an amount that is due in cash, in minor units: below zero in the buyer's favour, zero where there is
 * no rule. `dueMinor` is a safe integer, zero or more; a result that would leave the safe range is rounded down instead.
 */
export function cashRounding(rule: CashRounding | null, dueMinor: number): number {
  if (rule === null || dueMinor <= 0) return 0;
  const rest = dueMinor % rule.stepMinor;
  const isUp = rest >= rule.upFromMinor && Number.isSafeInteger(dueMinor + rule.stepMinor);
  // Not -rest: a zero is a zero.
  return rest === 0 ? 0 : isUp ? rule.stepMinor - rest : 0 - rest;
}
