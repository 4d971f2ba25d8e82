/**
 * Slows down guessing. Only failures count, in three ways: of one person from one address, of one address over all
 * people, and of one person over all addresses. The last two never stop a person who has signed in from there before,
 * so an attacker can slow a shop's sign-in from elsewhere but not end it.
 */
import type { Database } from '../database/index.js';
import { ApiError } from '../http/index.js';
import type { Keyring } from '../keys/index.js';

/** Failed sign-ins belong to no shop. */
const INSTALLATION = 0;
const FORGOTTEN_AFTER_MS = 3_600_000;

/** Failures that cost nothing, the first delay, and the longest; each further failure doubles the delay. */
interface Rule {
  readonly free: number;
  readonly firstMs: number;
  readonly mostMs: number;
}

const PAIR: Rule = { free: 5, firstMs: 5_000, mostMs: 900_000 };
const ADDRESS: Rule = { free: 100, firstMs: 5_000, mostMs: 900_000 };
const PERSON: Rule = { free: 50, firstMs: 1_000, mostMs: 60_000 };

interface Subjects {
  readonly pair: string;
  readonly address: string;
  readonly person: string;
}

/** Attempts for one person from one address that may be under way at once. */
const ABREAST = 4;

export class Lockout {
  readonly #database: Database;
  readonly #keyring: Pick<Keyring, 'tokens'>;
  readonly #lines = new Map<string, { running: number; waiting: (() => void)[] }>();

  constructor(database: Database, keyring: Pick<Keyring, 'tokens'>) {
    this.#database = database;
    this.#keyring = keyring;
  }

  /** Runs `attempt` unless locked; `known` tells whether the person has signed in from there before. `now` in ms. */
  async guard<T>(
    asked: {
      readonly email: string;
      readonly ip: string;
      readonly now: () => number;
      readonly known: () => Promise<boolean>;
    },
    attempt: () => Promise<T | null>,
  ): Promise<T> {
    const subjects = this.#subjects(asked.email, asked.ip);
    // Many at once would all be tried before the first has failed.
    return this.#inLine(subjects.pair, async () => {
      await this.#refuseLocked(subjects, asked);
      const result = await attempt();
      if (result === null) {
        await this.#failed(subjects, asked.now());
        throw new ApiError('credentials_wrong');
      }
      await this.#succeeded(subjects);
      return result;
    });
  }

  #subjects(email: string, ip: string): Subjects {
    const [pair = '', address = '', person = ''] = this.#keyring.tokens(INSTALLATION, [
      `pair/${email}/${ip}`,
      `address/${ip}`,
      `person/${email}`,
    ]);
    return { pair, address, person };
  }

  async #refuseLocked(
    subjects: Subjects,
    asked: { readonly now: () => number; readonly known: () => Promise<boolean> },
  ): Promise<void> {
    const now = asked.now();
    const rows = await this.#database.read<{ subject: string; locked_until: Date }>(INSTALLATION, {
      name: 'auth.locked',
      text: 'SELECT subject, locked_until FROM auth_failure WHERE tenant_id = 0 AND subject = ANY($1) AND locked_until > $2',
      values: [Object.values(subjects), new Date(now)],
    });
    if (rows.length === 0) return;
    const own = rows.filter((row) => row.subject === subjects.pair);
    const binding = own.length < rows.length && !(await asked.known()) ? rows : own;
    if (binding.length === 0) return;
    const until = Math.max(...binding.map((row) => row.locked_until.getTime()));
    const seconds = Math.max(1, Math.ceil((until - now) / 1000));
    throw new ApiError('sign_in_locked', {
      facts: { retry_after: seconds },
      headers: { 'retry-after': String(seconds) },
    });
  }

  async #failed(subjects: Subjects, now: number): Promise<void> {
    const rules = [PAIR, ADDRESS, PERSON];
    await this.#database.transaction(INSTALLATION, async (tx) => {
      await tx.query('DELETE FROM auth_failure WHERE last_at < $1', [new Date(now - FORGOTTEN_AFTER_MS)]);
      // In one order for everybody, so that two never wait for each other.
      await tx.query(
        `INSERT INTO auth_failure AS f (tenant_id, subject, failures, last_at, locked_until)
         SELECT 0, s.subject, 1, $5, $5 FROM unnest($1::text[], $2::int[], $3::float8[], $4::float8[])
           AS s(subject, free, first_ms, most_ms) ORDER BY s.subject
         ON CONFLICT (tenant_id, subject) DO UPDATE SET failures = f.failures + 1, last_at = $5`,
        [
          Object.values(subjects),
          rules.map((r) => r.free),
          rules.map((r) => r.firstMs),
          rules.map((r) => r.mostMs),
          new Date(now),
        ],
      );
      await tx.query(
        `UPDATE auth_failure f SET locked_until = $5::timestamptz + make_interval(secs =>
           least(s.most_ms, s.first_ms * 2.0 ^ least(30, f.failures - s.free)) / 1000)
         FROM unnest($1::text[], $2::int[], $3::float8[], $4::float8[]) AS s(subject, free, first_ms, most_ms)
         WHERE f.tenant_id = 0 AND f.subject = s.subject AND f.failures >= s.free`,
        [
          Object.values(subjects),
          rules.map((r) => r.free),
          rules.map((r) => r.firstMs),
          rules.map((r) => r.mostMs),
          new Date(now),
        ],
      );
    });
  }

  async #succeeded(subjects: Subjects): Promise<void> {
    const rows = await this.#database.read(INSTALLATION, {
      name: 'auth.failed_before',
      text: 'SELECT 1 FROM auth_failure WHERE tenant_id = 0 AND subject = $1',
      values: [subjects.pair],
    });
    if (rows.length === 0) return;
    await this.#database.transaction(INSTALLATION, (tx) =>
      tx.query('DELETE FROM auth_failure WHERE tenant_id = 0 AND subject = $1', [subjects.pair]),
    );
  }

  async #inLine<T>(key: string, run: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(key) ?? { running: 0, waiting: [] };
    this.#lines.set(key, line);
    if (line.running >= ABREAST) await new Promise<void>((go) => line.waiting.push(go));
    else line.running += 1;
    try {
      return await run();
    } finally {
      const next = line.waiting.shift();
      if (next !== undefined) next();
      else {
        line.running -= 1;
        if (line.running === 0) this.#lines.delete(key);
      }
    }
  }
}
