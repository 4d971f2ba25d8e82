/** What is done to staff and roles: read, decide, commit on the revisions that were read. */
import type { ErrorCode } from '@mostrador/contract/errors';
import {
  type Actor,
  decideIdentity,
  type IdentityCommand,
  type IdentityRejection,
  isAdmin,
} from '@mostrador/domain/identity';
import type { Platform } from '../../module.js';
import { isWeak } from '../../platform/auth/index.js';
import { ApiError, type Command, type Committed, commitOrThrow, digest } from '../../platform/http/index.js';
import { newId, newUuid } from '../../platform/ids.js';
import type { Expectation } from '../../platform/journal/index.js';
import { shopFacts } from '../tenant/index.js';
import { authOf, emailIndex, openUser } from './people.js';
import { type RoleRow, readRoles, readUsers, type UserRow } from './queries.js';

type Needs = Pick<Platform, 'database' | 'journal' | 'keyring' | 'now' | 'log'>;

/** Who asks for it, and by which command. */
export interface Asked {
  readonly tenantId: number;
  readonly actor: Actor;
  readonly command: Command;
  readonly ifMatch?: number | undefined;
}

export interface NewUser {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  /** `admin`, `manager`, `cashier`, or roles of the shop's own. */
  readonly roleIds: readonly string[];
  /** The shop's when absent. */
  readonly locale?: 'es' | 'en' | undefined;
}

/** Creates a member of staff who can sign in; for the command line. Throws ApiErrors. Answers the id. */
export async function createUser(platform: Needs, tenantId: number, input: NewUser): Promise<string> {
  const committed = await addUser(
    platform,
    {
      tenantId,
      actor: { userId: 'system', permissions: 'all' },
      command: { id: newUuid(), digest: digest('user create', input.email) },
    },
    input,
  );
  await givePassword(platform, tenantId, committed, input.password);
  return userIdOf(committed);
}

/** The event alone; `givePassword` makes the sign-in possible. */
export async function addUser(platform: Needs, asked: Asked, input: NewUser): Promise<Committed> {
  const { keyring } = platform;
  const { tenantId } = asked;
  const email = input.email.trim();
  refuseWeak(input.password, email);
  const locale = input.locale ?? (await shopFacts(platform, tenantId)).locale;
  const userId = newId('usr');
  const sealed = await keyring.seal(tenantId, userId, { name: input.name, email });
  const { roleIds } = input;
  return carryOut(platform, asked, {
    type: 'create_user',
    userId,
    sealed,
    emailIndex: emailIndex(keyring, email),
    roleIds,
    locale,
  }).then(must);
}

/** Sets the first password of who was created; again it changes nothing that a person has chosen since. */
export async function givePassword(
  platform: Needs,
  tenantId: number,
  committed: Committed,
  password: string,
): Promise<void> {
  const auth = authOf(platform);
  const userId = userIdOf(committed);
  if (committed.status === 'duplicate' && (await auth.hasPassword(tenantId, userId))) return;
  await auth.setPassword(tenantId, userId, password, null);
}

export function userIdOf(committed: Committed): string {
  const event = committed.events.find((e) => e.type === 'user.created');
  if (event === undefined) throw new ApiError('idempotency_key_reused');
  return event.subject;
}

export interface UserChanges {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly roleIds?: readonly string[] | undefined;
  readonly locale?: 'es' | 'en' | undefined;
  readonly disabled?: boolean | undefined;
}

/** null: nothing changes. */
export async function changeUser(
  platform: Needs,
  asked: Asked,
  userId: string,
  changes: UserChanges,
): Promise<Committed | null> {
  const { keyring } = platform;
  const { tenantId } = asked;
  return carryOut(platform, asked, async (users) => {
    const user = users.find((u) => u.userId === userId);
    if (user === undefined) throw new ApiError('not_found');
    const before = await openUser(keyring, tenantId, user);
    const after = { name: changes.name ?? before.name, email: changes.email?.trim() ?? before.email };
    const isSame = after.name === before.name && after.email === before.email;
    return {
      type: 'change_user',
      userId,
      changes: {
        ...(isSame ? {} : { sealed: await keyring.seal(tenantId, userId, after) }),
        ...(after.email === before.email ? {} : { emailIndex: emailIndex(keyring, after.email) }),
        ...(changes.roleIds === undefined ? {} : { roleIds: changes.roleIds }),
        ...(changes.locale === undefined ? {} : { locale: changes.locale }),
        ...(changes.disabled === undefined ? {} : { disabled: changes.disabled }),
      },
    };
  });
}

