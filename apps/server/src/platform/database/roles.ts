/**
 * The two roles everything rests on. Roles belong to the whole PostgreSQL server while databases come and go, so
 * several databases may make them at the same moment; and an ordinary owner may need a superuser's help once.
 */
import type pg from 'pg';
import { appRole, definerRole } from './connect.js';
import { DatabaseUnusable } from './errors.js';

interface RoleState {
  login: string;
  super: boolean;
  create: boolean;
  version: number;
  unsafe: string[] | null;
  [exists: `has_${string}`]: boolean;
  [member: `may_${string}`]: boolean;
}

const stateSql = `
  SELECT current_user AS login, me.rolsuper AS super, me.rolcreaterole AS create,
    current_setting('server_version_num')::int AS version,
    (SELECT array_agg(rolname::text) FROM pg_roles
      WHERE rolname IN ('${appRole}', '${definerRole}') AND (rolsuper OR rolbypassrls OR rolcreaterole)) AS unsafe,
    EXISTS (SELECT FROM pg_roles WHERE rolname = '${appRole}') AS has_${appRole},
    EXISTS (SELECT FROM pg_roles WHERE rolname = '${definerRole}') AS has_${definerRole}
  FROM pg_roles me WHERE me.rolname = current_user`;

/** What a superuser runs once for an owner that may not create roles. */
function help(login: string, version: number): string {
  const set = version >= 160000 ? ' WITH SET TRUE' : '';
  return [
    `CREATE ROLE ${appRole} NOLOGIN;`,
    `CREATE ROLE ${definerRole} NOLOGIN;`,
    `GRANT ${appRole}, ${definerRole} TO "${login}"${set};`,
  ].join('\n  ');
}

async function attempt(client: pg.Client): Promise<void> {
  const { rows } = await client.query<RoleState>(stateSql);
  const state = rows[0];
  if (!state) throw new DatabaseUnusable('The database does not show its own user.');
  if (state.version < 150000) throw new DatabaseUnusable('PostgreSQL 15 or newer is needed.');
  if (state.unsafe) {
    throw new DatabaseUnusable(
      `The role ${state.unsafe.join(' and ')} must be neither superuser, nor BYPASSRLS, nor CREATEROLE: tenants would see each other.`,
    );
  }
  for (const role of [appRole, definerRole]) {
    if (state[`has_${role}`]) continue;
    if (!state.super && !state.create) {
      throw new DatabaseUnusable(
        `"${state.login}" may not create roles. Let a superuser run once:\n  ${help(state.login, state.version)}`,
      );
    }
    await client.query(`CREATE ROLE ${role} NOLOGIN`);
  }
  if (state.super) return;
  for (const role of [appRole, definerRole]) {
    // To replace a function of the definer its privileges are needed too, not only the right to become it.
    const needs = state.version < 160000 ? 'MEMBER' : role === appRole ? 'SET' : 'SET,USAGE';
    const checks = needs.split(',').map((need) => `pg_has_role('${role}', '${need}')`);
    const { rows: held } = await client.query<{ ok: boolean }>(`SELECT ${checks.join(' AND ')} AS ok`);
    if (held[0]?.ok) continue;
    const options =
      state.version < 160000 ? '' : role === appRole ? ' WITH INHERIT FALSE, SET TRUE' : ' WITH INHERIT TRUE, SET TRUE';
    try {
      await client.query(`GRANT ${role} TO CURRENT_USER${options}`);
    } catch (cause) {
      if ((cause as { code?: string }).code !== '42501') throw cause;
      throw new DatabaseUnusable(
        `"${state.login}" may not act as ${role}. Let a superuser run once:\n  GRANT ${role} TO "${state.login}"${options};`,
        { cause },
      );
    }
  }
}

/** Codes of "somebody else just did the same": duplicate role, unique index, concurrently updated, serialization. */
const races = new Set(['42710', '23505', 'XX000', '40001', '40P01']);

/** Creates what is missing. Throws DatabaseUnusable with the statements for a superuser when it may not. */
export async function ensureRoles(client: pg.Client): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(client);
    } catch (error) {
      if (tries >= 20 || !races.has((error as { code?: string }).code ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 * tries));
    }
  }
}
