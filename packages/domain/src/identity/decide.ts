/**
 * Decides on staff and roles. Nobody can give more than they hold, or touch somebody who holds more than they do, so
 * that the right to manage people is not the right to everything; and a shop never loses its last administrator.
 */
import type { Sealed } from '../customer/types.js';
import type { Decision } from '../decision.js';
import { type IdentityState, permissionsOf, type User } from './state.js';
import type { IdentityEvent, Permission } from './types.js';

/** Who decides; `system` (the command line) may do everything. */
export interface Actor {
  readonly userId: string;
  readonly permissions: ReadonlySet<Permission> | 'all';
}

export type IdentityCommand =
  | {
      readonly type: 'create_user';
      readonly userId: string;
      readonly sealed: Sealed;
      readonly emailIndex: string;
      readonly roleIds: readonly string[];
      readonly locale: 'es' | 'en';
    }
  | {
      readonly type: 'change_user';
      readonly userId: string;
      readonly changes: Partial<{
        sealed: Sealed;
        emailIndex: string;
        roleIds: readonly string[];
        locale: 'es' | 'en';
        disabled: boolean;
      }>;
    }
  | { readonly type: 'change_password'; readonly userId: string }
  | {
      readonly type: 'create_role';
      readonly roleId: string;
      readonly name: string;
      readonly permissions: readonly Permission[];
    }
  | {
      readonly type: 'change_role';
      readonly roleId: string;
      readonly changes: Partial<{ name: string; permissions: readonly Permission[] }>;
    };

export type IdentityRejection =
  | { readonly code: 'user_not_found' }
  | { readonly code: 'role_not_found' }
  | { readonly code: 'email_taken' }
  | { readonly code: 'role_unknown'; readonly roleId: string }
  | { readonly code: 'role_built_in' }
  | { readonly code: 'name_taken' }
  | { readonly code: 'last_admin' }
  /** It needs a permission that the actor does not hold. */
  | { readonly code: 'exceeds_own'; readonly permissions: readonly Permission[] };

type Decided = Decision<IdentityRejection>;

/** Nothing to change is an acceptance without events. */
export function decideIdentity(state: IdentityState, command: IdentityCommand, actor: Actor): Decided {
  switch (command.type) {
    case 'create_user':
      return createUser(state, command, actor);
    case 'change_user':
      return changeUser(state, command, actor);
    case 'change_password': {
      const user = state.users.find((u) => u.userId === command.userId);
      if (user === undefined) return refuse({ code: 'user_not_found' });
      const exceeds = user.userId === actor.userId ? null : beyond(state, user.roleIds, actor);
      if (exceeds !== null) return refuse(exceeds);
      return accept({ type: 'user.password_changed', payload: { userId: user.userId } }, user.userId);
    }
    case 'create_role': {
      const { roleId, name, permissions } = command;
      if (state.roles.some((role) => same(role.name, name))) return refuse({ code: 'name_taken' });
      const exceeds = beyondOwn(permissions, actor);
      if (exceeds !== null) return refuse(exceeds);
      const payload = { roleId, name, permissions: sorted(permissions), builtIn: false };
      return accept({ type: 'role.created', payload }, roleId);
    }
    case 'change_role':
      return changeRole(state, command, actor);
  }
}

function createUser(
  state: IdentityState,
  command: Extract<IdentityCommand, { type: 'create_user' }>,
  actor: Actor,
): Decided {
  const { userId, sealed, emailIndex, locale } = command;
  const roleIds = [...new Set(command.roleIds)];
  if (state.users.some((user) => user.emailIndex === emailIndex)) return refuse({ code: 'email_taken' });
  const refusal = unknownRole(state, roleIds) ?? beyond(state, roleIds, actor);
  if (refusal !== null) return refuse(refusal);
  return accept({ type: 'user.created', payload: { userId, sealed, emailIndex, roleIds, locale } }, userId);
}

