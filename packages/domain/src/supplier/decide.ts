/** The rules of suppliers: created once, changed until archived. Goods already received keep naming an archived one. */
import type { DecidedEvent, Decision } from '../decision.js';
import type { SupplierCommand, SupplierRejection, SupplierState } from './state.js';
import type { SupplierEvent } from './types.js';

type SupplierDecision = Decision<SupplierRejection>;

/** `null`: no such supplier. A command that would change nothing succeeds without an event. */
export function decideSupplier(state: SupplierState | null, command: SupplierCommand): SupplierDecision {
  if (command.type === 'create') {
    if (state !== null) return refuse({ code: 'supplier_exists' });
    const { supplierId, taxId, note } = command;
    const name = command.name.trim();
    if (name === '') return refuse({ code: 'name_missing' });
    return happened({ type: 'supplier.created', payload: { supplierId, name, taxId, note } });
  }
  if (state === null) return refuse({ code: 'supplier_not_found' });
  const { supplierId } = state;
  if (command.type === 'archive') {
    return state.archived ? NOTHING : happened({ type: 'supplier.archived', payload: { supplierId } });
  }
  if (state.archived) return refuse({ code: 'supplier_archived' });
  const changes: { name?: string; taxId?: string; note?: string } = {};
  const name = command.name?.trim();
  if (name === '') return refuse({ code: 'name_missing' });
  if (name !== undefined && name !== state.name) changes.name = name;
  if (command.taxId !== undefined && command.taxId !== state.taxId) changes.taxId = command.taxId;
  if (command.note !== undefined && command.note !== state.note) changes.note = command.note;
  if (Object.keys(changes).length === 0) return NOTHING;
  return happened({ type: 'supplier.changed', payload: { supplierId, changes } });
}

const NOTHING: SupplierDecision = { ok: true, events: [], transfers: [] };

function refuse(rejection: SupplierRejection): SupplierDecision {
  return { ok: false, rejection };
}

function happened(event: SupplierEvent): SupplierDecision {
  const decided: DecidedEvent = { type: event.type, subject: event.payload.supplierId, payload: event.payload };
  return { ok: true, events: [decided], transfers: [] };
}
