/** All SQL of staff and roles. A shop has a few dozen people, so they are read whole. */
import type { Permission, Role, User } from '@mostrador/domain/identity';
import type { Database } from '../../platform/database/index.js';

export interface UserRow extends User {
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly revision: number;
}

export interface RoleRow extends Role {
  readonly revision: number;
}

const USERS = `SELECT user_id AS "userId", sealed, email_index AS "emailIndex", role_ids AS "roleIds", locale, disabled,
  revision, (extract(epoch FROM created_at) * 1000)::float8 AS "createdAt",
  (extract(epoch FROM updated_at) * 1000)::float8 AS "updatedAt"
FROM identity_user WHERE tenant_id = $1`;

const ROLES = `SELECT role_id AS "roleId", name, permissions, built_in AS "builtIn", revision
FROM identity_role WHERE tenant_id = $1 ORDER BY NOT built_in, role_id`;

export function readUsers(database: Database, tenantId: number): Promise<UserRow[]> {
  return database.read<UserRow>(tenantId, {
    name: 'identity.users',
    text: `${USERS} ORDER BY user_id`,
    values: [tenantId],
  });
}

export async function readUser(database: Database, tenantId: number, userId: string): Promise<UserRow | null> {
  const text = `${USERS} AND user_id = $2`;
  const rows = await database.read<UserRow>(tenantId, { name: 'identity.user', text, values: [tenantId, userId] });
  return rows[0] ?? null;
}

export function readSealed(
  database: Database,
  tenantId: number,
  userIds: readonly string[],
): Promise<{ userId: string; sealed: string }[]> {
  return database.read(tenantId, {
    name: 'identity.sealed',
    text: 'SELECT user_id AS "userId", sealed FROM identity_user WHERE tenant_id = $1 AND user_id = ANY($2)',
    values: [tenantId, userIds],
  });
}

export function readRoles(database: Database, tenantId: number): Promise<RoleRow[]> {
  return database.read<RoleRow>(tenantId, { name: 'identity.roles', text: ROLES, values: [tenantId] });
}

export interface RightsRow {
  readonly disabled: boolean;
  readonly roleIds: readonly string[];
  readonly permissions: readonly Permission[];
}

/** null: there is nobody by that id. */
export async function readRights(database: Database, tenantId: number, userId: string): Promise<RightsRow | null> {
  const rows = await database.read<RightsRow>(tenantId, {
    name: 'identity.rights',
    text: `SELECT u.disabled, u.role_ids AS "roleIds", coalesce((SELECT array_agg(DISTINCT p) FROM identity_role r,
  unnest(r.permissions) AS p WHERE r.tenant_id = $1 AND r.role_id = ANY(u.role_ids)), '{}') AS permissions
FROM identity_user u WHERE u.tenant_id = $1 AND u.user_id = $2`,
    values: [tenantId, userId],
  });
  return rows[0] ?? null;
}

/** Over all shops. */
export async function findByEmail(
  database: Database,
  emailIndex: string,
): Promise<{ tenantId: number; userId: string }[]> {
  return database.call({
    name: 'identity.by_email',
    text: 'SELECT tenant_id AS "tenantId", user_id AS "userId" FROM identity_by_email($1)',
    values: [emailIndex],
  });
}
