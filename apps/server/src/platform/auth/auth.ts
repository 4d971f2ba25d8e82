/**
 * Signing in and being known: passwords become sessions, sessions become tokens, tokens become who is asking. Verified
 * tokens are kept until they expire or something about their person changes, here or in another process.
 */

import type { Permission } from '@mostrador/domain/identity';
import type { Database } from '../database/index.js';
import { ApiError, type Session, type SessionTenant } from '../http/index.js';
import type { Keyring } from '../keys/index.js';
import { Lockout } from './lockout.js';
import { hashPassword, verifyPassword } from './passwords.js';
import { AUTH_CHANNEL, Sessions } from './sessions.js';
import { Tokens } from './tokens.js';

/** A member of staff as far as signing in goes. */
export interface Person {
  readonly disabled: boolean;
  readonly roleIds: readonly string[];
  readonly permissions: ReadonlySet<Permission>;
  readonly tenant: SessionTenant;
}

/** Who there is; the identity module knows. */
export interface Directory {
  /** Over all shops. The address is normalised. */
  findByEmail(email: string): Promise<readonly { readonly tenantId: number; readonly userId: string }[]>;
  /** null: there is nobody by that id. */
  person(tenantId: number, userId: string): Promise<Person | null>;
}

export interface AuthOptions {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly directory: Directory;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** A fresh pair of tokens. */
export interface SignedInTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tenantId: number;
  readonly userId: string;
  readonly person: Person;
}

interface Known {
  readonly session: Session;
  readonly expiresAt: number;
}

/** Verified tokens kept; a shop has a few dozen. */
const KNOWN_AT_MOST = 50_000;

export class Auth {
  readonly #o: AuthOptions;
  readonly #sessions: Sessions;
  readonly #lockout: Lockout;
  readonly #known = new Map<string, Known>();
  readonly #verifying = new Map<string, Promise<Session>>();
  #tokens: Promise<Tokens> | undefined;
  /** Counts invalidations: what was read before one is not kept after it. */
  #changes = 0;
  #hears = false;

