/** Staff and roles over REST. */
import { timestamp } from '@mostrador/contract/common';
import {
  type Role,
  type User,
  zPasswordChange,
  zPermissions,
  zRole,
  zRoleChange,
  zRoleCreate,
  zRoleParams,
  zRoles,
  zUser,
  zUserChange,
  zUserCreate,
  zUserParams,
  zUsers,
} from '@mostrador/contract/identity';
import { type IdentityEvent, PERMISSIONS } from '@mostrador/domain/identity';
import { z } from 'zod';
import type { Platform } from '../../module.js';
import { type Api, ApiError, type Command, orAsBefore, type Session } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { type Asked, addUser, carryOut, changeUser, givePassword, refuseWeak, userIdOf } from './commands.js';
import { authOf, openUser } from './people.js';
import { type RoleRow, readRoles, readUser, readUsers, type UserRow } from './queries.js';
import { signInRoutes } from './sign-in-routes.js';

const USERS = 'users';
const ROLES = 'roles';

export function identityRoutes(api: Api, platform: Platform): void {
  signInRoutes(api, platform);
  userRoutes(api, platform);
  roleRoutes(api, platform);
}

function userRoutes(api: Api, platform: Platform): void {
  const { database, journal } = platform;
  const find = async (tenantId: number, userId: string): Promise<User> => {
    const row = await readUser(database, tenantId, userId);
    if (row === null) throw new ApiError('not_found');
    return userJson(platform, tenantId, row);
  };

  api.route(
    {
      method: 'GET',
      url: '/users',
      tag: USERS,
      summary: 'The staff of the shop',
      permission: 'user.read',
      response: zUsers,
    },
    async ({ session: { tenantId } }) => {
      const rows = await readUsers(database, tenantId);
      return { data: await Promise.all(rows.map((row) => userJson(platform, tenantId, row))) };
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/users',
      tag: USERS,
      summary: 'Add a member of staff',
      permission: 'user.write',
      body: zUserCreate,
      status: 201,
      response: zUser,
      errors: ['email_taken', 'role_unknown', 'password_weak', 'conflict'],
    },
    async ({ body, session, command }) => {
      const { tenantId } = session;
      const { role_ids: roleIds, ...input } = body;
      const committed = await orAsBefore(journal, tenantId, command, () =>
        addUser(platform, asked(session, command), { ...input, roleIds }),
      );
      await givePassword(platform, tenantId, committed, body.password);
      return find(tenantId, userIdOf(committed));
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/users/{user_id}',
      tag: USERS,
      summary: 'A member of staff',
      permission: 'user.read',
      params: zUserParams,
      response: zUser,
    },
    ({ params, session }) => find(session.tenantId, params.user_id),
  );

  api.route(
    {
      method: 'PATCH',
      url: '/users/{user_id}',
      tag: USERS,
      summary: 'Change name, address, roles or language of a member of staff, or end their access',
      description: 'Changed roles and ended access take effect at once, also for tokens that are still valid.',
      permission: 'user.write',
      params: zUserParams,
      body: zUserChange,
      response: zUser,
      errors: ['email_taken', 'role_unknown', 'last_admin', 'conflict'],
    },
    async ({ params, body, session, command, ifMatch }) => {
      const { role_ids: roleIds, ...changes } = body;
      await changeUser(platform, asked(session, command, ifMatch), params.user_id, { ...changes, roleIds });
      return find(session.tenantId, params.user_id);
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/users/{user_id}/password',
      tag: USERS,
      summary: 'Set a password: one’s own with the present one, or another’s with the permission user.write',
      description: 'Ends the person’s other sessions.',
      permission: 'signed_in',
      params: zUserParams,
      body: zPasswordChange,
      status: 204,
      response: z.undefined(),
      errors: ['password_weak', 'password_wrong', 'forbidden', 'conflict'],
    },
    async ({ params, body, session, command }) => {
      const userId = params.user_id;
      await setPassword(platform, asked(session, command), session, userId, body.password, body.current_password);
      return undefined;
    },
  );
}