/** Decides on the present people and roles and commits. null: nothing changes. */
export async function carryOut(
  platform: Needs,
  asked: Asked,
  ask: IdentityCommand | ((users: readonly UserRow[]) => Promise<IdentityCommand>),
): Promise<Committed | null> {
  const { database, journal } = platform;
  const { tenantId, actor } = asked;
  const [users, roles] = await Promise.all([readUsers(database, tenantId), readRoles(database, tenantId)]);
  const command = typeof ask === 'function' ? await ask(users) : ask;
  const decision = decideIdentity({ users, roles }, command, actor);
  if (!decision.ok) throw refusal(decision.rejection);
  const subject = subjectOf(command);
  const seen = revisionOf(users, roles, subject);
  if (asked.ifMatch !== undefined && asked.ifMatch !== seen) {
    throw new ApiError('conflict', { facts: { subject, revision: seen } });
  }
  if (decision.events.length === 0) return null;
  const expects = [{ subject, revision: seen }, ...witnesses(users, roles, command)];
  return commitOrThrow(
    journal,
    tenantId,
    { ...asked.command, actor: actor.userId, events: decision.events, expects },
    { identity_user_email: 'email_taken' },
  );
}

function subjectOf(command: IdentityCommand): string {
  return 'userId' in command ? command.userId : command.roleId;
}

function revisionOf(users: readonly UserRow[], roles: readonly RoleRow[], subject: string): number {
  const user = users.find((u) => u.userId === subject);
  return user?.revision ?? roles.find((r) => r.roleId === subject)?.revision ?? 0;
}

/**
 * What else must not have changed meanwhile: the roles that are given (they might have grown), and, where an
 * administrator steps back, another who stays. Two who dismiss each other cannot both succeed.
 */
function witnesses(users: readonly UserRow[], roles: readonly RoleRow[], command: IdentityCommand): Expectation[] {
  if (command.type !== 'create_user' && command.type !== 'change_user') return [];
  const given = command.type === 'create_user' ? command.roleIds : (command.changes.roleIds ?? []);
  const asked = roles
    .filter((role) => given.includes(role.roleId))
    .map((role) => ({ subject: role.roleId, revision: role.revision }));
  const user = users.find((u) => u.userId === command.userId);
  if (user === undefined || !isAdmin(user)) return asked;
  const other = users.find((u) => u !== user && isAdmin(u));
  return other === undefined ? asked : [...asked, { subject: other.userId, revision: other.revision }];
}

export function refuseWeak(password: string, email: string): void {
  if (!isWeak(password, email)) return;
  throw new ApiError('password_weak', {
    errors: [{ path: 'password', code: 'password_weak', message: 'is among those that are tried first' }],
  });
}

function must(committed: Committed | null): Committed {
  if (committed === null) throw new Error('a new thing changed nothing');
  return committed;
}

const CODES = {
  user_not_found: 'not_found',
  role_not_found: 'not_found',
  email_taken: 'email_taken',
  role_unknown: 'role_unknown',
  role_built_in: 'role_built_in',
  name_taken: 'name_taken',
  last_admin: 'last_admin',
  exceeds_own: 'forbidden',
} as const satisfies Record<IdentityRejection['code'], ErrorCode>;

function refusal(rejection: IdentityRejection): ApiError {
  const code = CODES[rejection.code];
  switch (rejection.code) {
    case 'role_unknown':
      return new ApiError(code, {
        facts: { role_id: rejection.roleId },
        errors: [{ path: 'role_ids', code, message: `there is no role ${rejection.roleId}` }],
      });
    case 'exceeds_own':
      return new ApiError(code, {
        detail: 'Nobody can give more than they hold, or change somebody who holds more.',
        facts: { permissions: rejection.permissions },
      });
    default:
      return new ApiError(code);
  }
}
