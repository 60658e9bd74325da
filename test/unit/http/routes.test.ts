// The route table: rules that hold for every route, and the capabilities of each function.
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../../lib/domain/values/service-error.ts';
import type { Capability, FunctionName, Plane, Route } from '../../../lib/http/routes/route.ts';
import { routeKey } from '../../../lib/http/routes/route.ts';
import { routes } from '../../../lib/http/routes/routes.ts';

const planePaths: Record<Plane, RegExp> = {
  user: /^\/v1\/(?:me\/|providers$)/,
  runtime: /^\/v1\/(?:users\/\{userId\}(?:\/|$)|system\/)/,
  link: /^\/v1\/link(?:$|\/)/,
  public: /^\/(?:v1\/(?:health|oauth\/(?:callback|client-metadata\.json))|connect)$/,
};

const planeFunctions: Record<Plane, readonly FunctionName[]> = {
  user: ['user-api', 'start-api', 'connect-api'],
  link: ['link-api', 'link-start-api', 'link-connect-api'],
  runtime: ['runtime-api', 'runtime-start-api', 'moving-api'],
  public: ['health', 'oauth-callback', 'connect-page', 'client-metadata'],
};

/** What no function of the user plane may do. Opening secrets is left to connect-api. */
const NEVER_FOR_USERS: readonly Capability[] = ['read_system_keys', 'erase_user', 'write_configuration'];
const NEVER_FOR_USER_API: readonly Capability[] = [
  'open_secret',
  'read_oauth_clients',
  'create_state',
  'consume_state',
];

const START_FUNCTIONS: readonly FunctionName[] = ['start-api', 'link-start-api', 'runtime-start-api'];
/** All that starting a connection takes. It opens no secret, refreshes nothing and reads no system key. */
const STARTING: readonly Capability[] = [
  'read_credential',
  'create_state',
  'read_oauth_clients',
  'use_link',
  'read_servers',
  'register_client',
];

const named: [string, Route][] = routes.map((route) => [routeKey(route), route]);
const parameters = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
const accepts = (schema: Route['params'], value: unknown) => schema.safeParse(value).success;
const can = ({ capabilities }: Route, capability: Capability) => capabilities.includes(capability);

describe('the route table', () => {
  it('names each route once', () => {
    expect(new Set(routes.map(routeKey)).size).toBe(routes.length);
  });

  it('gives each route its own id', () => {
    expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
  });

  it('has no two paths that differ only in parameter names', () => {
    const shapes = routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
    expect(new Set(shapes).size).toBe(routes.length);
  });

  it('gives no function of the user plane the right to read a system key, erase or publish', () => {
    const reachable = new Set(routes.filter(({ plane }) => plane !== 'runtime').map((route) => route.function));
    const rights = routes.filter((route) => reachable.has(route.function)).flatMap(({ capabilities }) => capabilities);
    expect(rights.filter((right) => NEVER_FOR_USERS.includes(right))).toEqual([]);
  });

  it.each(['user-api', 'link-api'])(
    'gives %s no right to open a secret, read OAuth clients or touch OAuth states',
    (name) => {
      const rights = routes.filter((route) => route.function === name).flatMap((route) => route.capabilities);
      expect(rights.filter((right) => NEVER_FOR_USER_API.includes(right))).toEqual([]);
    },
  );

  it('gives the right to use a link to the routes of the link plane only, and to all of them', () => {
    for (const route of routes)
      expect([routeKey(route), can(route, 'use_link')]).toEqual([routeKey(route), route.plane === 'link']);
  });

  it.each(START_FUNCTIONS)('gives %s the two starts of its plane, and no right but to start', (name) => {
    const own = routes.filter((route) => route.function === name);
    expect(own.map(({ path }) => path.replace(/^.*\//, '')).toSorted()).toEqual(['connections', 'device-connections']);
    expect(own.flatMap(({ capabilities }) => capabilities).filter((right) => !STARTING.includes(right))).toEqual([]);
  });

  it('gives every start of a connection a function of its own', () => {
    const starts = routes.filter(({ path }) => /\/(?:device-)?connections$/.test(path));
    expect(starts).toHaveLength(6);
    expect(starts.filter((route) => !START_FUNCTIONS.includes(route.function)).map(routeKey)).toEqual([]);
  });

  it('gives the routes of moving a function that has no others', () => {
    const own = routes.filter((route) => route.function === 'moving-api');
    expect(own.map(routeKey).toSorted()).toEqual(['GET /v1/users/{userId}/export', 'POST /v1/users/{userId}/import']);
  });

  it('keeps each function on one authenticated plane', () => {
    const planes = Map.groupBy(
      routes.filter(({ plane }) => plane !== 'public'),
      (route) => route.function,
    );
    for (const own of planes.values()) expect(new Set(own.map(({ plane }) => plane)).size).toBe(1);
  });
});

describe.each(named)('%s', (_, route) => {
  it('has a path of its plane', () => {
    expect(route.path).toMatch(planePaths[route.plane]);
  });

  it('is served by a function of its plane', () => {
    expect(planeFunctions[route.plane]).toContain(route.function);
  });

  it('names known codes, each once', () => {
    expect(route.errors.filter((code) => !errorCodes.includes(code))).toEqual([]);
    expect(new Set(route.errors).size).toBe(route.errors.length);
  });

  it('has a schema for each path parameter except userId, and no other', () => {
    const own = parameters(route.path).filter((name) => name !== 'userId');
    expect(accepts(route.params, Object.fromEntries(own.map((name) => [name, 'a'])))).toBe(true);
    if (own.length > 0) expect(accepts(route.params, {})).toBe(false);
  });

  it('has a body exactly when its method sends one', () => {
    expect(route.body !== undefined).toBe(['POST', 'PUT', 'PATCH'].includes(route.method));
  });

  it('refuses an unknown field in the body', () => {
    if (!route.body) return;
    const issues = route.body.safeParse({ surprise: 1 }).error?.issues ?? [];
    expect(issues).not.toEqual([]);
  });

  it('has an answer for success', () => {
    // The callback answers browsers: a page or a redirect.
    if (route.function === 'oauth-callback') return;
    const statuses = Object.keys(route.answers).map(Number);
    expect(statuses.filter((status) => status < 200 || status > 299)).toEqual([]);
    expect(statuses.length).toBeGreaterThan(0);
  });

  it('takes If-Match exactly when it writes a user, and then lists version_conflict', () => {
    // Finishing a flow writes under the conditions of its state.
    const writes = (can(route, 'write_user') || can(route, 'erase_user')) && !can(route, 'consume_state');
    expect(route.ifMatch !== 'none').toBe(writes);
    expect(route.errors.includes('version_conflict')).toBe(writes);
  });

  it('may read the user it writes', () => {
    if (can(route, 'write_user')) expect(can(route, 'read_user')).toBe(true);
  });

  it('may seal exactly when it stores a secret, a managed key under a purpose of its own', () => {
    const writes = ['POST', 'PUT'].includes(route.method);
    const managed = writes && route.path.includes('/managed-credentials/');
    const imports = route.path.endsWith('/import');
    const keeps =
      writes && !managed && /credentials|edit|complete|poll|import/.test(route.path) && !route.path.endsWith('/check');
    expect(can(route, 'seal_managed_key')).toBe(managed || imports);
    expect(can(route, 'seal_secret')).toBe(keeps);
  });

  it('on the public plane has no capability but store_pending_code', () => {
    if (route.plane === 'public') expect(['', 'store_pending_code']).toContain(route.capabilities.join());
  });
});
