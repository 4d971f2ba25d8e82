/**
 * Tokens. An access token is a JWT signed with Ed25519, so that others can check it without being able to make one. A
 * refresh token is a MAC over the session and its generation: it can be made again, so none is stored.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  type CryptoKey,
  errors,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importPKCS8,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import { ApiError } from '../http/index.js';
import type { Keyring } from '../keys/index.js';

const ALGORITHM = 'EdDSA';
const ISSUER = 'mostrador';
const AUDIENCE = 'mostrador/api';

/** Seconds. */
export const ACCESS_SECONDS = 15 * 60;
export const REFRESH_SECONDS = 7 * 24 * 60 * 60;

/** What an access token says. */
export interface AccessClaims {
  readonly tenantId: number;
  readonly userId: string;
  readonly sessionId: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

export interface RefreshClaims {
  readonly tenantId: number;
  readonly sessionId: string;
  readonly generation: number;
}

export class Tokens {
  readonly #signing: CryptoKey;
  readonly #verifying: JWK;
  readonly #refresh: Buffer;

  private constructor(signing: CryptoKey, verifying: JWK, refresh: Buffer) {
    this.#signing = signing;
    this.#verifying = verifying;
    this.#refresh = refresh;
  }

  /** Loads the installation's keys, or makes them. */
  static async open(keyring: Pick<Keyring, 'installationKey'>): Promise<Tokens> {
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    const made = Buffer.from(await exportPKCS8(privateKey));
    const stored = await keyring.installationKey('access-token', () => made);
    const signing = await importPKCS8(stored.toString(), ALGORITHM, { extractable: true });
    const { d: _secret, ...verifying } = await exportJWK(signing);
    const refresh = await keyring.installationKey('refresh-token', () => randomBytes(32));
    return new Tokens(signing, { ...verifying, alg: ALGORITHM }, refresh);
  }

  /** The key by which others may check access tokens. */
  get publicKey(): JWK {
    return this.#verifying;
  }

  /** `now` in ms. */
  access(claims: Omit<AccessClaims, 'expiresAt'>, now: number): Promise<string> {
    const seconds = Math.floor(now / 1000);
    return new SignJWT({ tid: claims.tenantId, sid: claims.sessionId })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(claims.userId)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + ACCESS_SECONDS)
      .sign(this.#signing);
  }

  /** Throws `token_expired` or `token_invalid`. `now` in ms. */
  async verify(token: string, now: number): Promise<AccessClaims> {
    try {
      const { payload } = await jwtVerify(token, this.#verifying, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: 'at+jwt',
        currentDate: new Date(now),
      });
      const { sub, tid, sid, exp } = payload;
      if (typeof sub !== 'string' || typeof tid !== 'number' || typeof sid !== 'string' || exp === undefined) {
        throw new ApiError('token_invalid');
      }
      return { tenantId: tid, userId: sub, sessionId: sid, expiresAt: exp * 1000 };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new ApiError('token_expired');
      throw new ApiError('token_invalid');
    }
  }

  refresh({ tenantId, sessionId, generation }: RefreshClaims): string {
    const named = `${tenantId}.${sessionId}.${generation}`;
    return `${named}.${this.#mac(named).toString('base64url')}`;
  }

  /** null: not a token of this installation. */
  readRefresh(token: string): RefreshClaims | null {
    const match = /^((\d{1,9})\.([0-9a-f-]{36})\.(\d{1,9}))\.([\w-]{43})$/.exec(token);
    if (match === null) return null;
    const [, named = '', tenantId = '', sessionId = '', generation = '', mac = ''] = match;
    const given = Buffer.from(mac, 'base64url');
    const right = this.#mac(named);
    if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
    return { tenantId: Number(tenantId), sessionId, generation: Number(generation) };
  }

  #mac(named: string): Buffer {
    return createHmac('sha256', this.#refresh).update(named).digest();
  }
}
