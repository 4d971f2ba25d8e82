/** Suppliers: what commands do, and when they are refused. */
import { describe, expect, it } from 'vitest';
import type { SupplierCommand, SupplierEvent, SupplierState } from './index.js';
import { decideSupplier, evolveSupplier } from './index.js';

const create: SupplierCommand = { type: 'create', supplierId: 'sup_1', name: ' Norte SA ', taxId: '30-1', note: '' };

function after(...commands: SupplierCommand[]): SupplierState | null {
  let state: SupplierState | null = null;
  for (const command of commands) {
    const decision = decideSupplier(state, command);
    if (!decision.ok) throw new Error(decision.rejection.code);
    for (const event of decision.events) state = evolveSupplier(state, event as unknown as SupplierEvent);
  }
  return state;
}
const outcome = (state: SupplierState | null, command: SupplierCommand) => {
  const decision = decideSupplier(state, command);
  return decision.ok ? decision.events.map((e) => e.payload) : decision.rejection.code;
};

describe('suppliers', () => {
  it('are created once, with a trimmed name', () => {
    expect(after(create)).toEqual({ supplierId: 'sup_1', name: 'Norte SA', taxId: '30-1', note: '', archived: false });
    expect(outcome(after(create), create)).toBe('supplier_exists');
    expect(outcome(null, { ...create, name: '  ' })).toBe('name_missing');
  });

  it('change in what differs only', () => {
    const state = after(create);
    expect(outcome(state, { type: 'change', name: 'Sur SA', taxId: '30-1' })).toEqual([
      { supplierId: 'sup_1', changes: { name: 'Sur SA' } },
    ]);
    expect(outcome(state, { type: 'change', name: 'Norte SA ', note: '' })).toEqual([]);
    expect(outcome(state, { type: 'change', name: '' })).toBe('name_missing');
    expect(after(create, { type: 'change', note: 'lunes', taxId: '' })).toMatchObject({ note: 'lunes', taxId: '' });
  });

  it('are archived once and then stay as they are', () => {
    const archived = after(create, { type: 'archive' });
    expect(archived).toMatchObject({ archived: true, name: 'Norte SA' });
    expect(outcome(archived, { type: 'archive' })).toEqual([]);
    expect(outcome(archived, { type: 'change', name: 'x' })).toBe('supplier_archived');
  });

  it('are refused when there is none', () => {
    expect(outcome(null, { type: 'archive' })).toBe('supplier_not_found');
    expect(outcome(null, { type: 'change' })).toBe('supplier_not_found');
  });
});
