/** Staff over REST: signing in, people, roles. */
import { PERMISSIONS } from '@mostrador/domain/identity';
import { z } from 'zod';
import { list, zId, zLocale, zName, zTimestamp } from './common.js';
import { type Tenant, zTenant } from './tenant.js';

export type { Tenant };

export const zPermission = z.enum(PERMISSIONS).meta({ id: 'Permission' });

/** `admin`, `manager`, `cashier`, or a role of the shop's own. */
export const zRoleId = z
  .string()
  .regex(/^(admin|manager|cashier|rol_[0-7][0-9a-hjkmnp-tv-z]{25})$/, { message: 'not a role id' });

export const zEmail = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,190}$/u, { message: 'not an e-mail address' });

/** A new password: eight characters or more; what it consists of is the person's own business. */
export const zPassword = z.string().min(8).max(200);

export const zLogin = z.strictObject({
  email: zEmail,
  password: z.string().min(1).max(200),
  /** Needed only by people who work in more than one shop with the same password. */
  tenant_id: zId('ten').optional(),
});
export type Login = z.input<typeof zLogin>;

/** The person who is signed in. */
export const zMe = z
  .object({
    id: zId('usr'),
    name: z.string(),
    email: z.string(),
    locale: zLocale,
    roles: z.array(z.string()),
    permissions: z.array(z.string()),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof zMe>;

/** The refresh token travels beside it in the cookie `mostrador_refresh`, which scripts cannot read. */
export const zSignedIn = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    /** Seconds. */
    expires_in: z.int(),
    user: zMe,
    tenant: zTenant,
  })
  .meta({ id: 'SignedIn' });
export type SignedIn = z.infer<typeof zSignedIn>;

export const zWhoAmI = z.object({ user: zMe, tenant: zTenant });
export type WhoAmI = z.infer<typeof zWhoAmI>;

export const zUser = z
  .object({
    id: zId('usr'),
    name: z.string(),
    email: z.string(),
    locale: zLocale,
    role_ids: z.array(z.string()),
    disabled: z.boolean(),
    created_at: zTimestamp,
    updated_at: zTimestamp,
    revision: z.int(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof zUser>;
export const zUsers = list(zUser);

export const zUserCreate = z.strictObject({
  name: zName(120),
  email: zEmail,
  password: zPassword,
  role_ids: z.array(zRoleId).min(1).max(20),
  locale: zLocale.optional(),
});
export type UserCreate = z.input<typeof zUserCreate>;

export const zUserChange = z.strictObject({
  name: zName(120).optional(),
  email: zEmail.optional(),
  role_ids: z.array(zRoleId).min(1).max(20).optional(),
  locale: zLocale.optional(),
  disabled: z.boolean().optional(),
});
export type UserChange = z.input<typeof zUserChange>;

/** `current_password` is required from people who change their own. */
export const zPasswordChange = z.strictObject({
  password: zPassword,
  current_password: z.string().min(1).max(200).optional(),
});
export type PasswordChange = z.input<typeof zPasswordChange>;

export const zUserParams = z.strictObject({ user_id: zId('usr') });

export const zRole = z
  .object({
    id: z.string(),
    name: z.string(),
    permissions: z.array(z.string()),
    built_in: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'Role' });
export type Role = z.infer<typeof zRole>;
export const zRoles = list(zRole);

export const zRoleCreate = z.strictObject({
  name: zName(60),
  permissions: z.array(zPermission).max(PERMISSIONS.length),
});
export type RoleCreate = z.input<typeof zRoleCreate>;

export const zRoleChange = z.strictObject({
  name: zName(60).optional(),
  permissions: z.array(zPermission).max(PERMISSIONS.length).optional(),
});
export type RoleChange = z.input<typeof zRoleChange>;

export const zRoleParams = z.strictObject({ role_id: zRoleId });

export const zPermissions = list(z.object({ permission: z.string() }));
