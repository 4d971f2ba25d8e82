/**
 * The first migration: what every other one stands on. Policies compare with a setting of the transaction, read
 * once per query through a sub-select; without the setting no row is visible and none can be written.
 */
import { appRole, definerRole } from './connect.js';
import type { Migration } from './types.js';

export const databaseMigrations: readonly Migration[] = [
  {
    id: '0001-database',
    sql: `
CREATE FUNCTION mostrador_protect(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  owner name;
  sequence regclass;
  mine constant text := $sql$tenant_id = (SELECT nullif(current_setting('mostrador.tenant', true), '')::integer)$sql$;
  held constant text := $sql$(SELECT current_setting('mostrador.owner', true)) = 'on'$sql$;
BEGIN
  SELECT r.rolname INTO STRICT owner FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE c.oid = target;
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('DROP POLICY IF EXISTS tenant_rows ON %s', target);
  EXECUTE format('CREATE POLICY tenant_rows ON %s USING (%s) WITH CHECK (%s)', target, mine, mine);
  EXECUTE format('DROP POLICY IF EXISTS owner_rows ON %s', target);
  EXECUTE format('CREATE POLICY owner_rows ON %s TO %I USING (%s) WITH CHECK (%s)', target, owner, held, held);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO ${appRole}', target);
  FOR sequence IN
    SELECT d.objid::regclass FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
    WHERE d.refobjid = target AND d.deptype = 'a'
  LOOP
    EXECUTE format('GRANT USAGE ON SEQUENCE %s TO ${appRole}', sequence);
  END LOOP;
END $body$;
REVOKE ALL ON FUNCTION mostrador_protect(regclass) FROM PUBLIC;
COMMENT ON FUNCTION mostrador_protect(regclass) IS
  'Binds a table with tenant_id to the tenant of the transaction and gives the application its rights.';

CREATE FUNCTION mostrador_definer_reads(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  EXECUTE format('GRANT SELECT ON %s TO ${definerRole}', target);
  EXECUTE format('DROP POLICY IF EXISTS definer_rows ON %s', target);
  EXECUTE format('CREATE POLICY definer_rows ON %s FOR SELECT TO ${definerRole} USING (true)', target);
END $body$;
REVOKE ALL ON FUNCTION mostrador_definer_reads(regclass) FROM PUBLIC;
COMMENT ON FUNCTION mostrador_definer_reads(regclass) IS
  'Lets SECURITY DEFINER functions of ${definerRole} read a table over all tenants.';

CREATE TABLE installation (
  log_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  restored_at timestamptz
);
ALTER TABLE installation ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody_reads ON installation FOR SELECT USING (true);
GRANT SELECT ON installation TO ${appRole};
COMMENT ON TABLE installation IS
  'One row for each life of the journal: the newest is current, a restore begins the next.';
INSERT INTO installation DEFAULT VALUES;
`,
  },
];
