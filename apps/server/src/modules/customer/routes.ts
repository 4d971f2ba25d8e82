/** Customers over REST. Answers are masked for whoever may not reveal personal data. */
import { timestamp } from '@mostrador/contract/common';
import {
  type CustomerJson,
  zCustomer,
  zCustomerInput,
  zCustomerPage,
  zCustomerParams,
  zCustomerPatch,
  zCustomerQuery,
} from '@mostrador/contract/customer';
import {
  type CustomerEvent,
  type CustomerPersonal,
  type CustomerState,
  customerQuery,
  EMPTY_PERSONAL,
  evolveCustomer,
  maskPersonal,
} from '@mostrador/domain/customer';
import { z } from 'zod';
import type { Platform } from '../../module.js';
import { type Api, ApiError, decodeCursor, orAsBefore, pageOf, type Session } from '../../platform/http/index.js';
import { type Asked, changeCustomer, createCustomer, eraseCustomer } from './commands.js';
import { openPersonal } from './personal.js';
import { type CustomerRow, listCustomers, readCustomer, searchCustomers } from './queries.js';

const zCursorValues = z.tuple([z.string()]);

export function customerRoutes(api: Api, platform: Platform): void {
  const { database, journal, keyring } = platform;

  const jsonOf = async (session: Session, row: CustomerRow): Promise<CustomerJson> => {
    const personal = await openPersonal(keyring, session.tenantId, row.customer_id, row.sealed);
    return customerJson(row, personal, session.permissions.has('customer.reveal'));
  };

  /** The customer as the command left it: told by the events up to its place, so that a repeated command says the same. */
  const jsonAsOf = async (session: Session, customerId: string, seq: number): Promise<CustomerJson> => {
    const events = await journal.eventsOf(session.tenantId, customerId);
    let state: CustomerState | null = null;
    let row: Omit<CustomerRow, 'sealed' | 'tokens' | 'country' | 'consents' | 'external_reference'> | undefined;
    for (const event of events) {
      if (event.seq > seq) break;
      const at = new Date(event.at);
      state = evolveCustomer(state, event as unknown as CustomerEvent);
      row = {
        customer_id: customerId,
        created_at: row?.created_at ?? at,
        updated_at: at,
        erased_at: event.type === 'customer.erased' ? at : null,
        revision: event.seq,
      };
    }
    if (state === null || row === undefined) throw new ApiError('not_found');
    return jsonOf(session, {
      ...row,
      sealed: state.personal?.sealed ?? null,
      tokens: [],
      country: state.country,
      consents: state.consents,
      external_reference: state.externalReference,
    });
  };

  const jsonNow = async (session: Session, customerId: string): Promise<CustomerJson> => {
    const row = await readCustomer(database, session.tenantId, customerId);
    if (row === null) throw new ApiError('not_found');
    return jsonOf(session, row);
  };

  api.route(
    {
      method: 'GET',
      url: '/customers',
      tag: 'customer',
      summary: 'Customers, the newest first, or those that a search finds',
      permission: 'customer.read',
      query: zCustomerQuery,
      response: zCustomerPage,
      errors: ['cursor_invalid'],
    },
    async ({ query, session }) => {
      const { tenantId } = session;
      const before = query.cursor === undefined ? null : decodeCursor(query.cursor, zCursorValues)[0];
      let rows: CustomerRow[];
      if (query.q === undefined || query.q === '') {
        rows = await listCustomers(database, tenantId, before, query.limit);
      } else {
        const { all, any } = customerQuery(query.q);
        const tokens = { every: keyring.tokens(tenantId, all), some: keyring.tokens(tenantId, any) };
        rows = await searchCustomers(database, tenantId, tokens, before, query.limit);
      }
      const { data, page } = pageOf(
        rows,
        query.limit,
        (row) => jsonOf(session, row),
        (row) => [row.customer_id],
      );
      return { data: await Promise.all(data), page };
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/customers/{customer_id}',
      tag: 'customer',
      summary: 'A customer',
      permission: 'customer.read',
      params: zCustomerParams,
      response: zCustomer,
      errors: ['not_found'],
    },
    ({ params, session }) => jsonNow(session, params.customer_id),
  );

  api.route(
    {
      method: 'POST',
      url: '/customers',
      tag: 'customer',
      summary: 'Create a customer',
      permission: 'customer.write',
      body: zCustomerInput,
      status: 201,
      response: zCustomer,
    },
    async ({ body, session, command }) => {
      const { country, consents, ...personal } = body;
      const committed = await createCustomer(platform, askedBy(session, command), {
        personal,
        country: country ?? session.tenant.country,
        consents,
      });
      return jsonAsOf(session, subjectOf(committed), committed.seq);
    },
  );

  api.route(
    {
      method: 'PATCH',
      url: '/customers/{customer_id}',
      tag: 'customer',
      summary: 'Change what is named and leave the rest',
      permission: 'customer.write',
      params: zCustomerParams,
      body: zCustomerPatch,
      response: zCustomer,
      errors: ['not_found', 'customer_erased', 'conflict'],
    },
    async ({ params, body, session, command, ifMatch }) => {
      const { country, consents, ...personal } = body;
      const given = Object.fromEntries(Object.entries(personal).filter(([, value]) => value !== undefined));
      const changes = { personal: given as Partial<CustomerPersonal>, country, consents };
      let isSame = false;
      const committed = await orAsBefore(journal, session.tenantId, command, async () => {
        const done = await changeCustomer(platform, askedBy(session, command), params.customer_id, changes, ifMatch);
        if (done !== null) return done;
        isSame = true;
        return { seq: 0, events: [], status: 'committed' as const };
      });
      if (isSame) return jsonNow(session, params.customer_id);
      return jsonAsOf(session, params.customer_id, committed.seq);
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/customers/{customer_id}/erase',
      tag: 'customer',
      summary: 'Destroy what is known of the person; sales stay, without a name',
      description:
        'Cannot be undone: the key of the personal data is destroyed, in the journal and for restored backups too.',
      permission: 'customer.erase',
      params: zCustomerParams,
      response: zCustomer,
      errors: ['not_found'],
    },
    async ({ params, session, command }) => {
      const committed = await eraseCustomer(platform, askedBy(session, command), params.customer_id);
      if (committed === null) return jsonNow(session, params.customer_id);
      return jsonAsOf(session, params.customer_id, committed.seq);
    },
  );
}

function askedBy(session: Session, command: Asked['command']): Asked {
  return { tenantId: session.tenantId, actor: session.userId, command };
}

function subjectOf(committed: { readonly events: readonly { readonly subject: string }[] }): string {
  const subject = committed.events[0]?.subject;
  if (subject === undefined) throw new Error('a commit has no events');
  return subject;
}

function customerJson(row: CustomerRow, personal: CustomerPersonal | null, mayReveal: boolean): CustomerJson {
  const known = personal ?? EMPTY_PERSONAL;
  return {
    id: row.customer_id,
    ...(mayReveal ? known : maskPersonal(known)),
    masked: !mayReveal,
    country: row.country,
    consents: [...row.consents],
    external_reference: row.external_reference,
    erased_at: row.erased_at === null ? null : timestamp(row.erased_at.getTime()),
    created_at: timestamp(row.created_at.getTime()),
    updated_at: timestamp(row.updated_at.getTime()),
    revision: row.revision,
  };
}
