/** Checks that no table can be read across shops: policies, and the role that requests run as. */
import type pg from 'pg';
import { Tally } from './tally.js';

/** Tables that belong to the installation and hold nothing of a shop. */
const OF_THE_INSTALLATION = new Set(['schema_migration', 'installation', 'installation_key', 'master_key']);

export async function policiesCheck(client: pg.Client): Promise<Tally> {
  const tally = new Tally('tables_isolated');
  const tables = await client.query<{
    table: string;
    owner: string;
    enabled: boolean;
    forced: boolean;
    has_tenant: boolean;
    policies: string[] | null;
  }>(`
SELECT c.relname AS table, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
  pg_get_userbyid(c.relowner) AS owner,
  EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS has_tenant,
  (SELECT array_agg(pg_get_expr(p.polqual, p.polrelid) || '|' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') || '|' ||
    (SELECT string_agg(coalesce(r.rolname, 'public'), ',') FROM unnest(p.polroles) AS o(oid) LEFT JOIN pg_roles r ON r.oid = o.oid))
   FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY c.relname`);
  for (const t of tables.rows) {
    tally.checked++;
    if (!t.has_tenant) {
      if (!OF_THE_INSTALLATION.has(t.table)) tally.fail(`table ${t.table} has no tenant_id`);
      continue;
    }
    if (!t.enabled || !t.forced) tally.fail(`table ${t.table} does not force row-level security`);
    const policies = t.policies ?? [];
    const isolating = policies.filter((p) => p.includes('mostrador.tenant') && p.includes('tenant_id'));
    if (isolating.length === 0) tally.fail(`table ${t.table} has no policy by tenant`);
    for (const p of policies) {
      if (
        !isolating.includes(p) &&
        !p.endsWith('|mostrador_definer') &&
        !(p.includes('mostrador.owner') && p.endsWith(`|${t.owner}`))
      )
        tally.fail(`table ${t.table} has a policy that lets others in: ${p}`);
    }
  }
  const role = await client.query<{ bad: boolean }>(
    "SELECT rolsuper OR rolbypassrls AS bad FROM pg_roles WHERE rolname IN ('mostrador_app', 'mostrador_definer')",
  );
  tally.checked += 2;
  if (role.rows.length !== 2) tally.fail('the roles mostrador_app and mostrador_definer are not both there');
  if (role.rows.some((r) => r.bad)) tally.fail('a role that requests run as bypasses row-level security');
  return tally;
}
