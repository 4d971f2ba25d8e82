/**
 * The rules of stock: which events and transfers a document makes, or why it makes none. Whether there is enough is
 * left to the ledger, which knows the level at the moment of the commit. Rules: docs/spec/stock.md.
 */
import type { DecidedEvent, Decision, DecisionContext } from '../decision.js';
import type { AccountRef, MoveTransfer, TransferCause } from '../ledger/index.js';
import { stockAccount, stockCounterparty } from './accounts.js';
import {
  levelKey,
  MAX_LINES,
  MAX_QUANTITY_MILLI,
  type QuantityLine,
  type StockCommand,
  type StockRejection,
  type StockState,
} from './state.js';
import type { StockEvent } from './types.js';

type StockDecision = Decision<StockRejection>;
type Move = Pick<MoveTransfer, 'debit' | 'credit' | 'amount' | 'cause' | 'overdraw'>;

const MAX_COST_MINOR = 1_000_000_000_000;

const refuse = (rejection: StockRejection): StockDecision => ({ ok: false, rejection });

/** Only a count without `seenMilli` looks at the state. */
export function decide(state: StockState, command: StockCommand, context: DecisionContext): StockDecision {
  switch (command.type) {
    case 'receive': {
      const { type: _, ...payload } = command;
      const defect = defectOfLines(command.lines) ?? defectOfCosts(command.lines);
      if (defect !== undefined) return refuse(defect);
      const from = stockCounterparty('supplied', command.locationId);
      return happened(
        context,
        command.receiptId,
        { type: 'stock.received', payload },
        bring(command.locationId, command.lines, from, 'receipt'),
      );
    }
    case 'adjust': {
      const { type: _, allowBelowZero, ...payload } = command;
      if (!isChange(command.quantityMilli)) return refuse({ code: 'quantity_invalid', line: 0 });
      if (command.reason.trim() === '') return refuse({ code: 'reason_missing' });
      return happened(context, command.adjustmentId, { type: 'stock.adjusted', payload }, [
        correct(command.locationId, command.variantId, command.quantityMilli, 'adjustment', allowBelowZero),
      ]);
    }
    case 'write_off': {
      const { type: _, allowBelowZero, ...payload } = command;
      const defect = defectOfLines(command.lines);
      if (defect !== undefined) return refuse(defect);
      if (command.reason.trim() === '') return refuse({ code: 'reason_missing' });
      const to = stockCounterparty('written_off', command.locationId);
      const moves = command.lines.map((line): Move => {
        const credit = stockAccount(command.locationId, line.variantId);
        return { debit: to, credit, amount: line.quantityMilli, cause: 'write_off', overdraw: allowBelowZero };
      });
      return happened(context, command.writeOffId, { type: 'stock.written_off', payload }, moves);
    }
    case 'count':
      return decideCount(state, command, context);
    case 'move': {
      const { type: _, ...payload } = command;
      const { fromLocationId, toLocationId } = command;
      if (fromLocationId === toLocationId) return refuse({ code: 'same_location' });
      const defect = defectOfLines(command.lines);
      if (defect !== undefined) return refuse(defect);
      const moves = command.lines.map(
        (line): Move => ({
          debit: stockAccount(toLocationId, line.variantId),
          credit: stockAccount(fromLocationId, line.variantId),
          amount: line.quantityMilli,
          cause: 'move',
        }),
      );
      return happened(context, command.moveId, { type: 'stock.moved', payload }, moves);
    }
    case 'open': {
      const { type: _, ...payload } = command;
      const defect = defectOfLines(command.lines);
      if (defect !== undefined) return refuse(defect);
      const from = stockCounterparty('opening', command.locationId);
      return happened(
        context,
        command.openingId,
        { type: 'stock.opened', payload },
        bring(command.locationId, command.lines, from, 'opening'),
      );
    }
    case 'set_threshold': {
      const { variantId, reorderPointMilli } = command;
      if (reorderPointMilli !== null && !isCount(reorderPointMilli))
        return refuse({ code: 'quantity_invalid', line: 0 });
      return happened(
        context,
        variantId,
        { type: 'stock.threshold_set', payload: { variantId, reorderPointMilli } },
        [],
      );
    }
  }
}

