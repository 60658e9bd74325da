// Calling an API as a user, over a running service: where the credential goes and where it must not, and what a refused token leads to.
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeyholdError } from '../../../client/keyhold-error.ts';
import { createWorker, type Worker } from '../../../client/worker.ts';
import { type ApiStub, startApiStub } from '../../support/client/api-stub.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { startConnecting } from '../../support/providers/connect-flow.ts';
import { makeHolder, WITHOUT_SWEEP } from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';

const HOUR = 3_600_000;

let provider: RefreshingProvider;
let api: ApiStub;
let elsewhere: ApiStub;
let keyhold: Keyhold;
let worker: Worker;
beforeAll(async () => {
  [provider, api, elsewhere] = await Promise.all([startRefreshingProvider(), startApiStub(), startApiStub()]);
  const acme = provider.entry({ apiBaseUrl: `${api.url}/v2`, apiHosts: [new URL(api.url).host] });
  const keyed = { ...acme, apiKeyQuery: 'key' };
  keyhold = await startConnecting({ acme, keyed }, WITHOUT_SWEEP);
  worker = createWorker({ url: keyhold.url });
});
beforeEach(() => {
  provider.reset();
  Object.assign(api.routes, { 'GET /v2/me': { body: { ok: true } }, 'POST /v2/me': { body: { ok: true } } });
  Object.assign(elsewhere.routes, {
    'GET /land': { body: { landed: true } },
    'POST /land': { body: { landed: true } },
  });
});
afterEach(() => {
  for (const stub of [api, elsewhere]) {
    stub.accepts(null);
    stub.requests.length = 0;
    for (const name of Object.keys(stub.routes)) delete stub.routes[name];
  }
});
afterAll(async () => {
  await keyhold.stop();
  for (const { close } of [provider, api, elsewhere]) close();
});

const holder = () => makeHolder(keyhold, provider, { livesMilliseconds: 24 * HOUR });
const sentTokens = (stub: ApiStub) => stub.requests.map(({ headers }) => headers.authorization);
const redirect = (location: string, status = 302) => ({ status, headers: { location } });

const caught = async (promise: Promise<unknown>): Promise<KeyholdError> => {
  const error = await promise.then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(KeyholdError);
  return error as KeyholdError;
};

