// The answers of the handler chain: status, headers and body, for successes and refusals.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callDeadline } from '../../../lib/adapters/runtime/call-deadline.ts';
import type { Log } from '../../../lib/domain/ports/telemetry.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { type Handlers, httpFunction } from '../../../lib/http/chain/http-function.ts';
import { selectRoutes } from '../../../lib/http/routes/own-routes.ts';
import type { HandlerResult } from '../../../lib/http/routes/route.ts';
import { routeTable } from '../../../lib/http/routes/routes.ts';
import { asUser, httpEvent, lambdaContext } from '../../support/builders.ts';
import { settableClock, unlimitedCalls } from '../../support/memory/memory-deps.ts';

const clock = settableClock();
const log = { info: vi.fn<Log['info']>(), warn: vi.fn<Log['warn']>(), error: vi.fn<Log['error']>() };
const observed = () => [...log.info.mock.calls, ...log.warn.mock.calls, ...log.error.mock.calls];

afterEach(() => {
  vi.clearAllMocks();
});

const unbound = async (): Promise<HandlerResult> => {
  throw new Error('an unexpected handler was called');
};

/** The user-api function; only getMyCredential and addMyCredential have a handler that may be called. */
const userApi = (get: () => Promise<HandlerResult>) => {
  const handlers: Handlers<'user-api'> = {
    listProviders: unbound,
    listMyCredentials: unbound,
    addMyCredential: get,
    getMyCredential: get,
    replaceMyCredential: unbound,
    renameMyCredential: unbound,
  };
  const deps = { log, clock, deadline: callDeadline, callLimit: unlimitedCalls, userLogKey: 'the-key-of-the-log' };
  return httpFunction(selectRoutes('user-api', routeTable), handlers, deps);
};

const ROUTE = 'GET /v1/me/credentials/{id}';
const event = (given: Parameters<typeof httpEvent>[0] = {}) =>
  httpEvent({ routeKey: ROUTE, params: { id: 'a' }, authorizer: asUser(), ...given });

const answered = (get: () => Promise<HandlerResult>, given: Parameters<typeof httpEvent>[0] = {}) =>
  userApi(get)(event(given), lambdaContext());

const fails = (error: unknown) => async () => {
  throw error;
};

const fine = async (): Promise<HandlerResult> => ({ status: 200, body: { a: 1 }, version: 3 });

describe('an answer of httpFunction', () => {
  it('is JSON with the version as ETag and no-store', async () => {
    const { statusCode, headers, body } = await answered(fine);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store', etag: '"v3"' });
    expect(JSON.parse(body ?? '')).toEqual({ a: 1 });
  });

  it('has no ETag without a version', async () => {
    const { headers } = await answered(async () => ({ status: 200, body: {} }));
    expect(headers).not.toHaveProperty('etag');
  });

  it('has the ETag of version 0', async () => {
    expect((await answered(async () => ({ status: 200, body: {}, version: 0 }))).headers).toMatchObject({
      etag: '"v0"',
    });
  });

  it('has neither body nor content type for a 204', async () => {
    const { statusCode, headers, body } = await answered(async () => ({ status: 204, version: 4 }));
    expect([statusCode, body]).toEqual([204, undefined]);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', etag: '"v4"' });
    expect(headers).not.toHaveProperty('content-type');
  });

  it('has exactly these headers', async () => {
    const { headers } = await answered(async () => ({ status: 200, body: {} }));
    expect(headers).toEqual({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'Strict-Transport-Security': 'max-age=63072000',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    });
  });

  it('is an HTML page with its own content security policy and no-store', async () => {
    const page = { html: '<p>Hello</p>', policy: "default-src 'none'" };
    const { statusCode, headers, body } = await answered(async () => ({ status: 400, page }));
    expect([statusCode, body]).toEqual([400, '<p>Hello</p>']);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'",
      'cache-control': 'no-store',
    });
  });

  it('includes the headers of the handler', async () => {
    const { headers } = await answered(async () => ({ status: 201, body: {}, headers: { location: '/v1/x' } }));
    expect(headers).toMatchObject({ location: '/v1/x' });
  });

  it('is no-store even if the handler sets another cache-control', async () => {
    const cached = { 'cache-control': 'public, max-age=60' };
    expect((await answered(async () => ({ status: 200, body: {}, headers: cached }))).headers).toMatchObject({
      'cache-control': 'no-store',
    });
  });

  it.each([
    ['an answer', fine],
    ['a problem', fails(new ServiceError('credential_not_found'))],
    ['an unexpected error', fails(new Error('x'))],
  ])('has the security headers: %s', async (_, get) => {
    const headers = Object.entries((await answered(get)).headers ?? {});
    const byName = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
    expect(byName).toMatchObject({
      'strict-transport-security': expect.stringContaining('max-age='),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });
});