/**
 * The difference is taken against what the counter saw and added to whatever the level is by then. A shelf is a fact,
 * so the ledger may be left below zero by it: that shows an oversale, which a person has to look at.
 */
function decideCount(
  state: StockState,
  command: Extract<StockCommand, { type: 'count' }>,
  context: DecisionContext,
): StockDecision {
  if (command.lines.length === 0) return refuse({ code: 'lines_missing' });
  if (command.lines.length > MAX_LINES) return refuse({ code: 'lines_too_many', limit: MAX_LINES });
  const counted = new Set<string>();
  const moves: Move[] = [];
  const lines: { variantId: string; expectedMilli: number; countedMilli: number }[] = [];
  for (const [index, line] of command.lines.entries()) {
    const { variantId, countedMilli } = line;
    const expectedMilli = line.seenMilli ?? state.levels.get(levelKey(command.locationId, variantId)) ?? 0;
    if (!isCount(countedMilli) || !Number.isSafeInteger(expectedMilli)) {
      return refuse({ code: 'quantity_invalid', line: index });
    }
    if (counted.has(variantId)) return refuse({ code: 'line_repeated', line: index, variantId });
    counted.add(variantId);
    lines.push({ variantId, expectedMilli, countedMilli });
    const difference = countedMilli - expectedMilli;
    if (difference !== 0) moves.push(correct(command.locationId, variantId, difference, 'count', true));
  }
  const { countId, locationId, note } = command;
  return happened(context, countId, { type: 'stock.counted', payload: { countId, locationId, note, lines } }, moves);
}

function happened(context: DecisionContext, subject: string, event: StockEvent, moves: readonly Move[]): StockDecision {
  const decided: DecidedEvent = { type: event.type, subject, payload: event.payload };
  const transfers = moves.map((move, n): MoveTransfer => ({ ...move, kind: 'direct', id: `${context.commitId}/${n}` }));
  return { ok: true, events: [decided], transfers };
}

function bring(locationId: string, lines: readonly QuantityLine[], from: AccountRef, cause: TransferCause): Move[] {
  return lines.map((line) => ({
    debit: stockAccount(locationId, line.variantId),
    credit: from,
    amount: line.quantityMilli,
    cause,
  }));
}

/** A signed change against the location's account of adjustments. */
function correct(
  locationId: string,
  variantId: string,
  quantityMilli: number,
  cause: 'adjustment' | 'count',
  overdraw: boolean,
): Move {
  const stock = stockAccount(locationId, variantId);
  const other = stockCounterparty('adjusted', locationId);
  return quantityMilli > 0
    ? { debit: stock, credit: other, amount: quantityMilli, cause }
    : { debit: other, credit: stock, amount: -quantityMilli, cause, overdraw };
}

function defectOfLines(lines: readonly QuantityLine[]): StockRejection | undefined {
  if (lines.length === 0) return { code: 'lines_missing' };
  if (lines.length > MAX_LINES) return { code: 'lines_too_many', limit: MAX_LINES };
  const line = lines.findIndex((l) => !isChange(l.quantityMilli) || l.quantityMilli < 0);
  return line === -1 ? undefined : { code: 'quantity_invalid', line };
}

function defectOfCosts(lines: readonly { readonly unitCostMinor: number | null }[]): StockRejection | undefined {
  const line = lines.findIndex(
    ({ unitCostMinor: cost }) => cost !== null && !(Number.isSafeInteger(cost) && cost >= 0 && cost <= MAX_COST_MINOR),
  );
  return line === -1 ? undefined : { code: 'cost_invalid', line };
}

function isChange(milli: number): boolean {
  return Number.isSafeInteger(milli) && milli !== 0 && Math.abs(milli) <= MAX_QUANTITY_MILLI;
}

function isCount(milli: number): boolean {
  return Number.isSafeInteger(milli) && milli >= 0 && milli <= MAX_QUANTITY_MILLI;
}
