/**
 * Requests made from the OpenAPI document: valid ones, with ids that exist, and from them hostile ones. Everything comes
 * out of one seeded generator, so that a seed names a run.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The parts of JSON Schema that the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly default?: Json;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  readonly permission: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly isMultipart: boolean;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface DocumentOperation {
  readonly 'x-permission': string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** The operations of a document, as the server answered it. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const content = operation.requestBody?.content ?? {};
      return {
        method: method.toUpperCase(),
        path,
        permission: operation['x-permission'],
        parameters: operation.parameters ?? [],
        body: content['application/json']?.schema,
        isMultipart: content['multipart/form-data'] !== undefined,
      };
    }),
  );
}

/** A seeded source of choices (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }

  /** From `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  of<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T;
  }
}

const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ids that exist, by prefix; filled from what the server answers. */
export class Ids {
  readonly #byPrefix = new Map<string, string[]>();
  readonly #known = new Set<string>();

  /** Takes every id in a text. */
  gather(text: string): void {
    for (const [id] of text.matchAll(/\b[a-z]{3,4}_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g)) this.add(id);
  }

  add(id: string): void {
    if (this.#known.has(id)) return;
    this.#known.add(id);
    const prefix = id.slice(0, id.indexOf('_'));
    const list = this.#byPrefix.get(prefix) ?? [];
    list.push(id);
    // The newest few hundred are enough, and keep the run from slowing down.
    if (list.length > 300) list.splice(3, 1);
    this.#byPrefix.set(prefix, list);
  }

  pick(prefix: string, chance: Chance): string {
    const list = this.#byPrefix.get(prefix) ?? [];
    if (list.length > 0 && !chance.is(0.04)) {
      // The first ones are the shop's own, complete and in stock.
      return chance.is(0.5) ? (list[chance.int(0, Math.min(2, list.length - 1))] as string) : chance.of(list);
    }
    return `${prefix}_0${Array.from({ length: 25 }, () => LETTERS[chance.int(0, 31)]).join('')}`;
  }

  /** The first id that the pattern of a schema asks for, when there is one. */
  pickKnown(schema: Schema): string | undefined {
    const prefix = /([a-z]{3,4})_\[0-7\]/.exec(schema.pattern ?? '')?.[1];
    return prefix === undefined ? undefined : this.#byPrefix.get(prefix)?.[0];
  }

  has(id: string): boolean {
    return this.#known.has(id);
  }
}

/** Texts that patterns of the interface ask for; the first ones that match are taken. */
const TEXTS = [
  'ARS',
  'AR',
  'Yerba suave 1 kg',
  'Ñandú',
  '7790387000016',
  '7791234567898',
  '2012345012345',
  'A1',
  'TALLE-M',
  'cashier',
  'cashier.one@shop.test',
  'a long enough secret',
  '+54 11 4444-5555',
  '20-12345678-9',
  '12',
  '250',
  '3',
  '2026-03-01',
  'yerba',
  'sale',
  'sale.completed',
  'es',
  'true',
  'UTC',
  'America/Lima',
  '',
  'x',
];

export class Values {
  readonly #chance: Chance;
  readonly #ids: Ids;
  readonly #components: Readonly<Record<string, Schema>>;
  /** How likely an optional field is there. */
  #options = 0.5;

  constructor(chance: Chance, ids: Ids, document: Document) {
    this.#chance = chance;
    this.#ids = ids;
    this.#components = document.components.schemas;
  }

  /** The body of a request; every third has nothing but what is required, since options often exclude each other. */
  request(schema: Schema): Json {
    this.#options = this.#chance.is(0.33) ? 0 : 0.5;
    return this.valid(schema);
  }