describe('a call as a user', () => {
  it('goes to the base URL of the provider with the headers of the credential and of the caller', async () => {
    const { userId, tokens } = await holder();
    const init = { provider: 'acme', headers: { 'x-own': '1', authorization: 'Bearer of the caller' } };
    const response = await worker.fetch(userId, '/me?page=2', init);
    expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
    expect(api.requests).toMatchObject([
      { path: '/v2/me?page=2', headers: { authorization: `Bearer ${tokens.accessToken}`, 'x-own': '1' } },
    ]);
  });

  it('adds a key to the query where the provider wants it there', async () => {
    const key = { type: 'api_key', provider: 'keyed', apiKey: 'k&=1' };
    await keyhold.worker.call('POST', '/v1/users/in-query/credentials', key);
    const response = await worker.fetch('in-query', '/me?page=2', { provider: 'keyed' });
    expect(response.url).toBe(`${api.url}/v2/me?page=2`);
    expect(inspect(response)).not.toContain('key=');
    expect(new URL(api.requests[0]?.path ?? '', api.url).searchParams.get('key')).toBe('k&=1');
    expect(sentTokens(api)).toEqual([undefined]);
  });

  it('chooses a host-scoped credential by the URL alone', async () => {
    const host = new URL(api.url).host;
    const scoped = { type: 'host_scoped', provider: 'any', host, headers: { 'x-key': 'of-this-host' } };
    await keyhold.worker.call('POST', '/v1/users/scoped/credentials', scoped);
    await worker.fetch('scoped', `${api.url}/v2/me`);
    expect(api.requests).toMatchObject([{ headers: { 'x-key': 'of-this-host' } }]);
  });

  it.each(['https://evil.example/', '//evil.example/x', '/\\evil.example', '/../../x'])(
    'sends the credential to no other origin for %s',
    async (url) => {
      const { userId } = await holder();
      const response = worker.fetch(userId, url, { provider: 'acme' });
      await response.catch((error) => expect(['url_not_allowed', undefined]).toContain(error.code));
      for (const { path } of api.requests) expect(path).not.toContain('://');
    },
  );

  it('tells the service nothing of the query of a call', async () => {
    const { userId } = await holder();
    const urls: string[] = [];
    const watching = createWorker({
      url: keyhold.url,
      fetch: async (input, init) => {
        urls.push(`${init?.body ?? ''}`);
        return fetch(input, init);
      },
    });
    await watching.fetch(userId, `${api.url}/v2/me?private=1`, { provider: 'acme' });
    expect(urls[0]).toContain('/v2/me');
    expect(urls[0]).not.toContain('private');
  });

  it('is refused where there is no credential', async () => {
    expect((await caught(worker.fetch('nobody', '/me', { provider: 'acme' }))).code).toBe('not_connected');
    expect(api.requests).toEqual([]);
  });

  it('ends with the signal of the caller', async () => {
    const { userId } = await holder();
    api.routes['GET /v2/me'] = { fault: 'silent' };
    const given = new AbortController();
    const call = worker.fetch(userId, '/me', { provider: 'acme', signal: given.signal });
    setTimeout(() => given.abort(), 200);
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a token that the API refuses', () => {
  it('is reported, and the call made once more with a new one', async () => {
    const { userId, tokens } = await holder();
    api.accepts(`not-${tokens.accessToken}`);
    const body = JSON.stringify({ a: 1 });
    const refused = await worker.fetch(userId, '/me', { provider: 'acme', method: 'POST', body });
    expect(refused.status).toBe(401);
    expect(provider.refreshes).toHaveLength(1);
    expect(api.requests.map((request) => request.body)).toEqual([body, body]);
    const [first, second] = sentTokens(api);
    expect(first).toBe(`Bearer ${tokens.accessToken}`);
    expect(second).not.toBe(first);
  });

  it('is followed by the answer to the new token', async () => {
    const { userId, resolve } = await holder();
    const old = (await resolve()).json;
    await resolve({ refusedTokenRef: old.tokenRef });
    const fresh = (await resolve()).json;
    api.accepts(fresh.credential.secret.accessToken);
    expect((await worker.fetch(userId, '/me', { provider: 'acme' })).status).toBe(200);
  });

  it('is reported and not sent again where the body is a stream', async () => {
    const { userId } = await holder();
    api.accepts('none');
    const body = new Blob(['once']).stream();
    const response = await worker.fetch(userId, '/me', {
      provider: 'acme',
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit);
    expect([response.status, await response.json()]).toEqual([401, { message: 'Bad credentials' }]);
    expect([api.requests.length, provider.refreshes.length]).toEqual([1, 1]);
  });

  it('of a static key ends in an error that says the user must connect again', async () => {
    const key = { type: 'api_key', provider: 'acme', apiKey: 'static' };
    await keyhold.worker.call('POST', '/v1/users/static/credentials', key);
    api.accepts('none');
    const error = await caught(worker.fetch('static', '/me', { provider: 'acme' }));
    expect([error.code, error.members.reason]).toEqual(['reconnect_required', 'refused']);
    expect(error.message).not.toContain('static');
  });

  it('is not reported where the caller says so', async () => {
    const { userId } = await holder();
    api.accepts('none');
    const response = await worker.fetch(userId, '/me', { provider: 'acme', reportRefusal: false });
    expect([response.status, api.requests.length, provider.refreshes.length]).toEqual([401, 1, 0]);
  });

  it('is answered as a 401 while the provider cannot refresh it', async () => {
    const { userId } = await holder();
    api.accepts('none');
    provider.answer({ status: 503, headers: { 'retry-after': '60' } });
    const impatient = createWorker({ url: keyhold.url, maxWaitMilliseconds: 0 });
    const response = await impatient.fetch(userId, '/me', { provider: 'acme' });
    expect([response.status, await response.json()]).toEqual([401, { message: 'Bad credentials' }]);
  });
});

describe('a redirect', () => {
  it('within the API keeps the credential', async () => {
    const { userId, tokens } = await holder();
    api.routes['GET /v2/old'] = redirect('/v2/me');
    expect((await worker.fetch(userId, '/old', { provider: 'acme' })).status).toBe(200);
    expect(sentTokens(api)).toEqual([`Bearer ${tokens.accessToken}`, `Bearer ${tokens.accessToken}`]);
  });

  it.each([301, 302, 303, 307, 308])(
    '%d to another origin goes without the credential, in header and query',
    async (status) => {
      const { userId } = await holder();
      const key = { type: 'api_key', provider: 'keyed', apiKey: 'secret-key' };
      await keyhold.worker.call('POST', `/v1/users/${userId}/credentials`, key);
      api.routes['POST /v2/away'] = redirect(`${elsewhere.url}/land`, status);
      for (const name of ['acme', 'keyed']) {
        const init = { provider: name, method: 'POST', body: 'x', headers: { cookie: 'of=api', 'x-own': '1' } };
        expect((await worker.fetch(userId, '/away', init)).status).toBe(200);
      }
      for (const { headers, path, method } of elsewhere.requests) {
        expect([headers.authorization, headers.cookie, headers['x-own'], path]).toEqual([
          undefined,
          undefined,
          '1',
          '/land',
        ]);
        expect(method).toBe(status >= 307 ? 'POST' : 'GET');
      }
      expect(elsewhere.requests).toHaveLength(2);
    },
  );

  it('to another origin and back does not get the credential again, and its 401 is not reported', async () => {
    const { userId } = await holder();
    api.routes['GET /v2/away'] = redirect(`${elsewhere.url}/back`);
    api.routes['GET /v2/me'] = { status: 401 };
    elsewhere.routes['GET /back'] = redirect(`${api.url}/v2/me`);
    expect((await worker.fetch(userId, '/away', { provider: 'acme' })).status).toBe(401);
    expect(sentTokens(api)[1]).toBeUndefined();
    expect(provider.refreshes).toEqual([]);
  });

  it('is answered or refused where the caller wants that', async () => {
    const { userId } = await holder();
    api.routes['GET /v2/old'] = redirect('/v2/me');
    const manual = await worker.fetch(userId, '/old', { provider: 'acme', redirect: 'manual' });
    expect([manual.status, manual.headers.get('location')]).toEqual([302, '/v2/me']);
    await expect(worker.fetch(userId, '/old', { provider: 'acme', redirect: 'error' })).rejects.toThrow(TypeError);
  });

  it('without end is an error', async () => {
    const { userId } = await holder();
    api.routes['GET /v2/loop'] = redirect('/v2/loop');
    await expect(worker.fetch(userId, '/loop', { provider: 'acme' })).rejects.toThrow('too often');
    expect(api.requests.length).toBeLessThanOrEqual(21);
  });

  it.each(['file:///etc/passwd', 'javascript:1', 'data:,x'])('to %s is an error', async (location) => {
    const { userId } = await holder();
    api.routes['GET /v2/old'] = redirect(location);
    await expect(worker.fetch(userId, '/old', { provider: 'acme' })).rejects.toThrow(TypeError);
  });
});

describe('a function like fetch', () => {
  it('takes a Request, with its method, headers and body', async () => {
    const { userId, tokens } = await holder();
    const asUser = worker.fetchAs(userId, { provider: 'acme' });
    const request = new Request(`${api.url}/v2/me`, { method: 'POST', body: 'hello', headers: { 'x-own': '1' } });
    expect((await asUser(request)).status).toBe(200);
    expect(api.requests).toMatchObject([
      { method: 'POST', body: 'hello', headers: { 'x-own': '1', authorization: `Bearer ${tokens.accessToken}` } },
    ]);
  });
});
