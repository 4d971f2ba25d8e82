/**
 * What the catalogue of PostgreSQL says of the application's tables: which there are, in which order their references
 * allow to load them, and how to clear the schema of everything that is ours.
 */
import type pg from 'pg';

/** The migrations' own record is written by migrating, not by loading. */
const notSaved = 'schema_migration';

/** All tables of the schema, those that others refer to before the others. */
export async function tablesInOrder(client: pg.Client): Promise<string[]> {
  const { rows: found } = await client.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> $1 ORDER BY relname COLLATE "C"`,
    [notSaved],
  );
  const { rows: references } = await client.query<{ child: string; parent: string }>(
    `SELECT c.relname::text AS child, p.relname::text AS parent
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
     WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace AND c.oid <> p.oid`,
  );
  const ordered = new Set<string>();
  const visit = (name: string, path: readonly string[]) => {
    if (ordered.has(name) || path.includes(name)) return;
    for (const { child, parent } of references) if (child === name) visit(parent, [...path, name]);
    ordered.add(name);
  };
  for (const { name } of found) visit(name, []);
  return [...ordered];
}

/** The columns that are stored and not computed. */
export async function columnsOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname::text AS name FROM pg_attribute
     WHERE attrelid = ('public.' || quote_ident($1))::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
     ORDER BY attnum`,
    [table],
  );
  return rows.map((row) => row.name);
}

/** Roughly how many rows all tables have, for progress. */
export async function roughRows(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint AS n FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
  );
  return rows[0]?.n ?? 0;
}

export interface SequenceState {
  sequence: string;
  value: number;
  called: boolean;
}

export async function sequenceStates(client: pg.Client): Promise<SequenceState[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
     ORDER BY relname COLLATE "C"`,
  );
  const states: SequenceState[] = [];
  for (const { name } of rows) {
    const { rows: state } = await client.query<{ value: number; called: boolean }>(
      `SELECT last_value AS value, is_called AS called FROM public.${quoted(name)}`,
    );
    if (state[0]) states.push({ sequence: name, ...state[0] });
  }
  return states;
}

/** Whether any tenant has rows. */
export async function holdsData(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT a.attisdropped`,
  );
  for (const { name } of rows) {
    const { rows: some } = await client.query(`SELECT FROM public.${quoted(name)} LIMIT 1`);
    if (some.length > 0) return true;
  }
  return false;
}

/** Drops everything in the schema that belongs to no extension; extensions stay, since they may need a superuser. */
export async function clearSchema(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ type: string; identity: string }>(
      `SELECT i.type, i.identity
       FROM pg_depend d, pg_identify_object(d.classid, d.objid, 0) i
       WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = 'public'::regnamespace AND d.deptype = 'n'
         AND i.type <> 'extension' AND i.type NOT LIKE 'default acl%'
         AND NOT EXISTS (SELECT FROM pg_depend e
           WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype IN ('e', 'i', 'a'))
       ORDER BY i.type = 'table' DESC, i.identity LIMIT 1`,
    );
    const [next] = rows;
    if (!next) return;
    await client.query(`DROP ${next.type} ${next.identity} CASCADE`);
  }
}

/** As an SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
