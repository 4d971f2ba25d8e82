/** The door of the customer module: its registration, and what others ask about customers. */
import { type CustomerPersonal, decideCustomer, EMPTY_PERSONAL, maskPersonal } from '@mostrador/domain/customer';
import type { Platform, ServerModule } from '../../module.js';
import type { ProposedEvent } from '../../platform/journal/index.js';
import type { Keyring } from '../../platform/keys/index.js';
import { customerMigrations } from './migrations.js';
import { openPersonal, sealPersonal } from './personal.js';
import { customerProjection } from './projection.js';
import { customersByReference, readCustomer, readCustomers } from './queries.js';
import { customerRoutes } from './routes.js';

export const customerModule: ServerModule = {
  name: 'customer',
  migrations: customerMigrations,
  projections: [customerProjection],
  subscriptions: [],
  routes: customerRoutes,
};

/** True for a customer who may be named by a new sale: there is one, and not erased. */
export async function customerExists(
  platform: Pick<Platform, 'database'>,
  tenantId: number,
  customerId: string,
): Promise<boolean> {
  const row = await readCustomer(platform.database, tenantId, customerId);
  return row !== null && row.erased_at === null;
}

/** Names by id, masked unless `reveal`; '' for the erased, nothing for the unknown. */
export async function customerNames(
  platform: Pick<Platform, 'database' | 'keyring'>,
  tenantId: number,
  customerIds: readonly string[],
  reveal: boolean,
): Promise<Map<string, string>> {
  const ids = [...new Set(customerIds)];
  if (ids.length === 0) return new Map();
  const rows = await readCustomers(platform.database, tenantId, ids);
  const named = rows.map(async (row): Promise<[string, string]> => {
    const personal = await openPersonal(platform.keyring, tenantId, row.customer_id, row.sealed);
    const known = personal ?? EMPTY_PERSONAL;
    return [row.customer_id, (reveal ? known : maskPersonal(known)).name];
  });
  return new Map(await Promise.all(named));
}

/** Ids by the number customers had where they were imported from. */
export function findCustomersByReference(
  platform: Pick<Platform, 'database'>,
  tenantId: number,
  references: readonly string[],
): Promise<Map<string, string>> {
  return customersByReference(platform.database, tenantId, references);
}

/**
 * The event that makes a customer of personal data, sealed, to be proposed with others (imports, the demo). What is
 * absent of the personal data is empty. Call it for many at once: their keys are then made together.
 */
export async function customerCreatedEvent(
  keyring: Keyring,
  tenantId: number,
  customer: {
    readonly customerId: string;
    readonly personal: Partial<CustomerPersonal>;
    readonly country: string;
    readonly consents?: readonly string[];
    readonly externalReference?: string;
  },
): Promise<ProposedEvent> {
  const { customerId, country, consents = [], externalReference } = customer;
  const personal = await sealPersonal(keyring, tenantId, customerId, { ...EMPTY_PERSONAL, ...customer.personal });
  const decision = decideCustomer(null, {
    type: 'create',
    customerId,
    personal,
    country,
    consents,
    externalReference,
  });
  const event = decision.ok ? decision.events[0] : undefined;
  if (event === undefined) throw new Error('a new customer was refused');
  return event;
}
