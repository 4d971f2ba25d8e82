/** Several statements in one answer, on a real connection, with and without pipelining. */
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { flush } from './flush.js';
import type { Statement } from './types.js';

let t: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  t = await createTestDatabase();
});
afterAll(async () => {
  await t.drop();
});
beforeEach(async () => {
  client = await t.database.pipeline();
  return () => client.end();
});

const say = (text: string, ...values: unknown[]): Statement => ({ text, values });
const named = (name: string, text: string, ...values: unknown[]): Statement => ({ name, text, values });

describe('a flush', () => {
  it('answers each statement with its rows and its command, in order', async () => {
    const results = await flush(client, [
      say('BEGIN'),
      say('SELECT n FROM generate_series(1, 3) AS n'),
      say('SELECT 1 AS a WHERE false'),
      say("SELECT 'x' AS b, NULL AS c"),
      say('COMMIT'),
    ]);
    expect(results.map((r) => r.command)).toEqual(['BEGIN', 'SELECT', 'SELECT', 'SELECT', 'COMMIT']);
    expect(results.map((r) => r.rows)).toEqual([[], [{ n: 1 }, { n: 2 }, { n: 3 }], [], [{ b: 'x', c: null }], []]);
  });

  it('knows a prepared statement and its columns again, also behind a flush that was not answered yet', async () => {
    const square = (n: number) => named('square', 'SELECT $1::int * $1::int AS square', n);
    const [a, b] = await Promise.all([flush(client, [square(2), square(3)]), flush(client, [square(4)])]);
    expect([...a, ...b].map((r) => r.rows[0]?.square)).toEqual([4, 9, 16]);
    expect((await flush(client, [square(5)]))[0]?.rows).toEqual([{ square: 25 }]);
  });

  it('is one transaction when it says nothing else: an error undoes what stood before it', async () => {
    await flush(client, [say('CREATE TEMPORARY TABLE kept (n int)')]);
    const failed = flush(client, [say('INSERT INTO kept VALUES (1)'), say('SELECT 1 / 0'), say('SELECT 2')]);
    await expect(failed).rejects.toMatchObject({ code: '22012' });
    expect((await flush(client, [say('SELECT count(*)::int AS n FROM kept')]))[0]?.rows).toEqual([{ n: 0 }]);
  });

  it('prepares again what stood beside an error, whether it was prepared or not', async () => {
    const one = (n: number) => named('one', 'SELECT $1::int AS one', n);
    const two = (n: number) => named('two', 'SELECT $1::int AS two', n);
    await expect(flush(client, [one(1), say('SELECT 1 / 0'), two(1)])).rejects.toMatchObject({ code: '22012' });
    const results = await flush(client, [one(1), two(2), one(3)]);
    expect(results.map((r) => r.rows)).toEqual([[{ one: 1 }], [{ two: 2 }], [{ one: 3 }]]);
  });

  it('refuses two texts under one name, and goes on', async () => {
    await flush(client, [named('same', 'SELECT 1 AS n')]);
    await expect(flush(client, [named('new', 'SELECT 3'), named('same', 'SELECT 2 AS n')])).rejects.toThrow(/same/);
    expect((await flush(client, [named('new', 'SELECT 4 AS n')]))[0]?.rows).toEqual([{ n: 4 }]);
  });

  it('knows what may be prepared also behind one that could not be sent', async () => {
    const one = (value: unknown) => named('one', 'SELECT $1::text AS one', value);
    await expect(flush(client, [one('a'), say('SELECT 1 / 0')])).rejects.toMatchObject({ code: '22012' });
    const unsendable = [one({ toJSON: () => JSON.parse('') }), { ...one('a'), values: Array(70_000).fill('a') }];
    const sent = await Promise.allSettled([...unsendable.map((s) => flush(client, [s])), flush(client, [one('b')])]);
    expect(sent.map((s) => s.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect((await flush(client, [one('c')]))[0]?.rows).toEqual([{ one: 'c' }]);
  });

  it.each([
    ['whose rows have changed', 'ALTER TABLE changing ALTER n TYPE text', '0A000'],
    ['that is gone', 'DEALLOCATE ALL', '26000'],
  ])('fails once with a statement %s, and prepares it anew', async (_what, change, code) => {
    const all = named('all', 'SELECT * FROM changing');
    await flush(client, [say('CREATE TEMPORARY TABLE changing (n int)'), say('INSERT INTO changing VALUES (1)')]);
    await flush(client, [all]);
    await flush(client, [say(change)]);
    await expect(flush(client, [all])).rejects.toMatchObject({ code });
    expect((await flush(client, [all]))[0]?.rows).toHaveLength(1);
  });

  it('fails with what cannot be read as a value, and the next one is answered', async () => {
    await expect(flush(client, [say('SELECT 9223372036854775807::bigint AS n')])).rejects.toBeInstanceOf(RangeError);
    expect((await flush(client, [say('SELECT 7::bigint AS n')]))[0]?.rows).toEqual([{ n: 7 }]);
  });

  it('fails when the connection is lost', async () => {
    const waiting = flush(client, [say('SELECT pg_sleep(60)')]);
    client.connection.stream.destroy();
    await expect(waiting).rejects.toThrow(/terminated/);
  });
});

describe('values', () => {
  const texts = [
    '',
    'a',
    'NULL',
    'null',
    '{}',
    '{a,b}',
    'a,b',
    '"',
    '\\',
    'a"b\\c',
    "'",
    ' ',
    '\n\t',
    'ñandú 🧉',
    '\u{1f600}"\\',
  ];

  it.each([
    ['texts', 'text[]', [...texts, null]],
    ['numbers', 'bigint[]', [0, -1, Number.MAX_SAFE_INTEGER, null]],
    ['fractions', 'float8[]', [0.5, 1e21, -1.5e-7]],
    ['truths', 'boolean[]', [true, false, null]],
    ['nothing', 'text[]', []],
  ])('of an array of %s come back as they were', async (_what, type, values) => {
    const [result] = await flush(client, [say(`SELECT $1::${type} AS v`, values)]);
    expect(result?.rows[0]?.v).toEqual(values);
  });

  it('of every kind come back as they were', async () => {
    const bytes = Buffer.from([0, 1, 92, 34, 255]);
    const at = new Date(1_700_000_000_123);
    const [result] = await flush(client, [
      say(
        'SELECT $1::bytea AS bytes, $2::timestamptz AS at, $3::json AS json, $4::boolean AS yes, $5::text AS none',
        bytes,
        at,
        { a: ['"', 1] },
        true,
        null,
      ),
      ...texts.map((text) => say('SELECT $1::text AS text', text)),
    ]);
    expect(result?.rows).toEqual([{ bytes, at, json: { a: ['"', 1] }, yes: true, none: null }]);
  });

  it('of an array of bytes, and of times, come back as they were', async () => {
    const bytes = [Buffer.from([0, 92, 34]), Buffer.from([])];
    const times = [new Date(0), new Date(1_700_000_000_123)];
    const [result] = await flush(client, [
      say('SELECT $1::bytea[] AS bytes, $2::timestamptz[] AS times', bytes, times),
    ]);
    expect(result?.rows).toEqual([{ bytes, times }]);
  });

  it.each([-62_198_755_200_001, -62_135_596_800_001, 253_402_300_800_000])(
    'of a time beyond the years 1 to 9999 come back as they were: %d',
    async (ms) => {
      const at = new Date(ms);
      const [result] = await flush(client, [say('SELECT $1::timestamptz AS at, $2::timestamptz[] AS all', at, [at])]);
      expect(result?.rows).toEqual([{ at, all: [at] }]);
    },
  );

  it('of bytes in any view come back as they were', async () => {
    const bytes = new Uint8Array(Buffer.from([9, 0, 92, 255])).subarray(1);
    const [result] = await flush(client, [say('SELECT $1::bytea AS one, $2::bytea[] AS all', bytes, [bytes])]);
    expect(result?.rows).toEqual([{ one: Buffer.from(bytes), all: [Buffer.from(bytes)] }]);
  });

  it('that the database refuses leave the connection as it was', async () => {
    await expect(flush(client, [say('SELECT $1::text[] AS v', ['a\u0000b'])])).rejects.toMatchObject({ code: '22021' });
    const odd = [
      ['a', null],
      ['\ud800', 'b'],
    ];
    expect((await flush(client, [say('SELECT $1::text[] AS v', odd)]))[0]?.rows).toEqual([
      {
        v: [
          ['a', null],
          ['\ufffd', 'b'],
        ],
      },
    ]);
  });

  it('may be longer than the buffer they are written to', async () => {
    const long = 'ñ'.repeat(3_000_000);
    const many = Array.from({ length: 50_000 }, (_, i) => `row ${i}`);
    const [a, b] = await flush(client, [
      say('SELECT length($1::text) AS n, md5($1::text) AS md5', long),
      say('SELECT cardinality($1::text[]) AS n, ($1::text[])[50000] AS last', many),
    ]);
    expect(a?.rows[0]?.n).toBe(long.length);
    expect(b?.rows).toEqual([{ n: 50_000, last: 'row 49999' }]);
  });
});
