/**
 * Sessions: one for each sign-in, with a chain of refresh tokens of which only the last is good. Using an older one
 * means that two hold the chain, so all of it is ended; except just after a rotation, when an answer may have been lost.
 */
import type { Database } from '../database/index.js';
import { newUuid } from '../ids.js';
import { REFRESH_SECONDS, type RefreshClaims } from './tokens.js';

/** How long the token before the last is answered with the last once more. */
const GRACE_MS = 10_000;
const KEEP_MS = 30 * 86_400_000;

/** What every process hears: `s <tenant> <session>`, `u <tenant> <user>`, `t <tenant>`. */
export const AUTH_CHANNEL = 'mostrador_auth';

export type Rotation =
  | { readonly outcome: 'rotated'; readonly userId: string; readonly generation: number }
  | { readonly outcome: 'ended' }
  | { readonly outcome: 'reused' };

export class Sessions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Begins one; what has long ended is forgotten on the way. `now` in ms. */
  async begin(tenantId: number, userId: string, origin: string, now: number): Promise<string> {
    const sessionId = newUuid();
    await this.#database.transaction(tenantId, async (tx) => {
      await tx.query(
        'DELETE FROM auth_session WHERE tenant_id = $1 AND user_id = $2 AND created_at < $3 AND expires_at < $4',
        [tenantId, userId, new Date(now - KEEP_MS), new Date(now)],
      );
      await tx.query(
        `INSERT INTO auth_session (tenant_id, session_id, user_id, generation, rotated_at, created_at, expires_at, origin)
         VALUES ($1, $2, $3, 1, $4, $4, $5, $6)`,
        [tenantId, sessionId, userId, new Date(now), new Date(now + REFRESH_SECONDS * 1000), origin],
      );
    });
    return sessionId;
  }

  /** Uses a refresh token. */
  async rotate({ tenantId, sessionId, generation }: RefreshClaims, now: number): Promise<Rotation> {
    return this.#database.transaction(tenantId, async (tx) => {
      const found = await tx.query<{ user_id: string; generation: number; rotated_at: Date; over: boolean }>(
        `SELECT user_id, generation, rotated_at, (ended_at IS NOT NULL OR expires_at <= $3) AS over
         FROM auth_session WHERE tenant_id = $1 AND session_id = $2 FOR UPDATE`,
        [tenantId, sessionId, new Date(now)],
      );
      const session = found.rows[0];
      if (session === undefined || session.over || generation > session.generation) return { outcome: 'ended' };
      if (generation === session.generation) {
        await tx.query(
          `UPDATE auth_session SET generation = generation + 1, rotated_at = $3, expires_at = $4
           WHERE tenant_id = $1 AND session_id = $2`,
          [tenantId, sessionId, new Date(now), new Date(now + REFRESH_SECONDS * 1000)],
        );
        return { outcome: 'rotated', userId: session.user_id, generation: generation + 1 };
      }
      if (generation === session.generation - 1 && now - session.rotated_at.getTime() <= GRACE_MS) {
        return { outcome: 'rotated', userId: session.user_id, generation: session.generation };
      }
      await tx.query(
        `UPDATE auth_session SET ended_at = $3, ended_why = 'reused' WHERE tenant_id = $1 AND session_id = $2`,
        [tenantId, sessionId, new Date(now)],
      );
      await tx.query('SELECT pg_notify($1, $2)', [AUTH_CHANNEL, `s ${tenantId} ${sessionId}`]);
      return { outcome: 'reused' };
    });
  }

  /** Signs out. */
  async end(tenantId: number, sessionId: string, now: number): Promise<void> {
    await this.#database.transaction(tenantId, async (tx) => {
      await tx.query(
        `UPDATE auth_session SET ended_at = $3, ended_why = 'signed_out'
         WHERE tenant_id = $1 AND session_id = $2 AND ended_at IS NULL`,
        [tenantId, sessionId, new Date(now)],
      );
      await tx.query('SELECT pg_notify($1, $2)', [AUTH_CHANNEL, `s ${tenantId} ${sessionId}`]);
    });
  }

  /** Sets the password and ends the person's sessions, but for the one in which it was done. */
  async setPassword(
    tenantId: number,
    userId: string,
    passwordHash: string,
    now: number,
    keepSessionId: string | null,
  ): Promise<void> {
    await this.#database.transaction(tenantId, async (tx) => {
      await tx.query(
        `INSERT INTO auth_credential (tenant_id, user_id, password_hash, changed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, user_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at`,
        [tenantId, userId, passwordHash, new Date(now)],
      );
      await tx.query(
        `UPDATE auth_session SET ended_at = $3, ended_why = 'password_changed'
         WHERE tenant_id = $1 AND user_id = $2 AND ended_at IS NULL AND session_id IS DISTINCT FROM $4::uuid`,
        [tenantId, userId, new Date(now), keepSessionId],
      );
      await tx.query('SELECT pg_notify($1, $2)', [AUTH_CHANNEL, `u ${tenantId} ${userId}`]);
    });
  }

  /** Whether access tokens of the session are still good. */
  async isOpen(tenantId: number, sessionId: string, now: number): Promise<boolean> {
    const rows = await this.#database.read(tenantId, {
      name: 'auth.session_open',
      text: `SELECT 1 FROM auth_session WHERE tenant_id = $1 AND session_id = $2 AND ended_at IS NULL AND expires_at > $3`,
      values: [tenantId, sessionId, new Date(now)],
    });
    return rows.length > 0;
  }

  /** undefined: no password was ever set. */
  async passwordHash(tenantId: number, userId: string): Promise<string | undefined> {
    const rows = await this.#database.read<{ password_hash: string }>(tenantId, {
      name: 'auth.credential',
      text: 'SELECT password_hash FROM auth_credential WHERE tenant_id = $1 AND user_id = $2',
      values: [tenantId, userId],
    });
    return rows[0]?.password_hash;
  }

  /** Whether the person has signed in from there in the last 30 days. */
  async knowsOrigin(tenantId: number, userId: string, origin: string, now: number): Promise<boolean> {
    const rows = await this.#database.read(tenantId, {
      text: 'SELECT 1 FROM auth_session WHERE tenant_id = $1 AND user_id = $2 AND origin = $3 AND created_at > $4 LIMIT 1',
      values: [tenantId, userId, origin, new Date(now - KEEP_MS)],
    });
    return rows.length > 0;
  }
}