  constructor(options: AuthOptions) {
    this.#o = options;
    this.#sessions = new Sessions(options.database);
    this.#lockout = new Lockout(options.database, options.keyring);
    options.database
      .listen(AUTH_CHANNEL, (message) => this.#hear(message))
      .then(
        () => {
          this.#hears = true;
        },
        () => {},
      );
  }

  /** Loads the keys; rejects when they cannot be had. Else it is done with the first sign-in. */
  async ready(): Promise<void> {
    await this.#keys();
  }

  /** Who holds the token; synchronous for one that was seen before. Throws `token_invalid` or `token_expired`. */
  readonly authenticate = (token: string): Session | Promise<Session> => {
    const known = this.#known.get(token);
    if (known !== undefined) {
      if (known.expiresAt > this.#o.now()) return known.session;
      this.#known.delete(token);
    }
    let verifying = this.#verifying.get(token);
    if (verifying === undefined) {
      verifying = this.#verify(token).finally(() => this.#verifying.delete(token));
      this.#verifying.set(token, verifying);
    }
    return verifying;
  };

  /**
   * Throws `credentials_wrong`, `user_disabled`, `sign_in_locked`, or `tenant_required` for somebody whom the address
   * and the password name in several shops. `tenantId` is the `ten_…` of the one meant.
   */
  async signIn(asked: {
    readonly email: string;
    readonly password: string;
    readonly ip: string;
    readonly tenantId?: string | undefined;
  }): Promise<SignedInTokens> {
    const { directory, now } = this.#o;
    const email = normalEmail(asked.email);
    const candidates = await directory.findByEmail(email);
    const known = async () => {
      for (const { tenantId, userId } of candidates) {
        if (await this.#sessions.knowsOrigin(tenantId, userId, this.#origin(tenantId, asked.ip), now())) return true;
      }
      return false;
    };
    const matches = await this.#lockout.guard({ email, ip: asked.ip, now, known }, async () => {
      const found = await this.#matching(candidates, asked.password);
      const meant = asked.tenantId === undefined ? found : found.filter((m) => m.person.tenant.id === asked.tenantId);
      return meant.length === 0 ? null : meant;
    });
    const able = matches.filter((match) => !match.person.disabled);
    const [match] = able;
    if (match === undefined) throw new ApiError('user_disabled');
    if (able.length > 1) {
      const tenants = able.map((m) => ({ id: m.person.tenant.id, name: m.person.tenant.name }));
      throw new ApiError('tenant_required', { facts: { tenants } });
    }
    const { tenantId, userId, person } = match;
    const sessionId = await this.#sessions.begin(tenantId, userId, this.#origin(tenantId, asked.ip), now());
    return this.#issue(tenantId, userId, sessionId, 1, person);
  }

  /** Throws `refresh_invalid` or `refresh_reused`. */
  async refresh(token: string): Promise<SignedInTokens> {
    const keys = await this.#keys();
    const claims = keys.readRefresh(token);
    if (claims === null) throw new ApiError('refresh_invalid');
    const rotation = await this.#sessions.rotate(claims, this.#o.now());
    if (rotation.outcome === 'reused') {
      this.#forget((session) => session.sessionId === claims.sessionId);
      throw new ApiError('refresh_reused');
    }
    if (rotation.outcome === 'ended') throw new ApiError('refresh_invalid');
    const person = await this.#o.directory.person(claims.tenantId, rotation.userId);
    if (person === null || person.disabled) throw new ApiError('refresh_invalid');
    return this.#issue(claims.tenantId, rotation.userId, claims.sessionId, rotation.generation, person);
  }

  /** Ends the session that a refresh token belongs to; an unknown token changes nothing. */
  async signOut(token: string): Promise<void> {
    const claims = (await this.#keys()).readRefresh(token);
    if (claims === null) return;
    await this.endSession(claims.tenantId, claims.sessionId);
  }

  async endSession(tenantId: number, sessionId: string): Promise<void> {
    await this.#sessions.end(tenantId, sessionId, this.#o.now());
    this.#forget((session) => session.sessionId === sessionId);
  }

  async isPassword(tenantId: number, userId: string, password: string): Promise<boolean> {
    return verifyPassword(await this.#sessions.passwordHash(tenantId, userId), password);
  }

  async hasPassword(tenantId: number, userId: string): Promise<boolean> {
    return (await this.#sessions.passwordHash(tenantId, userId)) !== undefined;
  }

  /** Ends the person's other sessions. */
  async setPassword(tenantId: number, userId: string, password: string, keepSessionId: string | null): Promise<void> {
    const stored = await hashPassword(password);
    await this.#sessions.setPassword(tenantId, userId, stored, this.#o.now(), keepSessionId);
    this.#forget((session) => session.userId === userId && session.sessionId !== keepSessionId);
  }

  /** What is kept about a person, or about all of a shop, is read anew. For changes that this process made. */
  forget(tenantId: number, userId?: string): void {
    this.#forget((session) => session.tenantId === tenantId && (userId === undefined || session.userId === userId));
  }

  async #matching(candidates: readonly { tenantId: number; userId: string }[], password: string) {
    if (candidates.length === 0) {
      await verifyPassword(undefined, password);
      return [];
    }
    const matches: { tenantId: number; userId: string; person: Person }[] = [];
    for (const { tenantId, userId } of candidates) {
      if (!(await this.isPassword(tenantId, userId, password))) continue;
      const person = await this.#o.directory.person(tenantId, userId);
      if (person !== null) matches.push({ tenantId, userId, person });
    }
    return matches;
  }

  async #issue(tenantId: number, userId: string, sessionId: string, generation: number, person: Person) {
    const keys = await this.#keys();
    const accessToken = await keys.access({ tenantId, userId, sessionId }, this.#o.now());
    return { accessToken, refreshToken: keys.refresh({ tenantId, sessionId, generation }), tenantId, userId, person };
  }

  async #verify(token: string): Promise<Session> {
    const { directory, now } = this.#o;
    const claims = await (await this.#keys()).verify(token, now());
    const { tenantId, userId, sessionId } = claims;
    const before = this.#changes;
    const [person, isOpen] = await Promise.all([
      directory.person(tenantId, userId),
      this.#sessions.isOpen(tenantId, sessionId, now()),
    ]);
    if (person === null || person.disabled || !isOpen) throw new ApiError('token_invalid');
    const { tenant, roleIds, permissions } = person;
    const session: Session = { tenantId, tenant, userId, sessionId, roleIds, permissions };
    if (this.#hears && before === this.#changes) {
      if (this.#known.size >= KNOWN_AT_MOST) this.#known.clear();
      this.#known.set(token, { session, expiresAt: claims.expiresAt });
    }
    return session;
  }

  #keys(): Promise<Tokens> {
    this.#tokens ??= Tokens.open(this.#o.keyring).catch((error: unknown) => {
      this.#tokens = undefined;
      throw error;
    });
    return this.#tokens;
  }

  #origin(tenantId: number, ip: string): string {
    return this.#o.keyring.tokens(tenantId, [`origin/${ip}`])[0] ?? '';
  }

  #hear(message: string): void {
    const [kind, tenant, id] = message.split(' ');
    const tenantId = Number(tenant);
    if (kind === 's') this.#forget((session) => session.sessionId === id);
    else if (kind === 'u') this.#forget((session) => session.tenantId === tenantId && session.userId === id);
    else if (kind === 't') this.#forget((session) => session.tenantId === tenantId);
    // Nothing in particular: the connection was away, so anything may have changed.
    else this.#forget(() => true);
  }

  #forget(concerns: (session: Session) => boolean): void {
    this.#changes += 1;
    for (const [token, known] of this.#known) if (concerns(known.session)) this.#known.delete(token);
  }
}

/** One spelling of an address: people type capitals and spaces. */
export function normalEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}
