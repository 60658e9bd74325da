// Reading a request by the schemas of its route: parts, If-Match, ids, and violations without values.
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { readRequest } from '../../../lib/http/chain/read-request.ts';
import { problemDocument } from '../../../lib/http/problem.ts';
import type { Route } from '../../../lib/http/routes/route.ts';
import { routeKey } from '../../../lib/http/routes/route.ts';
import { type RouteId, routeTable } from '../../../lib/http/routes/routes.ts';
import { ALICE, asUser, asWorker, httpEvent, newApiKey } from '../../support/builders.ts';

interface Asked {
  headers?: Record<string, string>;
  body?: unknown;
  params?: Record<string, string>;
  query?: Record<string, string>;
}

/** A request to a route by an authorized caller. */
const ask = (id: RouteId, { params = {}, ...asked }: Asked = {}) => {
  const route: Route = routeTable[id];
  const authorizer = route.plane === 'user' ? asUser() : asWorker();
  const pathParameters = route.plane === 'runtime' ? { userId: ALICE, ...params } : params;
  return readRequest(route, httpEvent({ ...asked, routeKey: routeKey(route), params: pathParameters, authorizer }));
};

const refusal = (id: RouteId, asked: Asked): ServiceError => {
  try {
    ask(id, asked);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error('the request was accepted');
};

const ifMatch = (tag: string) => ({ headers: { 'if-match': tag } });
const title = { body: { title: 'T' } };
const renaming = { params: { id: 'a' }, ...title };

describe('readRequest', () => {
  it('answers every part parsed', () => {
    const asked = { params: { id: 'a' }, body: newApiKey(), ...ifMatch('"v7"') };
    expect(ask('replaceCredential', asked)).toEqual({
      userId: ALICE,
      params: { id: 'a' },
      query: {},
      body: newApiKey(),
      expectedVersion: 7,
      isPrefetch: false,
    });
  });

  it.each([
    ['sec-purpose', 'prefetch', true],
    ['sec-purpose', 'prefetch;anonymous-client-ip', true],
    ['purpose', 'Prefetch', true],
    ['x-purpose', 'preview', true],
    ['x-moz', 'prefetch', true],
    ['sec-purpose', 'navigate', false],
    ['purpose', 'noprefetching', false],
    ['sec-fetch-dest', 'prefetch', false],
  ])('knows by %s: %s whether a browser loads ahead: %s', (name, value, expected) => {
    expect(ask('receiveOAuthCallback', { headers: { [name]: value } }).isPrefetch).toBe(expected);
  });

  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it('reads a form, with all values of a repeated name', () => {
    const { body } = ask('receiveOAuthFormPost', { body: 'state=s&code=a&code=b&x-own=%C3%A9', headers: form });
    expect(body).toEqual({ state: 's', code: ['a', 'b'], 'x-own': 'é' });
  });

  it.each([
    ['another type', 'state=s', { 'content-type': 'application/json' }, 'unsupported_media_type'],
    ['64 KB and more', `state=${'s'.repeat(65_536)}`, form, 'body_too_large'],
  ])('refuses a form of %s', (_, body, headers, code) => {
    expect(() => ask('receiveOAuthFormPost', { body, headers })).toThrow(expect.objectContaining({ code }));
  });

  it('takes no body for an empty object where it is optional, and reads one that is there', () => {
    const params = { id: 'a' };
    expect(ask('checkStoredCredential', { params }).body).toEqual({});
    expect(ask('checkStoredCredential', { params, body: {} }).body).toEqual({});
    expect(refusal('checkStoredCredential', { params, body: { title: 'T' } }).code).toBe('invalid_request');
  });

  it('requires a body elsewhere', () => {
    expect(refusal('addMyCredential', {}).code).toBe('unsupported_media_type');
    expect(refusal('editCredentials', ifMatch('"v1"')).code).toBe('unsupported_media_type');
  });

  it('ignores the body on a route without one', () => {
    expect(ask('listCredentials', { body: 'not JSON' }).body).toBeUndefined();
  });

  it('ignores unknown query parameters', () => {
    expect(ask('listCredentials', { query: { provider: 'p', other: '1' } }).query).toEqual({ provider: 'p' });
  });

  it.each([
    ['provider=p', { provider: 'p' }],
    ['provider=p&other=1&other=2', { provider: 'p' }],
    ['provider=p&provider=q', { provider: 'p,q' }],
    ['', {}],
  ])('reads the query %j', (rawQueryString, query) => {
    const event = { ...httpEvent({ params: { userId: ALICE }, authorizer: asWorker() }), rawQueryString };
    expect(readRequest(routeTable.listCredentials, event).query).toEqual(query);
  });

  it('reads a repeated query parameter as a list', () => {
    const event = { ...httpEvent(), rawQueryString: 'state=s&code=a&code=b' };
    expect(readRequest(routeTable.receiveOAuthCallback, event).query).toEqual({ state: 's', code: ['a', 'b'] });
  });

  it('checks the caller before the body', () => {
    const event = httpEvent({ body: 'not JSON', params: { userId: ALICE } });
    expect(() => readRequest(routeTable.addCredential, event)).toThrow('Forbidden');
  });
});

describe('If-Match', () => {
  it.each([
    ['"v0"', 0],
    ['"v1"', 1],
    ['"v999999999999999"', 999_999_999_999_999],
  ])('%s is read as a version', (tag, version) => {
    expect(ask('renameCredential', { ...renaming, ...ifMatch(tag) }).expectedVersion).toBe(version);
  });

  it.each([
    '',
    'v1',
    '"1"',
    '"v"',
    '"v01"',
    '"v-1"',
    '"v1.0"',
    '"V1"',
    '"v1" ',
    'W/"v1"',
    '"v1", "v2"',
    '"v1","v1"',
    '*',
    '"*"',
    '"v9999999999999999"',
    '"v1e3"',
    '"v१"',
  ])('refuses %j', (tag) => {
    const { code, errors } = refusal('renameCredential', { ...renaming, ...ifMatch(tag) });
    expect(code).toBe('invalid_request');
    expect(errors).toEqual([{ pointer: '#', detail: expect.any(String) }]);
  });

  it('may be omitted where it is optional', () => {
    expect(ask('renameCredential', renaming).expectedVersion).toBeUndefined();
  });

  it('is precondition_required when missing where it is required', () => {
    expect(refusal('editCredentials', { body: {} }).code).toBe('precondition_required');
  });

  it.each(['v1', '*'])('is invalid_request when malformed where it is required: %s', (tag) => {
    expect(refusal('editCredentials', { body: {}, ...ifMatch(tag) }).code).toBe('invalid_request');
  });

  it('is ignored by a read', () => {
    expect(ask('getCredential', { params: { id: 'a' }, ...ifMatch('nonsense') }).expectedVersion).toBeUndefined();
  });
});

describe('ids in the path', () => {
  it.each(['', 'a'.repeat(129), 'a/b', 'a b', 'ü', '..', '.', 'a\n', '%41', 'a#b', '__proto__\0'])(
    'that are malformed are credential_not_found: %j',
    (id) => {
      expect(refusal('getCredential', { params: { id } }).code).toBe('credential_not_found');
      expect(refusal('renameMyCredential', { params: { id }, ...title }).code).toBe('credential_not_found');
    },
  );

  it.each(['a', 'a'.repeat(128), 'A-Z_0.9:x', '__proto__', '8b3d4e5f-6a7b-8c9d-0e1f-2a3b4c5d6e7f'])(
    'are used unchanged: %s',
    (id) => {
      expect(ask('getCredential', { params: { id } }).params).toEqual({ id });
    },
  );
});

describe('violations', () => {
  it.each<[RouteId, unknown, string]>([
    ['addMyCredential', newApiKey({ apiKey: '' }), '#/apiKey'],
    ['addMyCredential', { ...newApiKey(), title: 5 }, '#/title'],
    ['addMyCredential', { type: 'host_scoped', provider: 'p', host: 'https://x', headers: { a: '1' } }, '#/host'],
    ['addMyCredential', { type: 'host_scoped', provider: 'p', host: 'x', headers: { 'a/b~c': '1' } }, '#/headers'],
    ['editCredentials', { put: [newApiKey(), { ...newApiKey(), id: '/' }] }, '#/put/1/id'],
    [
      'editCredentials',
      { put: [{ type: 'host_scoped', provider: 'p', host: 'x', headers: { 'a/b': '1' } }] },
      '#/put/0/headers',
    ],
    ['startConnection', { provider: 'p', variables: { canary: 5 } }, '#/variables'],
    ['resolveCredential', {}, '#'],
    ['addMyCredential', [], '#'],
  ])('of %s point at the place in the body', (id, body, pointer) => {
    const { code, errors } = refusal(id, { body, ...ifMatch('"v1"') });
    expect(code).toBe('invalid_request');
    expect(errors).toContainEqual({ pointer, detail: expect.any(String) });
  });

  it.each(['source', 'status', 'version', 'userId', 'secretRev', 'lease', 'createdAt'])(
    'refuse the field %s, which the service sets',
    (field) => {
      expect(refusal('addCredential', { body: { ...newApiKey(), [field]: 'x' } }).code).toBe('invalid_request');
    },
  );

  it('refuse an OAuth grant on the user plane', () => {
    const body = { type: 'oauth2', provider: 'p', accessToken: 'a', scopes: [] };
    expect(refusal('addMyCredential', { body }).code).toBe('invalid_request');
  });

  it('say that a field is unknown without naming it', () => {
    const readDetail = (body: object) => refusal('addMyCredential', { body }).errors?.[0]?.detail;
    const [wrong, unknown] = [{ title: 5 }, { canary: 'x' }].map((given) => readDetail({ ...newApiKey(), ...given }));
    expect([wrong, unknown]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/\w/)]);
    expect(unknown).not.toBe(wrong);
  });

  it.each<[RouteId, object, string]>([
    ['addMyCredential', { type: 'host_scoped', provider: 'p', host: 'x', headers: { 'a b': '1' } }, 'HTTP field name'],
    ['startConnection', { provider: 'p', variables: { 'a b': 'x' } }, 'a variable’s name'],
  ])('of %s say which rule a key of the caller breaks', (id, body, detail) => {
    expect(refusal(id, { body }).errors?.map((error) => error.detail)).toEqual([expect.stringContaining(detail)]);
  });

  it('cover a malformed provider in the path', () => {
    const { code, errors } = refusal('getManagedCredential', { params: { provider: '/' } });
    expect(code).toBe('invalid_request');
    expect(errors).toEqual([{ pointer: '#/provider', detail: expect.any(String) }]);
  });

  it('are at most twenty', () => {
    const body = { put: Array.from({ length: 200 }, () => ({ type: 'nope' })) };
    expect(refusal('editCredentials', { body, ...ifMatch('"v1"') }).errors).toHaveLength(20);
  });

  it.each<[RouteId, unknown]>([
    ['addMyCredential', { ...newApiKey(), title: 'canary\u0000' }],
    ['addMyCredential', { ...newApiKey(), provider: 'canary canary' }],
    ['addMyCredential', { ...newApiKey(), canary: 'x' }],
    ['addMyCredential', { ...newApiKey(), id: 'canary/' }],
    ['addMyCredential', { type: 'canary', provider: 'p' }],
    ['addMyCredential', { ...newApiKey(), expiresAt: 'canary' }],
    ['addMyCredential', { ...newApiKey(), apiKey: { canary: 'canary' } }],
    ['addMyCredential', { ...newApiKey(), apiKey: 'canary'.repeat(3000) }],
    ['addMyCredential', { type: 'host_scoped', provider: 'p', host: 'canary/', headers: { a: 'b' } }],
    ['addMyCredential', { type: 'host_scoped', provider: 'p', host: 'h', headers: { a: 'canary\n' } }],
    ['resolveCredential', { url: 'canary' }],
    ['resolveCredential', { provider: 'p', scopes: ['canary canary'] }],
    ['createOAuthState', { provider: 'p', scopes: [], callbackUrl: 'canary' }],
    ['putManagedCredential', { secret: 'canary'.repeat(3000) }],
  ])('of %s contain no value of the request: %#', (id, body) => {
    const error = refusal(id, { body, params: { provider: 'p' } });
    expect(JSON.stringify(problemDocument(error, 'r'))).not.toContain('canary');
  });

  it('refuse metadata ten thousand levels deep', () => {
    const metadata = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    const body = `{"provider":"p","scopes":[],"metadata":${metadata}}`;
    expect(refusal('createOAuthState', { body, headers: { 'content-type': 'application/json' } }).code).toBe(
      'invalid_request',
    );
  });
});
