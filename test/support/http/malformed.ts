// Malformed requests, made from the route table: a valid request, then broken in one to three ways. The same seed makes the same
// requests.
import { METHODS } from 'node:http';
import * as z from 'zod';
import type { Route } from '../../../lib/http/routes/route.ts';
import { type RouteId, routes } from '../../../lib/http/routes/routes.ts';

export interface Random {
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
}

/** Mulberry32, a small generator of pseudorandom numbers. */
export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { below, pick: (list) => list[below(list.length)] as never };
};

export interface MalformedRequest {
  routeId: RouteId;
  plane: Route['plane'];
  /** How it was broken. */
  broken: string[];
  method: string;
  path: string;
  /** Names and values alternate; a name may be repeated. */
  headers: string[];
  body: Buffer;
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  const?: Json;
  enum?: Json[];
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
}

/** Values for fields whose type alone does not say what is valid. */
const samples = (secret: string): Record<string, Json> => ({
  ...{ apiKey: secret, accessToken: secret, refreshToken: secret, password: secret, secret, token: secret },
  // No provider that is known, so that no check calls one.
  ...{ provider: 'internal-api', host: 'api.example.com', headers: { 'x-api-key': secret }, metadata: { a: [1] } },
  ...{
    variables: {},
    parameters: { realmId: '1' },
    code: secret,
    receipt: secret,
    state: secret,
    document: { credentials: [{ type: 'api_key', id: 'imported', provider: 'openai', apiKey: secret }] },
    mcpServerUrl: 'https://10.0.0.1/mcp',
    returnUrl: 'https://app.example.com/',
    expiresInSeconds: 600,
    manage: true,
  },
  ...{ url: 'https://api.example.com/x', callbackUrl: 'https://app.example.com/cb', expiresAt: '2099-01-01T00:00:00Z' },
  ...{ accessTokenExpiresAt: '2099-01-01T00:00:00Z', refreshTokenExpiresAt: '2099-01-01T00:00:00.5Z', id: 'mine' },
});

const build = (schema: JsonSchema, root: JsonSchema, { below, pick }: Random, sample: Record<string, Json>): Json => {
  const inner = (part: JsonSchema) => build(part, root, { below, pick }, sample);
  if (schema.$ref) return inner(root.$defs?.[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return pick(schema.enum);
  if (schema.oneOf ?? schema.anyOf) return inner(pick(schema.oneOf ?? schema.anyOf ?? []));
  if (schema.type === 'array') return Array.from({ length: below(3) }, () => inner(schema.items ?? {}));
  if (schema.type === 'integer') return below(100);
  if (schema.type !== 'object' || !schema.properties) return 'text';
  const names = Object.entries(schema.properties).filter(([name]) => schema.required?.includes(name) || below(3) > 0);
  return Object.fromEntries(names.map(([name, part]) => [name, sample[name] ?? inner(part)]));
};

const schemas = new Map<Route['body'], JsonSchema>();

const findSchema = (body: NonNullable<Route['body']>): JsonSchema => {
  const known = schemas.get(body) ?? (z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
  schemas.set(body, known);
  return known;
};

/** Names a provider, or an MCP server with its challenge: at a place that may not be called, so that nothing is. */
const nameOne = ({ provider, mcpServerUrl, challenge, ...rest }: Record<string, Json>, { below }: Random): Json =>
  below(2) > 0
    ? { ...rest, provider: provider ?? 'internal-api' }
    : { ...rest, mcpServerUrl: mcpServerUrl ?? 'https://10.0.0.1/mcp', challenge: challenge ?? 'Bearer' };

/** A body that the route accepts; undefined for a route without one. */
export const validBody = (route: Route, random: Random, secret: string): Json | undefined => {
  if (!route.body) return undefined;
  const schema = findSchema(route.body);
  const body = build(schema, schema, random, samples(secret));
  // JSON schema cannot express that one of several fields is required, or that one needs another.
  if (route.path.endsWith('/resolve')) return { ...(body as object), provider: 'openai' };
  return route.path.endsWith('/connections') ? nameOne(body as Record<string, Json>, random) : body;
};

/** Placeholders for what JSON.stringify cannot write. */
const WRITTEN: Record<string, () => string> = {
  '@deep': () => '['.repeat(10_000) + ']'.repeat(10_000),
  '@deeper': () => '{"a":'.repeat(9_000) + '1'.concat('}'.repeat(9_000)),
  '@keys': () => `{${Array.from({ length: 4_000 }, (_, index) => `"k${index}":0`).join()}}`,
  '@million keys': () => `{${Array.from({ length: 400_000 }, (_, index) => `"k${index}":0`).join()}}`,
  '@huge number': () => '1e999',
  '@long number': () => '9'.repeat(5_000),
  '@twice': () => '{"type":"api_key","type":"oauth2","__proto__":{"type":"host_scoped"},"__proto__":1}',
};

const ODD_VALUES: Json[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    2 ** 53,
    1e308,
    '',
    ' ',
    [],
    {},
    [[]],
    [null],
    { a: 1 },
    '\0',
    '\ud800',
    '\udfff\ud800',
  ],
  ...[
    '\u202e',
    '\ufeff',
    '🔑'.repeat(200),
    'x'.repeat(300),
    'x'.repeat(20_000),
    '__proto__',
    'constructor',
    'a\r\nb: c',
  ],
  ...['../..', '{{7*7}}', "' OR 1=1 --", '<script>', '%00', '%s%n', '1', 'null', '[object Object]', 'NaN', '-0'],
  ...Object.keys(WRITTEN),
];
const ODD_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'prototype',
  '',
  ' ',
  '\0',
  '\ud800',
  'userId',
  '$ref',
  'a.b',
  'a/b~c',
];

type Place = [container: Record<string, Json> | Json[], key: string];

const placesIn = (value: Json): Place[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]): Place[] => [[value as Place[0], key], ...placesIn(inner)]);