  /** A value that the schema takes, as far as a schema can say. */
  valid(schema: Schema, depth = 0): Json {
    const chance = this.#chance;
    if (schema.$ref !== undefined)
      return this.valid(this.#components[schema.$ref.split('/').at(-1) ?? ''] ?? {}, depth);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return chance.of(schema.enum);
    const options = schema.anyOf ?? schema.oneOf;
    if (options !== undefined) return this.valid(chance.of(options), depth);
    if (schema.allOf !== undefined) return this.valid(schema.allOf[0] ?? {}, depth);
    switch (schema.type) {
      case 'object':
        return this.#object(schema, depth);
      case 'array': {
        const least = schema.minItems ?? 0;
        const count = chance.int(least, Math.min(schema.maxItems ?? 4, Math.max(least, 3)));
        return Array.from({ length: count }, () => this.valid(schema.items ?? {}, depth + 1));
      }
      case 'string':
        return this.#text(schema);
      case 'integer':
      case 'number':
        return this.#number(schema);
      case 'boolean':
        return chance.is(0.5);
      case 'null':
        return null;
      default:
        return chance.of<Json>([null, true, 1, 'x', [], {}]);
    }
  }

  #object(schema: Schema, depth: number): Json {
    const chance = this.#chance;
    const value: Record<string, Json> = {};
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const required = schema.required?.includes(name) === true;
      if (required || chance.is(depth > 2 ? this.#options / 2 : this.#options))
        value[name] = this.valid(property, depth + 1);
    }
    if (typeof schema.additionalProperties === 'object' && chance.is(0.7)) {
      const key = this.valid(schema.propertyNames ?? { type: 'string' });
      value[String(key)] = this.valid(schema.additionalProperties, depth + 1);
    }
    return value;
  }

  #text(schema: Schema): string {
    const chance = this.#chance;
    const [, before = '', prefix] = /^\^(.*?)([a-z]{3,4})_\[0-7\]/.exec(schema.pattern ?? '') ?? [];
    if (prefix !== undefined && (before === '' || chance.is(0.5))) return this.#ids.pick(prefix, chance);
    if (schema.format === 'date') return `202${chance.int(4, 7)}-0${chance.int(1, 9)}-1${chance.int(0, 9)}`;
    if (schema.format === 'date-time')
      return `202${chance.int(4, 7)}-0${chance.int(1, 9)}-1${chance.int(0, 9)}T10:00:00Z`;
    const fits = (text: string) =>
      text.length >= (schema.minLength ?? 0) &&
      text.length <= (schema.maxLength ?? Number.POSITIVE_INFINITY) &&
      (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(text));
    // Now and then something new, since names and codes are often unique.
    const fresh = [
      `Nombre ${chance.int(1, 1e6)}`,
      `${chance.int(1, 1e6)}@shop.test`,
      String(chance.int(1, 1e9)),
      `C${chance.int(10, 9999)}`,
    ];
    const candidates = [...(chance.is(0.5) ? fresh : []), ...TEXTS].filter(fits);
    if (candidates.length > 0) return chance.of(candidates);
    return 'x'.repeat(Math.min(schema.maxLength ?? 12, Math.max(schema.minLength ?? 0, 12)));
  }

  #number(schema: Schema): number {
    const chance = this.#chance;
    const low = Math.max(schema.minimum ?? schema.exclusiveMinimum ?? -1000, -1e12);
    const high = Math.min(schema.maximum ?? 1e12, 1e12);
    const whole = schema.type === 'integer';
    const usual = whole ? [1, 2, 10, 500, 100_000_000] : [1, 2, 0.345, 10];
    const within = [...usual, low + (schema.exclusiveMinimum === undefined ? 0 : 1), high].filter(
      (n) => n >= low && n <= high,
    );
    return chance.is(0.9) && within.length > 0 ? chance.of(within) : chance.int(Math.ceil(low), Math.floor(high));
  }

  /** The same value with one place in it turned into something that should be refused. */
  hostile(value: Json): Json {
    const chance = this.#chance;
    if (Array.isArray(value) && value.length > 0 && !chance.is(0.25)) {
      const at = chance.int(0, value.length - 1);
      return value.map((inner, i) => (i === at ? this.hostile(inner) : inner));
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const keys = Object.keys(value);
      const key = chance.of(keys);
      if (key === undefined || chance.is(0.12))
        return { ...value, [chance.of(HOSTILE_KEYS)]: chance.of(HOSTILE_VALUES) };
      if (chance.is(0.15)) return Object.fromEntries(Object.entries(value).filter(([k]) => k !== key));
      return { ...value, [key]: this.hostile(value[key] ?? null) };
    }
    return chance.of(HOSTILE_VALUES);
  }
}

const HOSTILE_KEYS = ['__proto__', 'constructor', 'toString', 'id', 'tenant_id', '', '$where', 'x'.repeat(300), 'ключ'];

/** What has broken servers before. Half a character and NUL reach JSON as escapes. */
export const HOSTILE_VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1,
  0.1,
  0.0001,
  -0.001,
  1e-9,
  1e15,
  1e21,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  9_999_999_999_999,
  100_000_000.001,
  '',
  ' ',
  '0',
  '-1',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  '١٢٣',
  'true',
  'null',
  'undefined',
  "'; DROP TABLE tenant; --",
  "' OR 1=1 --",
  '%',
  '_',
  '\\',
  '"',
  '$' + '{jndi:ldap://x}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '..%2f..%2f',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\uffff',
  '\ufeff',
  '\u202e',
  '\r\nSet-Cookie: x=1',
  '👩‍👩‍👧‍👦',
  'e\u0301'.repeat(50),
  'ﷺ'.repeat(30),
  'x'.repeat(256),
  'x'.repeat(10_000),
  '9'.repeat(400),
  '-'.repeat(50),
  [],
  [[]],
  [null],
  [[[[[[]]]]]],
  {},
  { amount: {} },
  { $ne: null },
  { toString: 'x' },
  { length: 1e9 },
  'sal_00000000000000000000000000',
  'SAL_00000000000000000000000000',
  'usr_zzzzzzzzzzzzzzzzzzzzzzzzzz',
  '0000-00-00',
  '2026-02-30',
  '9999-12-31',
  '0001-01-01',
  '2026-13-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '2026-01-01T00:00:00+99:99',
  '1969-12-31T23:59:59Z',
  Array.from({ length: 600 }, () => 1),
];
