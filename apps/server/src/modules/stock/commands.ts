/** What is done to stock: what the request names is looked up, the document decided, and committed. */
import type { ErrorCode } from '@mostrador/contract/errors';
import { decide, levelKey, type StockCommand, type StockRejection, type StockState } from '@mostrador/domain/stock';
import type { Platform } from '../../module.js';
import { ApiError, type Command, type Committed, commitOrThrow, orAsBefore } from '../../platform/http/index.js';
import { readOnHand } from './levels.js';
import { productsOf } from './queries.js';

export interface Asker {
  readonly tenantId: number;
  readonly userId: string;
}

/** Decides and commits; a repeated command is answered as before. `make` may look things up and refuse. */
export function carryOut(
  platform: Platform,
  asker: Asker,
  command: Command,
  make: () => Promise<StockCommand>,
): Promise<Committed> {
  const { tenantId } = asker;
  return orAsBefore(platform.journal, tenantId, command, async () => {
    const stockCommand = await make();
    const state = await stateFor(platform, tenantId, stockCommand);
    const decision = decide(state, stockCommand, { commitId: command.id, now: platform.now() });
    if (!decision.ok) throw refusal(decision.rejection);
    const { events, transfers } = decision;
    return commitOrThrow(platform.journal, tenantId, { ...command, actor: asker.userId, events, transfers });
  });
}

/** Only a count looks at levels, and only where the counter did not say what was seen. */
async function stateFor(platform: Platform, tenantId: number, command: StockCommand): Promise<StockState> {
  const levels = new Map<string, number>();
  if (command.type === 'count') {
    const unseen = command.lines.filter((l) => l.seenMilli === undefined).map((l) => l.variantId);
    if (unseen.length > 0) {
      for (const [variantId, milli] of await readOnHand(platform.database, tenantId, command.locationId, unseen)) {
        levels.set(levelKey(command.locationId, variantId), milli);
      }
    }
  }
  return { levels, reorderPoints: new Map() };
}

/** Product ids by variant; throws `variant_unknown` with every line whose variant does not exist. */
export async function requireVariants(
  platform: Platform,
  tenantId: number,
  lines: readonly { readonly variant_id: string }[],
  path: (line: number) => string = (line) => `lines.${line}.variant_id`,
): Promise<Map<string, string>> {
  const products = await productsOf(platform.database, tenantId, [...new Set(lines.map((l) => l.variant_id))]);
  const errors = lines.flatMap(({ variant_id: id }, line) =>
    products.has(id) ? [] : [{ path: path(line), code: 'variant_unknown', message: `there is no variant ${id}` }],
  );
  if (errors.length > 0) throw new ApiError('variant_unknown', { errors });
  return products;
}

const CODES = {
  lines_missing: 'validation_failed',
  lines_too_many: 'validation_failed',
  quantity_invalid: 'validation_failed',
  cost_invalid: 'amount_out_of_range',
  reason_missing: 'validation_failed',
  line_repeated: 'validation_failed',
  same_location: 'validation_failed',
} as const satisfies Record<StockRejection['code'], ErrorCode>;

function refusal(rejection: StockRejection): ApiError {
  const path =
    'line' in rejection
      ? `lines.${rejection.line}`
      : rejection.code === 'same_location'
        ? 'to_location_id'
        : rejection.code === 'reason_missing'
          ? 'reason'
          : 'lines';
  return new ApiError(CODES[rejection.code], {
    errors: [{ path, code: rejection.code, message: rejection.code.replaceAll('_', ' ') }],
  });
}