const setOwn = (container: object, name: string, value: Json) =>
  Object.defineProperty(container, name, { value, enumerable: true, configurable: true, writable: true });

/** A copy, since a later change may alter it in the body. */
const oddValue = ({ pick }: Random): Json => structuredClone(pick(ODD_VALUES));

/** Changes a body in one place. */
const changeValue = (body: Json, random: Random): Json => {
  const places = placesIn(body);
  if (places.length === 0 || random.below(12) === 0) return oddValue(random);
  const [container, key] = random.pick(places);
  const kind = random.below(5);
  if (kind === 0 && !Array.isArray(container)) delete container[key];
  else if (kind === 1 && !Array.isArray(container)) setOwn(container, random.pick(ODD_NAMES), oddValue(random));
  else if (kind === 2) setOwn(container, key, [structuredClone(container[key as never]) as Json]);
  else setOwn(container, key, oddValue(random));
  return body;
};

const write = (body: Json): Buffer => {
  const text = JSON.stringify(body).replace(/"(@[a-z ]+)"/g, (whole, name: string) => WRITTEN[name]?.() ?? whole);
  return Buffer.from(text);
};

const splice = (bytes: Buffer, at: number, inserted: Buffer | string): Buffer =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(inserted as string), bytes.subarray(at)]);

const TEXT_CHANGES: Record<string, (bytes: Buffer, random: Random) => Buffer> = {
  truncated: (bytes, { below }) => bytes.subarray(0, below(bytes.length)),
  'with a byte changed': (bytes, { below }) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[below(changed.length)] = below(256);
    return changed;
  },
  'with bad UTF-8': (bytes, { below, pick }) =>
    splice(
      bytes,
      below(bytes.length + 1),
      Buffer.from(pick(['ff', 'c0af', 'eda080', 'f4908080', 'e282', '80']), 'hex'),
    ),
  'with NUL': (bytes, { below }) => splice(bytes, below(bytes.length + 1), '\0'),
  'with a BOM': (bytes) => splice(bytes, 0, '\ufeff'),
  'with more after its end': (bytes, { pick }) =>
    splice(bytes, bytes.length, pick(['}', ',', '{}', 'x', '\0', '// c'])),
  'in single quotes': (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('"', "'"), 'latin1'),
  'in UTF-16': (bytes) => Buffer.from(bytes.toString(), 'utf16le'),
  'in base64': (bytes) => Buffer.from(bytes.toString('base64')),
  empty: () => Buffer.alloc(0),
  'only white space': () => Buffer.from(' \n\t '),
  random: (_, { below }) => Buffer.from(Array.from({ length: below(300) }, () => below(256))),
  'gzip by its first bytes': (bytes) => splice(bytes, 0, Buffer.from('1f8b0800000000000003', 'hex')),
  'in an array': (bytes) => Buffer.from(`[${bytes}]`),
  'twice in one': (bytes) => Buffer.from(`${bytes}${bytes}`),
  'of 64 KB and a byte': (bytes) => Buffer.concat([bytes, Buffer.alloc(Math.max(0, 65_537 - bytes.length), ' ')]),
  'of 6 MB and a byte': (bytes, { below }) => (below(6) === 0 ? Buffer.alloc(6 * 1024 * 1024 + 1, ' ') : bytes),
};