describe('a refusal of httpFunction', () => {
  it('is problem+json with the request id and no-store', async () => {
    const { statusCode, headers, body } = await answered(fails(new ServiceError('credential_not_found')));
    expect(statusCode).toBe(404);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
    expect(JSON.parse(body ?? '')).toMatchObject({ code: 'credential_not_found', instance: 'request-1' });
  });

  it('has a Retry-After header for store_busy', async () => {
    const { statusCode, headers } = await answered(fails(new ServiceError('store_busy')));
    expect([statusCode, headers?.['retry-after']]).toEqual([503, '1']);
  });

  it.each(['GET /v1/nowhere', 'PUT /v1/me/credentials', '$default', '', 'DELETE /v1/me/credentials/{id}'])(
    'is the 404 of API Gateway for the foreign route %j',
    async (routeKey) => {
      const { statusCode, headers, body } = await answered(fine, { routeKey });
      expect([statusCode, body]).toEqual([404, '{"message":"Not Found"}']);
      expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    },
  );

  it.each(['GET __proto__', 'constructor', 'toString'])(
    'ignores Object.prototype keys as routes: %j',
    async (routeKey) => {
      expect((await answered(fine, { routeKey })).statusCode).toBe(404);
    },
  );

  it('is the 401 of API Gateway without an authorizer', async () => {
    const { statusCode, body } = await userApi(fine)(
      httpEvent({ routeKey: ROUTE, params: { id: 'a' } }),
      lambdaContext(),
    );
    expect([statusCode, body]).toEqual([401, '{"message":"Unauthorized"}']);
  });

  it.each([
    ['an error', new Error('canary-message')],
    ['an error with a cause', new Error('canary-message', { cause: new Error('canary-cause') })],
    ['an object that is no Error', { canary: 'canary' }],
    ['text', 'canary'],
    ['undefined', undefined],
    ['an SDK error', Object.assign(new Error('canary'), { $response: { body: 'canary' }, $metadata: {} })],
  ])('is a 500 that shows nothing of %s', async (_, error) => {
    const { statusCode, body } = await answered(fails(error));
    expect(statusCode).toBe(500);
    expect(Object.keys(JSON.parse(body ?? '')).toSorted()).toEqual(['code', 'instance', 'status', 'title', 'type']);
    expect(JSON.stringify([body, observed()])).not.toContain('canary');
  });

  it('is the 404 of API Gateway for a route of another function', async () => {
    const { statusCode, body } = await answered(fine, { routeKey: 'POST /v1/users/{userId}/resolve' });
    expect([statusCode, body]).toEqual([404, '{"message":"Not Found"}']);
  });

  it('does not affect the next request', async () => {
    const get = vi.fn(fine).mockRejectedValueOnce(new Error('once'));
    const handler = userApi(get);
    expect((await handler(event(), lambdaContext())).statusCode).toBe(500);
    expect((await handler(event(), lambdaContext())).statusCode).toBe(200);
  });
});