async function setPassword(
  platform: Platform,
  by: Asked,
  session: Session,
  userId: string,
  password: string,
  current: string | undefined,
): Promise<void> {
  const { tenantId } = session;
  const own = userId === session.userId;
  if (!own && !session.permissions.has('user.write')) {
    throw new ApiError('forbidden', { facts: { permission: 'user.write' } });
  }
  const row = await readUser(platform.database, tenantId, userId);
  if (row === null) throw new ApiError('not_found');
  refuseWeak(password, (await openUser(platform.keyring, tenantId, row)).email);
  const auth = authOf(platform);
  if (own && (current === undefined || !(await auth.isPassword(tenantId, userId, current)))) {
    throw new ApiError('password_wrong', {
      errors: [{ path: 'current_password', code: 'password_wrong', message: 'is not the present password' }],
    });
  }
  await carryOut(platform, by, { type: 'change_password', userId });
  await auth.setPassword(tenantId, userId, password, own ? session.sessionId : null);
}

function roleRoutes(api: Api, platform: Platform): void {
  const { database, journal } = platform;

  api.route(
    {
      method: 'GET',
      url: '/roles',
      tag: ROLES,
      summary: 'The roles of the shop, the built-in ones first',
      permission: 'user.read',
      response: zRoles,
    },
    async ({ session }) => ({ data: (await readRoles(database, session.tenantId)).map(roleJson) }),
  );

  api.route(
    {
      method: 'POST',
      url: '/roles',
      tag: ROLES,
      summary: 'Make a role of the shop’s own',
      permission: 'user.write',
      body: zRoleCreate,
      status: 201,
      response: zRole,
      errors: ['name_taken', 'conflict'],
    },
    async ({ body, session, command }) => {
      const committed = await orAsBefore(journal, session.tenantId, command, async () => {
        const done = await carryOut(platform, asked(session, command), {
          type: 'create_role',
          roleId: newId('rol'),
          name: body.name,
          permissions: body.permissions,
        });
        if (done === null) throw new Error('a new role changed nothing');
        return done;
      });
      const event = committed.events.find((e) => e.type === 'role.created');
      if (event === undefined) throw new ApiError('idempotency_key_reused');
      // The type decides the payload's shape.
      const { payload } = event as unknown as Extract<IdentityEvent, { type: 'role.created' }>;
      return roleJson({ ...payload, revision: event.seq });
    },
  );

  api.route(
    {
      method: 'PATCH',
      url: '/roles/{role_id}',
      tag: ROLES,
      summary: 'Rename a role of the shop’s own, or change what it allows',
      permission: 'user.write',
      params: zRoleParams,
      body: zRoleChange,
      response: zRole,
      errors: ['role_built_in', 'name_taken', 'conflict'],
    },
    async ({ params, body, session, command, ifMatch }) => {
      const roleId = params.role_id;
      const changes = {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.permissions === undefined ? {} : { permissions: body.permissions }),
      };
      await carryOut(platform, asked(session, command, ifMatch), { type: 'change_role', roleId, changes });
      const role = (await readRoles(database, session.tenantId)).find((r) => r.roleId === roleId);
      if (role === undefined) throw new ApiError('not_found');
      return roleJson(role);
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/permissions',
      tag: ROLES,
      summary: 'Everything that a role can allow',
      permission: 'user.read',
      response: zPermissions,
    },
    () => ({ data: PERMISSIONS.map((permission) => ({ permission })) }),
  );
}

function asked(session: Session, command: Command, ifMatch?: number): Asked {
  const { tenantId, userId, permissions } = session;
  return { tenantId, actor: { userId, permissions }, command, ifMatch };
}

async function userJson(platform: Platform, tenantId: number, row: UserRow): Promise<User> {
  const { name, email } = await openUser(platform.keyring, tenantId, row);
  return {
    id: row.userId,
    name,
    email,
    locale: row.locale,
    role_ids: [...row.roleIds],
    disabled: row.disabled,
    created_at: timestamp(row.createdAt),
    updated_at: timestamp(row.updatedAt),
    revision: row.revision,
  };
}

function roleJson(role: RoleRow): Role {
  return {
    id: role.roleId,
    name: role.name,
    permissions: [...role.permissions],
    built_in: role.builtIn,
    revision: role.revision,
  };
}
