/** Suppliers over REST. */
import { timestamp } from '@mostrador/contract/common';
import type { ErrorCode } from '@mostrador/contract/errors';
import {
  type SupplierJson,
  zSupplier,
  zSupplierInput,
  zSupplierPage,
  zSupplierParams,
  zSupplierPatch,
  zSupplierQuery,
} from '@mostrador/contract/supplier';
import { foldWords } from '@mostrador/domain/product';
import {
  decideSupplier,
  evolveSupplier,
  type SupplierCommand,
  type SupplierEvent,
  type SupplierRejection,
  type SupplierState,
} from '@mostrador/domain/supplier';
import { z } from 'zod';
import type { Platform } from '../../module.js';
import {
  type Api,
  ApiError,
  type Command,
  type Committed,
  commitOrThrow,
  decodeCursor,
  orAsBefore,
  pageOf,
  type Session,
} from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { listSuppliers, readSuppliers, type SupplierRow } from './queries.js';

const zCursorValues = z.tuple([z.string(), z.string()]);

const CODES = {
  supplier_exists: 'conflict',
  supplier_not_found: 'not_found',
  supplier_archived: 'supplier_archived',
  name_missing: 'validation_failed',
} as const satisfies Record<SupplierRejection['code'], ErrorCode>;

export function supplierRoutes(api: Api, platform: Platform): void {
  const { database, journal } = platform;

  const required = async (tenantId: number, supplierId: string): Promise<SupplierRow> => {
    const row = (await readSuppliers(database, tenantId, [supplierId]))[0];
    if (row === undefined) throw new ApiError('not_found');
    return row;
  };

  /** Decides, commits and answers; the answer is told by the events up to its place, so that repeating it says the same. */
  const carryOut = async (
    session: Session,
    command: Command,
    supplierId: string,
    what: SupplierCommand,
    ifMatch?: number,
  ): Promise<SupplierJson> => {
    const { tenantId } = session;
    let same: SupplierRow | undefined;
    const committed = await orAsBefore(journal, tenantId, command, async (): Promise<Committed> => {
      const row = what.type === 'create' ? undefined : await required(tenantId, supplierId);
      const decision = decideSupplier(row === undefined ? null : stateOf(row), what);
      if (!decision.ok) throw new ApiError(CODES[decision.rejection.code]);
      const revision = ifMatch ?? row?.revision;
      if (row !== undefined && decision.events.length === 0) {
        if (revision !== row.revision) {
          throw new ApiError('conflict', { facts: { subject: supplierId, revision: row.revision } });
        }
        same = row;
        return { seq: row.revision, events: [], status: 'committed' };
      }
      const expects = revision === undefined ? [] : [{ subject: supplierId, revision }];
      return commitOrThrow(journal, tenantId, {
        ...command,
        actor: session.userId,
        events: decision.events,
        expects,
      });
    });
    if (same !== undefined) return supplierJson(same);
    return asOf(tenantId, committed.events[0]?.subject ?? supplierId, committed.seq);
  };

  const asOf = async (tenantId: number, supplierId: string, seq: number): Promise<SupplierJson> => {
    let state: SupplierState | null = null;
    let created = 0;
    let updated = 0;
    let revision = 0;
    for (const event of await journal.eventsOf(tenantId, supplierId)) {
      if (event.seq > seq) break;
      if (state === null) created = event.at;
      state = evolveSupplier(state, event as unknown as SupplierEvent);
      updated = event.at;
      revision = event.seq;
    }
    if (state === null) throw new ApiError('not_found');
    const { name, taxId, note, archived } = state;
    const [created_at, updated_at] = [timestamp(created), timestamp(updated)];
    return { id: supplierId, name, tax_id: taxId, note, archived, created_at, updated_at, revision };
  };

  api.route(
    {
      method: 'GET',
      url: '/suppliers',
      tag: 'supplier',
      summary: 'Suppliers by name',
      permission: 'supplier.read',
      query: zSupplierQuery,
      response: zSupplierPage,
      errors: ['cursor_invalid'],
    },
    async ({ query, session }) => {
      const typed = query.q ?? '';
      const rows = await listSuppliers(database, session.tenantId, {
        words: foldWords(typed),
        typed: typed.toLowerCase(),
        archived: query.archived ?? false,
        after: query.cursor === undefined ? null : decodeCursor(query.cursor, zCursorValues),
        limit: query.limit,
      });
      return pageOf(rows, query.limit, supplierJson, (row) => [row.name_key, row.supplier_id]);
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/suppliers/{supplier_id}',
      tag: 'supplier',
      summary: 'A supplier',
      permission: 'supplier.read',
      params: zSupplierParams,
      response: zSupplier,
      errors: ['not_found'],
    },
    async ({ params, session }) => supplierJson(await required(session.tenantId, params.supplier_id)),
  );

  api.route(
    {
      method: 'POST',
      url: '/suppliers',
      tag: 'supplier',
      summary: 'Create a supplier',
      permission: 'supplier.write',
      body: zSupplierInput,
      status: 201,
      response: zSupplier,
    },
    ({ body, session, command }) => {
      const supplierId = newId('sup');
      const { name, tax_id: taxId, note } = body;
      return carryOut(session, command, supplierId, { type: 'create', supplierId, name, taxId, note });
    },
  );

  api.route(
    {
      method: 'PATCH',
      url: '/suppliers/{supplier_id}',
      tag: 'supplier',
      summary: 'Change what is named and leave the rest',
      permission: 'supplier.write',
      params: zSupplierParams,
      body: zSupplierPatch,
      response: zSupplier,
      errors: ['not_found', 'supplier_archived', 'conflict'],
    },
    ({ params, body, session, command, ifMatch }) => {
      const { name, tax_id: taxId, note } = body;
      return carryOut(session, command, params.supplier_id, { type: 'change', name, taxId, note }, ifMatch);
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/suppliers/{supplier_id}/archive',
      tag: 'supplier',
      summary: 'Archive a supplier; what was received from it keeps its name',
      permission: 'supplier.write',
      params: zSupplierParams,
      response: zSupplier,
      errors: ['not_found', 'conflict'],
    },
    ({ params, session, command, ifMatch }) =>
      carryOut(session, command, params.supplier_id, { type: 'archive' }, ifMatch),
  );
}

function stateOf(row: SupplierRow): SupplierState {
  const { supplier_id: supplierId, name, tax_id: taxId, note, archived } = row;
  return { supplierId, name, taxId, note, archived };
}

function supplierJson(row: SupplierRow): SupplierJson {
  return {
    id: row.supplier_id,
    name: row.name,
    tax_id: row.tax_id,
    note: row.note,
    archived: row.archived,
    created_at: timestamp(row.created_at.getTime()),
    updated_at: timestamp(row.updated_at.getTime()),
    revision: row.revision,
  };
}