const HEADERS: ((random: Random) => string[])[] = [
  ({ pick }) => [
    'content-type',
    pick(['', 'text/plain', 'application/xml', 'application/json;', 'application/json; charset=utf-16']),
  ],
  ({ pick }) => [
    'content-type',
    pick(['multipart/form-data', 'application/json, text/plain', '\xff', 'x'.repeat(3_000)]),
  ],
  ({ pick }) => ['content-encoding', pick(['gzip', 'br', 'identity', '\x80'])],
  ({ pick }) => [
    'if-match',
    pick(['', '*', 'v1', 'W/"v1"', '"v99999999999999999999"', '"v1", "v2"', '\xe9', `"v${'1'.repeat(4_000)}"`]),
  ],
  () => ['if-match', '"v1"', 'if-match', '"v2"'],
  () => ['if-none-match', '*', 'range', 'bytes=0-', 'x-http-method-override', 'DELETE'],
  ({ pick }) => ['x-long', 'x'.repeat(pick([1_000, 9_000, 11_000]))],
  ({ below }) => Array.from({ length: 2 * below(300) }, (_, index) => (index % 2 ? 'v' : `x-${index}`)),
  ({ pick }) => [
    pick(['__proto__', 'constructor', 'x.y', "x'", 'x|y', '~', 'cookie']),
    pick(['', '\xff\xfe', 'a=b; ;c', '"', '\t']),
  ],
  ({ pick }) => [
    'authorization',
    pick(['', 'Bearer', 'Bearer a.b.c', 'AWS4-HMAC-SHA256 Credential=', `Basic ${'x'.repeat(2_000)}`]),
  ],
  ({ pick }) => ['x-amz-date', pick(['', '20300101T000000Z', '99999999T999999Z', 'x'])],
  ({ pick }) => ['host', pick(['', 'evil.example', '127.0.0.1:99999', '[::1'])],
];

const PATH_PARTS = [
  ...['', '.', '..', '%', '%zz', '%00', '%2F', '%2e%2e', '%C0%AF', '%ED%A0%80', '%FF', ';a=b', '*', '{id}', '~', '~~'],
  ...[
    '~w6k',
    '~YWxpY2U',
    '%7EYS9i',
    'x'.repeat(129),
    'x'.repeat(5_000),
    '%F0%9F%94%91',
    '__proto__',
    '%23',
    '#',
    '%3F',
    '[',
    '|',
    '"',
  ],
];
const QUERIES = [
  '',
  '&',
  '=',
  'provider=',
  'provider=%',
  'provider=%00',
  'provider[]=a',
  '__proto__=a',
  'a'.repeat(4_000),
  '%ZZ',
  'provider=a&provider=b',
  '?',
  'x=%ED%A0%80',
];

const MAX_HEAD = 14_000;

const changePath = (path: string, random: Random): string => {
  const segments = path.split('/');
  const at = 1 + random.below(segments.length);
  segments.splice(at, random.below(2), random.pick(PATH_PARTS));
  return segments.join('/');
};

/** Changes to the value come first; changes to the bytes follow. */
export const malformedRequest = (random: Random, secret: string): MalformedRequest => {
  const route = random.pick(routes);
  const request = {
    ...{ routeId: route.id, plane: route.plane, broken: [] as string[], method: route.method as string },
    path: route.path
      .replace('{userId}', `u${random.below(5)}`)
      .replace('{id}', 'mine')
      .replace('{provider}', 'openai'),
    headers: ['content-type', 'application/json'],
  };
  if (route.ifMatch === 'required') request.headers.push('if-match', `"v${random.below(3)}"`);
  let value = validBody(route, random, secret);
  if (value === undefined && random.below(3) === 0) value = {};
  let bytes: Buffer | undefined;
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const kind = random.below(10);
    if (kind < 4 && value !== undefined && !bytes) {
      value = changeValue(value, random);
      request.broken.push('a changed value');
    } else if (kind < 7 && value !== undefined) {
      const name = random.pick(Object.keys(TEXT_CHANGES));
      bytes = TEXT_CHANGES[name]?.(bytes ?? write(value), random);
      request.broken.push(`a body ${name}`);
    } else if (kind === 7) {
      request.headers.push(...random.pick(HEADERS)(random));
      request.broken.push('odd headers');
    } else if (kind === 8) {
      request.path = random.below(2) ? changePath(request.path, random) : `${request.path}?${random.pick(QUERIES)}`;
      request.broken.push('an odd path');
    } else if (random.below(4) === 0) {
      request.method = random.pick(METHODS.filter((name) => name !== 'CONNECT'));
      request.broken.push('an odd method');
    } else request.headers.push(...random.pick(HEADERS)(random));
  }
  // Node's parser refuses a longer head before the server sees it.
  if (request.path.length + request.headers.join().length > MAX_HEAD) request.headers.length = 2;
  return { ...request, body: bytes ?? (value === undefined ? Buffer.alloc(0) : write(value)) };
};