function changeUser(
  state: IdentityState,
  command: Extract<IdentityCommand, { type: 'change_user' }>,
  actor: Actor,
): Decided {
  const user = state.users.find((u) => u.userId === command.userId);
  if (user === undefined) return refuse({ code: 'user_not_found' });
  const changes = userDifferences(user, command.changes);
  if (changes === null) return { ok: true, events: [], transfers: [] };
  const { emailIndex, roleIds } = changes;
  if (emailIndex !== undefined && state.users.some((u) => u !== user && u.emailIndex === emailIndex)) {
    return refuse({ code: 'email_taken' });
  }
  const refusal =
    beyond(state, user.roleIds, actor) ??
    (roleIds === undefined ? null : (unknownRole(state, roleIds) ?? beyond(state, roleIds, actor)));
  if (refusal !== null) return refuse(refusal);
  const after: User = { ...user, ...changes };
  if (isAdmin(user) && !isAdmin(after) && !state.users.some((u) => u !== user && isAdmin(u))) {
    return refuse({ code: 'last_admin' });
  }
  return accept({ type: 'user.changed', payload: { userId: user.userId, changes } }, user.userId);
}

function changeRole(
  state: IdentityState,
  command: Extract<IdentityCommand, { type: 'change_role' }>,
  actor: Actor,
): Decided {
  const role = state.roles.find((r) => r.roleId === command.roleId);
  if (role === undefined) return refuse({ code: 'role_not_found' });
  if (role.builtIn) return refuse({ code: 'role_built_in' });
  const { name, permissions } = command.changes;
  const renamed = name !== undefined && name !== role.name;
  const given = permissions === undefined ? undefined : sorted(permissions);
  const differs = given !== undefined && given.join() !== role.permissions.join();
  if (!renamed && !differs) return { ok: true, events: [], transfers: [] };
  if (renamed && state.roles.some((r) => r !== role && same(r.name, name))) return refuse({ code: 'name_taken' });
  const exceeds = beyondOwn([...role.permissions, ...(given ?? [])], actor);
  if (exceeds !== null) return refuse(exceeds);
  const changes = { ...(renamed ? { name } : {}), ...(differs ? { permissions: given } : {}) };
  return accept({ type: 'role.changed', payload: { roleId: role.roleId, changes } }, role.roleId);
}

/** An administrator who can sign in. */
export function isAdmin(user: Pick<User, 'roleIds' | 'disabled'>): boolean {
  return !user.disabled && user.roleIds.includes('admin');
}

function unknownRole(state: IdentityState, roleIds: readonly string[]): IdentityRejection | null {
  const roleId = roleIds.find((id) => !state.roles.some((role) => role.roleId === id));
  return roleId === undefined ? null : { code: 'role_unknown', roleId };
}

function beyond(state: IdentityState, roleIds: readonly string[], actor: Actor): IdentityRejection | null {
  return beyondOwn([...permissionsOf(state.roles, roleIds)], actor);
}

function beyondOwn(permissions: readonly Permission[], actor: Actor): IdentityRejection | null {
  const own = actor.permissions;
  if (own === 'all') return null;
  const missing = sorted(permissions.filter((p) => !own.has(p)));
  return missing.length === 0 ? null : { code: 'exceeds_own', permissions: missing };
}

type UserChanges = Extract<IdentityCommand, { type: 'change_user' }>['changes'];

function userDifferences(user: User, changes: UserChanges): UserChanges | null {
  const different: UserChanges = {};
  const { sealed, emailIndex, locale, disabled } = changes;
  if (sealed !== undefined && sealed !== user.sealed) different.sealed = sealed;
  if (emailIndex !== undefined && emailIndex !== user.emailIndex) different.emailIndex = emailIndex;
  if (locale !== undefined && locale !== user.locale) different.locale = locale;
  if (disabled !== undefined && disabled !== user.disabled) different.disabled = disabled;
  const roleIds = changes.roleIds === undefined ? undefined : [...new Set(changes.roleIds)];
  if (roleIds !== undefined && [...roleIds].sort().join() !== [...user.roleIds].sort().join())
    different.roleIds = roleIds;
  return Object.keys(different).length === 0 ? null : different;
}

function sorted(permissions: readonly Permission[]): Permission[] {
  return [...new Set(permissions)].sort();
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function accept(event: IdentityEvent, subject: string): Decided {
  return { ok: true, events: [{ type: event.type, subject, payload: event.payload }], transfers: [] };
}

function refuse(rejection: IdentityRejection): Decided {
  return { ok: false, rejection };
}
