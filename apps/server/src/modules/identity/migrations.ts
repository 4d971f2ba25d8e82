/** The tables of staff and roles. Names and addresses stand sealed; a person is found at sign-in by a blind index. */
import { authMigrations } from '../../platform/auth/index.js';
import type { Migration } from '../../platform/database/index.js';

export const identityMigrations: readonly Migration[] = [
  ...authMigrations,
  {
    id: '0110-identity',
    sql: `
CREATE TABLE identity_user (
  tenant_id integer NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  sealed text COLLATE "C" NOT NULL,
  email_index text COLLATE "C" NOT NULL,
  role_ids text[] COLLATE "C" NOT NULL,
  locale text COLLATE "C" NOT NULL,
  disabled boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- seq of the last event on it.
  revision bigint NOT NULL,
  PRIMARY KEY (tenant_id, user_id)
);
CREATE UNIQUE INDEX identity_user_email ON identity_user (tenant_id, email_index);
CREATE INDEX identity_user_sign_in ON identity_user (email_index);
SELECT mostrador_protect('identity_user');
SELECT mostrador_definer_reads('identity_user');

CREATE TABLE identity_role (
  tenant_id integer NOT NULL,
  role_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  permissions text[] COLLATE "C" NOT NULL,
  built_in boolean NOT NULL,
  revision bigint NOT NULL,
  PRIMARY KEY (tenant_id, role_id)
);
SELECT mostrador_protect('identity_role');

-- Who may be meant by an address, over all shops; the only thing that is asked before a shop is known.
CREATE FUNCTION identity_by_email(wanted text) RETURNS TABLE (tenant_id integer, user_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $body$ SELECT u.tenant_id, u.user_id FROM identity_user u WHERE u.email_index = wanted ORDER BY u.tenant_id LIMIT 20 $body$;
ALTER FUNCTION identity_by_email(text) OWNER TO mostrador_definer;
REVOKE ALL ON FUNCTION identity_by_email(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity_by_email(text) TO mostrador_app;
`,
  },
];
