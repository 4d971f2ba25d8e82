/** What is done to customers: read, open, decide, seal, commit on the revision that was read. */
import type { ErrorCode } from '@mostrador/contract/errors';
import {
  type CustomerCommand,
  type CustomerPersonal,
  type CustomerRejection,
  type CustomerState,
  decideCustomer,
} from '@mostrador/domain/customer';
import type { Platform } from '../../module.js';
import { ApiError, type Command, type Committed, commitOrThrow } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { PersonErased } from '../../platform/keys/index.js';
import { openPersonal, sealPersonal } from './personal.js';
import { type CustomerRow, readCustomer } from './queries.js';

const CODES = {
  customer_exists: 'conflict',
  customer_not_found: 'not_found',
  customer_erased: 'customer_erased',
} as const satisfies Record<CustomerRejection['code'], ErrorCode>;

type Platformed = Pick<Platform, 'database' | 'journal' | 'keyring' | 'now'>;

/** Who asks for it, and by which command. */
export interface Asked {
  readonly tenantId: number;
  readonly actor: string;
  readonly command: Command;
}

export async function createCustomer(
  platform: Platformed,
  asked: Asked,
  input: { readonly personal: CustomerPersonal; readonly country: string; readonly consents: readonly string[] },
): Promise<Committed> {
  const customerId = newId('cus');
  const personal = await sealPersonal(platform.keyring, asked.tenantId, customerId, input.personal);
  const { country, consents } = input;
  const events = eventsOf(null, { type: 'create', customerId, personal, country, consents });
  return commitOrThrow(platform.journal, asked.tenantId, { ...asked.command, actor: asked.actor, events });
}

export interface CustomerChanges {
  readonly personal: Partial<CustomerPersonal>;
  readonly country?: string | undefined;
  readonly consents?: readonly string[] | undefined;
}

/** null: nothing changes. `ifMatch` is the revision that the asker has seen; absent, whatever it is now. */
export async function changeCustomer(
  platform: Platformed,
  asked: Asked,
  customerId: string,
  changes: CustomerChanges,
  ifMatch: number | undefined,
): Promise<Committed | null> {
  const { keyring, journal } = platform;
  const row = await required(platform, asked.tenantId, customerId);
  const before = await openPersonal(keyring, asked.tenantId, customerId, row.sealed);
  if (before === null) throw new ApiError('customer_erased');
  const after: CustomerPersonal = { ...before, ...changes.personal };
  const isSame = (Object.keys(after) as (keyof CustomerPersonal)[]).every((field) => after[field] === before[field]);
  const personal = isSame ? undefined : await sealOrRefuse(platform, asked.tenantId, customerId, after);
  const { country, consents } = changes;
  const events = eventsOf(stateOf(row), { type: 'change', personal, country, consents });
  if (events.length === 0) {
    if (ifMatch !== undefined && ifMatch !== row.revision) {
      throw new ApiError('conflict', { facts: { subject: customerId, revision: row.revision } });
    }
    return null;
  }
  const expects = [{ subject: customerId, revision: ifMatch ?? row.revision }];
  return commitOrThrow(journal, asked.tenantId, { ...asked.command, actor: asked.actor, events, expects });
}

/**
 * Destroys the person's key, then says so in the journal. The key goes first: when the process ends in between, the
 * data is gone and the same request completes it. What others seal meanwhile is refused, having no key. null: it was
 * erased before.
 */
export async function eraseCustomer(platform: Platformed, asked: Asked, customerId: string): Promise<Committed | null> {
  const row = await required(platform, asked.tenantId, customerId);
  await platform.keyring.destroy(asked.tenantId, customerId);
  const events = eventsOf(stateOf(row), { type: 'erase' });
  if (events.length === 0) return null;
  return commitOrThrow(platform.journal, asked.tenantId, { ...asked.command, actor: asked.actor, events });
}

async function required(platform: Platformed, tenantId: number, customerId: string): Promise<CustomerRow> {
  const row = await readCustomer(platform.database, tenantId, customerId);
  if (row === null) throw new ApiError('not_found');
  return row;
}

async function sealOrRefuse(platform: Platformed, tenantId: number, id: string, personal: CustomerPersonal) {
  try {
    return await sealPersonal(platform.keyring, tenantId, id, personal);
  } catch (error) {
    if (error instanceof PersonErased) throw new ApiError('customer_erased');
    throw error;
  }
}

function eventsOf(state: CustomerState | null, command: CustomerCommand) {
  const decision = decideCustomer(state, command);
  if (!decision.ok) throw new ApiError(CODES[decision.rejection.code]);
  return decision.events;
}

function stateOf(row: CustomerRow): CustomerState {
  return {
    customerId: row.customer_id,
    personal: row.sealed === null ? null : { sealed: row.sealed, tokens: row.tokens },
    country: row.country,
    consents: row.consents,
    externalReference: row.external_reference,
  };
}
