import { describe, expect, it } from 'vitest';
import {
  type Actor,
  BUILT_IN_ROLES,
  decideIdentity,
  evolveIdentity,
  type IdentityCommand,
  type IdentityEvent,
  type IdentityState,
  PERMISSIONS,
  permissionsOf,
} from './index.js';

const roles = Object.entries(BUILT_IN_ROLES).map(([roleId, permissions]) => ({
  roleId,
  name: roleId,
  permissions,
  builtIn: true,
}));
const user = (userId: string, ...roleIds: string[]) => ({
  userId,
  sealed: `sealed ${userId}`,
  emailIndex: `index ${userId}`,
  roleIds,
  locale: 'es' as const,
  disabled: false,
});
const shop: IdentityState = { users: [user('usr_a', 'admin'), user('usr_c', 'cashier')], roles };
const system: Actor = { userId: 'system', permissions: 'all' };
const admin: Actor = { userId: 'usr_a', permissions: new Set(PERMISSIONS) };

function run(state: IdentityState, command: IdentityCommand, actor = admin): IdentityState {
  const decision = decideIdentity(state, command, actor);
  if (!decision.ok) throw new Error(decision.rejection.code);
  return decision.events.reduce((s, event) => evolveIdentity(s, event as unknown as IdentityEvent), state);
}

function refusal(state: IdentityState, command: IdentityCommand, actor = admin): string | null {
  const decision = decideIdentity(state, command, actor);
  return decision.ok ? null : decision.rejection.code;
}

const newcomer = (more: object = {}) =>
  ({
    type: 'create_user',
    userId: 'usr_n',
    sealed: 's',
    emailIndex: 'i',
    roleIds: ['cashier'],
    locale: 'es',
    ...more,
  }) as const;

describe('people', () => {
  it('have an address of their own and roles that exist', () => {
    expect(refusal(shop, newcomer({ emailIndex: 'index usr_c' }))).toBe('email_taken');
    expect(refusal(shop, newcomer({ roleIds: ['cashier', 'rol_x'] }))).toBe('role_unknown');
    expect(refusal(shop, { type: 'change_user', userId: 'usr_c', changes: { emailIndex: 'index usr_a' } })).toBe(
      'email_taken',
    );
    expect(refusal(shop, { type: 'change_user', userId: 'usr_x', changes: { disabled: true } })).toBe('user_not_found');
    expect(run(shop, newcomer()).users).toHaveLength(3);
  });

  it('change only in what differs', () => {
    const { sealed, roleIds, locale } = user('usr_c', 'cashier');
    const same = decideIdentity(
      shop,
      { type: 'change_user', userId: 'usr_c', changes: { sealed, roleIds, locale, disabled: false } },
      admin,
    );
    expect(same).toEqual({ ok: true, events: [], transfers: [] });
    const off = run(shop, { type: 'change_user', userId: 'usr_c', changes: { sealed, disabled: true } });
    expect(off.users[1]).toEqual({ ...user('usr_c', 'cashier'), disabled: true });
  });

  it('never lose their last administrator', () => {
    for (const changes of [{ disabled: true }, { roleIds: ['manager'] }]) {
      expect(refusal(shop, { type: 'change_user', userId: 'usr_a', changes }, system)).toBe('last_admin');
    }
    const two = run(shop, newcomer({ roleIds: ['admin'] }));
    const one = run(two, { type: 'change_user', userId: 'usr_a', changes: { disabled: true } });
    expect(refusal(one, { type: 'change_user', userId: 'usr_n', changes: { disabled: true } })).toBe('last_admin');
  });
});

describe('rights', () => {
  const office: Actor = {
    userId: 'usr_o',
    permissions: new Set(['user.read', 'user.write', ...BUILT_IN_ROLES.cashier]),
  };

  it('nobody gives more than they hold', () => {
    expect(refusal(shop, newcomer(), office)).toBe(null);
    expect(refusal(shop, newcomer({ roleIds: ['manager'] }), office)).toBe('exceeds_own');
    expect(refusal(shop, { type: 'change_user', userId: 'usr_c', changes: { roleIds: ['admin'] } }, office)).toBe(
      'exceeds_own',
    );
    expect(
      refusal(shop, { type: 'create_role', roleId: 'rol_1', name: 'X', permissions: ['sale.write'] }, office),
    ).toBe(null);
    expect(
      refusal(shop, { type: 'create_role', roleId: 'rol_1', name: 'X', permissions: ['refund.write'] }, office),
    ).toBe('exceeds_own');
  });

  it('nobody touches somebody who holds more', () => {
    expect(refusal(shop, { type: 'change_user', userId: 'usr_a', changes: { locale: 'en' } }, office)).toBe(
      'exceeds_own',
    );
    expect(refusal(shop, { type: 'change_password', userId: 'usr_a' }, office)).toBe('exceeds_own');
    expect(refusal(shop, { type: 'change_password', userId: 'usr_c' }, office)).toBe(null);
    const helpless: Actor = { userId: 'usr_c', permissions: new Set() };
    expect(refusal(shop, { type: 'change_password', userId: 'usr_c' }, helpless)).toBe(null);
  });

  it('built-in roles stay as they are; others change within what the actor holds', () => {
    expect(refusal(shop, { type: 'change_role', roleId: 'cashier', changes: { name: 'X' } })).toBe('role_built_in');
    const made = run(shop, {
      type: 'create_role',
      roleId: 'rol_1',
      name: 'Depósito',
      permissions: ['stock.write', 'stock.read', 'stock.read'],
    });
    expect(made.roles.at(-1)?.permissions).toEqual(['stock.read', 'stock.write']);
    expect(refusal(made, { type: 'create_role', roleId: 'rol_2', name: 'DEPÓSITO', permissions: [] })).toBe(
      'name_taken',
    );
    expect(refusal(made, { type: 'change_role', roleId: 'rol_1', changes: { name: 'Admin' } })).toBe('name_taken');
    expect(refusal(made, { type: 'change_role', roleId: 'rol_1', changes: { permissions: [] } }, office)).toBe(
      'exceeds_own',
    );
    const less = run(made, { type: 'change_role', roleId: 'rol_1', changes: { permissions: ['stock.read'] } });
    expect([...permissionsOf(less.roles, ['rol_1'])]).toEqual(['stock.read']);
  });
});
