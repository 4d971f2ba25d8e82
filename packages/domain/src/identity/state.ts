/** Staff and roles as they are decided on; personal data stays sealed. */
import type { Sealed } from '../customer/types.js';
import type { Permission } from './types.js';

export interface User {
  readonly userId: string;
  readonly sealed: Sealed;
  readonly emailIndex: string;
  readonly roleIds: readonly string[];
  readonly locale: 'es' | 'en';
  readonly disabled: boolean;
}

export interface Role {
  readonly roleId: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly builtIn: boolean;
}

/** Whatever the decision needs: all roles, and those people it is about. */
export interface IdentityState {
  readonly users: readonly User[];
  readonly roles: readonly Role[];
}

export const NOBODY: IdentityState = { users: [], roles: [] };

/** What a person with these roles may do. */
export function permissionsOf(roles: readonly Role[], roleIds: readonly string[]): ReadonlySet<Permission> {
  return new Set(roles.filter((role) => roleIds.includes(role.roleId)).flatMap((role) => role.permissions));
}
