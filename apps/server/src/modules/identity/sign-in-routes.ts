/**
 * Signing in over REST. The access token is for the caller's memory; the refresh token goes into a cookie that scripts
 * cannot read and other sites cannot send.
 */
import { type Me, type SignedIn, type Tenant, zLogin, zSignedIn, zWhoAmI } from '@mostrador/contract/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Platform } from '../../module.js';
import { ACCESS_SECONDS, REFRESH_SECONDS, type SignedInTokens } from '../../platform/auth/index.js';
import { API_PREFIX, type Api, ApiError, type SessionTenant } from '../../platform/http/index.js';
import { authOf, openUser } from './people.js';
import { readUser } from './queries.js';

const TAG = 'auth';
const COOKIE = 'mostrador_refresh';

export function signInRoutes(api: Api, platform: Platform): void {
  const auth = authOf(platform);

  const answer = async (tokens: SignedInTokens, request: FastifyRequest, reply: FastifyReply): Promise<SignedIn> => {
    const { tenantId, userId, person } = tokens;
    const user = await meJson(platform, tenantId, userId, person);
    setCookie(request, reply, tokens.refreshToken, REFRESH_SECONDS);
    return {
      access_token: tokens.accessToken,
      token_type: 'Bearer',
      expires_in: ACCESS_SECONDS,
      user,
      tenant: tenantJson(person.tenant),
    };
  };

  api.route(
    {
      method: 'POST',
      url: '/auth/login',
      tag: TAG,
      summary: 'Sign in',
      description:
        'Answers an access token for 15 minutes and sets the refresh cookie for 7 days. Only failed sign-ins count ' +
        'towards a lock-out.',
      permission: 'public',
      body: zLogin,
      response: zSignedIn,
      errors: ['credentials_wrong', 'user_disabled', 'sign_in_locked', 'tenant_required'],
    },
    async ({ body, request, reply }) => {
      const tokens = await auth.signIn({
        email: body.email,
        password: body.password,
        ip: request.ip,
        tenantId: body.tenant_id,
      });
      return answer(tokens, request, reply);
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/auth/refresh',
      tag: TAG,
      summary: 'Exchange the refresh cookie for fresh tokens',
      description:
        'Each refresh token is good once. One that is used again ends the session, except within ten seconds, when ' +
        'the answer may have been lost and is given once more.',
      permission: 'public',
      response: zSignedIn,
      errors: ['refresh_invalid', 'refresh_reused', 'forbidden'],
    },
    async ({ request, reply }) => {
      refuseOtherSites(request);
      const token = cookieOf(request);
      if (token === undefined) throw new ApiError('refresh_invalid');
      try {
        return await answer(await auth.refresh(token), request, reply);
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) setCookie(request, reply, '', 0);
        throw error;
      }
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/auth/logout',
      tag: TAG,
      summary: 'Sign out: end the session of the refresh cookie',
      permission: 'public',
      status: 204,
      response: z.undefined(),
      errors: ['forbidden'],
    },
    async ({ request, reply }) => {
      refuseOtherSites(request);
      const token = cookieOf(request);
      if (token !== undefined) await auth.signOut(token);
      setCookie(request, reply, '', 0);
      return undefined;
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/auth/me',
      tag: TAG,
      summary: 'Who is signed in, and what they may do',
      permission: 'signed_in',
      response: zWhoAmI,
    },
    async ({ session }) => ({
      user: await meJson(platform, session.tenantId, session.userId, session),
      tenant: tenantJson(session.tenant),
    }),
  );
}

async function meJson(
  platform: Platform,
  tenantId: number,
  userId: string,
  rights: { readonly roleIds: readonly string[]; readonly permissions: ReadonlySet<string> },
): Promise<Me> {
  const row = await readUser(platform.database, tenantId, userId);
  if (row === null) throw new ApiError('token_invalid');
  const { name, email } = await openUser(platform.keyring, tenantId, row);
  return {
    id: userId,
    name,
    email,
    locale: row.locale,
    roles: [...rights.roleIds],
    permissions: [...rights.permissions].sort(),
  };
}

function tenantJson(tenant: SessionTenant): Tenant {
  const { id, name, country, currency, timeZone, locale } = tenant;
  return { id, name, country, currency, time_zone: timeZone, locale };
}

/** Browsers say where a request comes from; the cookie's own SameSite is the first line, this the second. */
function refuseOtherSites(request: FastifyRequest): void {
  if (request.headers['sec-fetch-site'] === 'cross-site') throw new ApiError('forbidden');
}

function cookieOf(request: FastifyRequest): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  return value === '' ? undefined : value;
}

function setCookie(request: FastifyRequest, reply: FastifyReply, value: string, seconds: number): void {
  const secure = request.protocol === 'https' ? '; Secure' : '';
  reply.header(
    'set-cookie',
    `${COOKIE}=${value}; Path=${API_PREFIX}/auth; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`,
  );
}
