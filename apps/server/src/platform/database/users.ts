/** Which other processes of ours are connected to a database, by the names that connect.ts gives connections. */
import type pg from 'pg';
import { instance } from './connect.js';

/** `server 1234`, `app 5678`, … each once; without this process. */
export async function otherUsers(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'mostrador-%' AND application_name NOT LIKE '%' || $1`,
    [instance],
  );
  return rows.map(({ name }) => name.replace(/^mostrador-(\w+) (\d+)-.*$/, '$1 $2'));
}
