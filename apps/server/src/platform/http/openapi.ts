/** The OpenAPI 3.1 document, made from the route table, so that it cannot say something else than the server does. */
import { ERRORS, type ErrorCode } from '@mostrador/contract/errors';
import { zProblem } from '@mostrador/contract/problem';
import { z } from 'zod';
import { API_PREFIX } from './routes.js';
import type { Route } from './types.js';

type Json = Record<string, unknown>;

/** Codes that any route with that trait can answer. */
const COMMON: readonly ErrorCode[] = ['validation_failed', 'malformed_text', 'unavailable'];
const WITH_SESSION: readonly ErrorCode[] = ['unauthenticated', 'token_invalid', 'token_expired', 'rate_limited'];
const WITH_BODY: readonly ErrorCode[] = ['malformed_json', 'body_too_large', 'unsupported_media_type'];
const WITH_KEY: readonly ErrorCode[] = [
  'idempotency_key_required',
  'idempotency_key_invalid',
  'idempotency_key_reused',
];

/** Builds the document of all routes. */
export function openApi(routes: readonly Route[], version: string): Json {
  const components: Json = {};
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = API_PREFIX + route.url;
    const item = paths[path] ?? {};
    item[route.method.toLowerCase()] = operation(route, components);
    paths[path] = item;
  }
  schemaOf(zProblem, 'output', components);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mostrador',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description: DESCRIPTION,
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((r) => r.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

const DESCRIPTION = `Sign in with \`POST ${API_PREFIX}/auth/login\` and send the access token as \`Authorization: Bearer …\`.

Refusals are problem documents (RFC 9457) with a stable \`code\`, all defects of the input in \`errors\`, and further
members with the facts a client needs. Money is an integer of the currency's minor units; as input a string of digits
does too. Quantities are in the sales unit with at most 3 decimals. Lists answer \`{data, page}\`; pass
\`page.next_cursor\` as \`cursor\` to go on. A request with an \`Idempotency-Key\` can be repeated: it takes effect once
and answers the same.`;

function operation(route: Route, components: Json): Json {
  const parameters = [
    ...parametersOf(route.params, 'path', components),
    ...parametersOf(route.query, 'query', components),
  ];
  if (route.idempotent === true) {
    parameters.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: true,
      description: 'Names this command; a UUIDv7 is best. The same key with the same content answers as before.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    });
  }
  return {
    tags: [route.tag],
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(route.permission === 'public' ? { security: [] } : { security: [{ token: [] }] }),
    'x-permission': route.permission,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBody(route, components),
    responses: { ...success(route, components), ...refusals(route) },
  };
}

function operationId(route: Route): string {
  const words = route.url.split(/[^a-z0-9]+/i).filter((w) => w !== '');
  return [route.method.toLowerCase(), ...words].join('_');
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', components: Json): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input', components) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(typeof property.description === 'string' ? { description: property.description } : {}),
    schema: property,
  }));
}

function requestBody(route: Route, components: Json): Json {
  if (route.multipart === true) {
    const schema = {
      type: 'object',
      properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } },
    };
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } };
  }
  if (route.body === undefined) return {};
  const schema = schemaOf(route.body, 'input', components);
  const required = !route.body.safeParse(undefined).success;
  return { requestBody: { required, content: { 'application/json': { schema } } } };
}

function success(route: Route, components: Json): Json {
  const status = String(route.status ?? 200);
  if ('raw' in route.response) {
    const content = Object.fromEntries(route.response.raw.map((type) => [type, { schema: { type: 'string' } }]));
    return { [status]: { description: route.summary, content } };
  }
  if (status === '204') return { [status]: { description: route.summary } };
  const schema = schemaOf(route.response, 'output', components);
  return { [status]: { description: route.summary, content: { 'application/json': { schema } } } };
}

function refusals(route: Route): Json {
  const codes = new Set<ErrorCode>([
    ...COMMON,
    ...(route.permission === 'public' ? [] : WITH_SESSION),
    ...(route.permission === 'public' || route.permission === 'signed_in' ? [] : (['forbidden'] as const)),
    ...(route.params === undefined ? [] : (['not_found'] as const)),
    ...(route.body === undefined && route.multipart !== true ? [] : WITH_BODY),
    ...(route.idempotent === true ? WITH_KEY : []),
    ...(route.errors ?? []),
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) byStatus.set(ERRORS[code].status, [...(byStatus.get(ERRORS[code].status) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      String(status),
      {
        description: list.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

/** The JSON Schema of a Zod schema; named ones go to the components, once for input and once for output. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const made = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as Json;
  const { $schema: _dialect, $defs = {}, ...rest } = made;
  const suffix = io === 'input' ? 'Input' : '';
  const name = (id: string) => id + suffix;
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== 'id')
        .map(([key, inner]) => {
          if (key === '$ref' && typeof inner === 'string') {
            return [key, inner.replace(/^#\/\$defs\/(.+)$/, (_, id: string) => `#/components/schemas/${name(id)}`)];
          }
          if (key === 'properties' && typeof inner === 'object' && inner !== null) {
            return [key, Object.fromEntries(Object.entries(inner).map(([k, v]) => [k, rewrite(v)]))];
          }
          return [key, rewrite(inner)];
        }),
    );
  };
  for (const [id, definition] of Object.entries($defs as Json)) components[name(id)] = rewrite(definition);
  const result = rewrite(rest) as Json;
  const own = typeof rest.id === 'string' ? rest.id : undefined;
  if (own === undefined) return result;
  components[name(own)] = result;
  return { $ref: `#/components/schemas/${name(own)}` };
}
