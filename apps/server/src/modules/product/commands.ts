/** Carries out one command on one product: reads it, decides, commits on the revision it was decided on. */
import type { ProductJson } from '@mostrador/contract/product';
import { decide, type ProductCommand } from '@mostrador/domain/product';
import type { Platform } from '../../module.js';
import { ApiError, type Command, commitOrThrow, orAsBefore, type Session } from '../../platform/http/index.js';
import { commitNamingTaken } from './create.js';
import { productJson } from './present.js';
import { productById, type StoredProduct } from './queries.js';
import { CONSTRAINTS, productRefusal } from './refuse.js';

/** Somebody else's change between reading and writing is decided again, a few times. */
const ATTEMPTS = 5;

interface Asked {
  readonly session: Session;
  readonly command: Command;
  readonly ifMatch: number | undefined;
}

export async function existingProduct(platform: Platform, tenantId: number, productId: string): Promise<StoredProduct> {
  const found = await productById(platform.database, tenantId, productId);
  if (found === undefined) throw new ApiError('not_found');
  return found;
}

/** Answers the product as it is afterwards. Throws ApiError. */
export async function runOnProduct(
  platform: Platform,
  asked: Asked,
  productId: string,
  command: ProductCommand,
): Promise<ProductJson> {
  const { session } = asked;
  await orAsBefore(platform.journal, session.tenantId, asked.command, () =>
    attempt(platform, asked, productId, command),
  );
  return productJson(session, await existingProduct(platform, session.tenantId, productId));
}

async function attempt(platform: Platform, asked: Asked, productId: string, command: ProductCommand) {
  const { session, ifMatch } = asked;
  for (let n = 1; ; n++) {
    const found = await existingProduct(platform, session.tenantId, productId);
    if (ifMatch !== undefined && ifMatch !== found.revision) {
      throw new ApiError('conflict', { facts: { revision: found.revision } });
    }
    const decision = decide(found.state, command);
    if (!decision.ok) throw productRefusal(decision.rejection);
    if (decision.events.length === 0) return { seq: found.revision, events: [], status: 'duplicate' as const };
    try {
      return await commitNamingTaken(platform, session.tenantId, codesOf(command), () =>
        commitOrThrow(
          platform.journal,
          session.tenantId,
          {
            ...asked.command,
            actor: session.userId,
            events: decision.events,
            expects: [{ subject: productId, revision: found.revision }],
          },
          CONSTRAINTS,
        ),
      );
    } catch (error) {
      const changed = error instanceof ApiError && error.code === 'conflict' && error.facts?.subject === productId;
      if (!changed || ifMatch !== undefined || n === ATTEMPTS) throw error;
    }
  }
}

/** What a command may take that somebody else has. */
function codesOf(command: ProductCommand): { sku: string; barcodes: readonly string[] }[] {
  if (command.type === 'add_variant') return [command.variant];
  if (command.type === 'add_barcode') return [{ sku: '', barcodes: [command.barcode] }];
  if (command.type === 'change_variant') return [{ sku: command.changes.sku ?? '', barcodes: [] }];
  return [];
}
