/** The door of platform/auth: sign-in, sessions, tokens. */
export { Auth, type AuthOptions, type Directory, normalEmail, type Person, type SignedInTokens } from './auth.js';
export { authMigrations } from './migrations.js';
export { isWeak } from './passwords.js';
export { AUTH_CHANNEL } from './sessions.js';
export { ACCESS_SECONDS, REFRESH_SECONDS } from './tokens.js';
