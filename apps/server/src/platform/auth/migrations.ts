/**
 * The tables of signing in. They are no projections: password hashes and sessions are not the shop's history, so no
 * event holds them, and a rebuild leaves them alone. Failed sign-ins belong to no shop; they stand under tenant 0.
 */
import type { Migration } from '../database/index.js';

export const authMigrations: readonly Migration[] = [
  {
    id: '0030-auth',
    sql: `
CREATE TABLE auth_credential (
  tenant_id integer NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  -- argon2id in its usual text form.
  password_hash text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id)
);
SELECT mostrador_protect('auth_credential');

-- One row a sign-in: the family of refresh tokens that came out of it. A token is named by its generation.
CREATE TABLE auth_session (
  tenant_id integer NOT NULL,
  session_id uuid NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  generation integer NOT NULL,
  rotated_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- signed_out, reused, password_changed.
  ended_why text COLLATE "C",
  -- Blind index of the address it came from.
  origin text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, session_id)
);
CREATE INDEX auth_session_user ON auth_session (tenant_id, user_id, created_at);
SELECT mostrador_protect('auth_session');

CREATE TABLE auth_failure (
  tenant_id integer NOT NULL,
  -- Blind index of an address, of a person, or of both together.
  subject text COLLATE "C" NOT NULL,
  failures integer NOT NULL,
  last_at timestamptz NOT NULL,
  locked_until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, subject)
);
CREATE INDEX auth_failure_last ON auth_failure (last_at);
SELECT mostrador_protect('auth_failure');
`,
  },
];
