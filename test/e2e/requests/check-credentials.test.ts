// Checks over HTTP: a provider is asked with the fields that resolve would answer, and what it says becomes one of three results.
// Nothing of its reply and nothing of the secret is shown.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import {
  type Connector,
  connect,
  makeConnector,
  PLANES,
  startConnecting,
} from '../../support/providers/connect-flow.ts';
import {
  type MisbehavingProvider,
  type PlainReply,
  startMisbehavingProvider,
} from '../../support/providers/misbehaving-provider.ts';

const UNKNOWN = { result: 'unknown', providerStatus: null, account: null };
const ACCOUNT = { id: 'account-1', name: 'Ann' };

let provider: MisbehavingProvider;
let keyhold: Keyhold;

const makeEntries = ({ entry, url }: MisbehavingProvider) => ({
  acme: entry('acme', {
    apiBaseUrl: `${url}/acme`,
    apiKeyHeader: { name: 'X-Api-Key', prefix: 'Key ' },
    verification: {
      method: 'GET',
      path: '/me?fields=id',
      headers: { 'x-version': '3' },
      invalidWhen: [{ status: 403 }, { path: 'error.code', equals: 190 }],
    },
  }),
  inquery: entry('inquery', {
    apiBaseUrl: `${url}/inquery`,
    apiKeyQuery: 'key',
    verification: { method: 'GET', path: '/ping' },
  }),
  identity: entry('identity', { identityEndpoint: `${url}/identity/user` }),
  tenants: entry('tenants', {
    apiBaseUrl: `${url}/{tenant}`,
    authorizationEndpoint: `${url}/tenants/{tenant}/authorize`,
    templateVariables: { tenant: { pattern: '[a-z]+', default: 'north' } },
    verification: { method: 'GET', path: '/{tenant}/me' },
  }),
  silent: entry('silent'),
});

beforeAll(async () => {
  provider = await startMisbehavingProvider();
  keyhold = await startConnecting(makeEntries(provider));
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold?.stop();
  provider?.close();
});

const key = (given: object = {}) => ({ type: 'api_key', provider: 'acme', apiKey: 'sk-check-1', ...given });

describe.each(PLANES)('a check on the %s plane', (plane) => {
  let users = 0;
  let user: Connector;
  let check: (path: string, body?: object) => ReturnType<Keyhold['worker']['call']>;

  beforeEach(() => {
    user = makeConnector(keyhold, plane, `check-${plane}-${users++}`);
    const [caller, base] =
      plane === 'user' ? [keyhold.user(user.userId), '/v1/me'] : [keyhold.worker, `/v1/users/${user.userId}`];
    check = (path, body) => caller.call('POST', `${base}/credentials${path}`, body);
  });

  it('sends the key as resolve places it, and stores nothing', async () => {
    provider.answer('/acme/me', { body: { id: 1 } });
    const { status, json } = await check('/check', key());
    expect([status, json]).toEqual([200, { result: 'valid', providerStatus: 200, account: null }]);
    expect(provider.requests()).toEqual([
      expect.objectContaining({
        method: 'GET',
        path: '/acme/me?fields=id',
        headers: expect.objectContaining({ 'x-api-key': 'Key sk-check-1', 'x-version': '3' }),
      }),
    ]);
    expect(await user.own()).toEqual([]);
  });

  it.each<[string, PlainReply, string, number | null]>([
    ['401', { status: 401 }, 'invalid', 401],
    ['a status of invalidWhen', { status: 403 }, 'invalid', 403],
    ['a body of invalidWhen', { status: 400, body: { error: { code: '190' } } }, 'invalid', 400],
    ['a refusal with status 200', { body: { error: { code: 190 } } }, 'invalid', 200],
    ['another 4xx', { status: 404 }, 'unknown', 404],
    ['a rate limit', { status: 429, body: { error: { code: 190 } } }, 'unknown', 429],
    ['a refusal that asks to wait', { status: 403, headers: { 'retry-after': '30' } }, 'unknown', 403],
    ['a fault of the server', { status: 500 }, 'unknown', 500],
    ['a gateway without its server', { status: 503, body: { error: { code: 190 } } }, 'unknown', 503],
    ['a redirect', { status: 302, headers: { location: '/elsewhere' } }, 'unknown', 302],
    ['a huge body', { body: 'x'.repeat(300_000) }, 'valid', 200],
    ['a huge body of a refusal', { status: 401, body: 'x'.repeat(300_000) }, 'invalid', 401],
  ])('reads %s', async (_, reply, result, providerStatus) => {
    provider.answer('/acme/me', reply);
    const { json } = await check('/check', key());
    expect(json).toEqual({ result, providerStatus, account: null });
  });

  it('is unknown where the provider is not reached, not known or no call tells', async () => {
    provider.answer('/acme/me', { silent: true });
    expect((await check('/check', key())).json).toEqual(UNKNOWN);
    expect((await check('/check', key({ provider: 'nothing-known' }))).json).toEqual(UNKNOWN);
    expect((await check('/check', key({ provider: 'silent' }))).json).toEqual(UNKNOWN);
  });

  it('sends a key in the query, a user name and password, and the headers of the host', async () => {
    provider.answer('/inquery/ping', { body: {} });
    provider.answer('/acme/me', { body: {} });
    expect((await check('/check', key({ provider: 'inquery', apiKey: 'a&b' }))).json.result).toBe('valid');
    expect(provider.requests('/inquery/ping')[0]?.path).toBe('/inquery/ping?key=a%26b');
    const password = { type: 'user_password', provider: 'acme', username: 'ann', password: 'pw' };
    expect((await check('/check', password)).json.result).toBe('valid');
    expect(provider.requests('/acme/me')[0]?.headers.authorization).toBe(`Basic ${btoa('ann:pw')}`);
    const host = { type: 'host_scoped', provider: 'acme', headers: { 'x-own': '1' } };
    expect((await check('/check', { ...host, host: new URL(provider.url).host })).json.result).toBe('valid');
    expect((await check('/check', { ...host, host: 'api.example.com' })).json).toEqual(UNKNOWN);
    expect(provider.requests('/acme/me')).toHaveLength(2);
  });

  it('checks what is stored, with no body or an empty one', async () => {
    await check('', key({ id: 'stored' }));
    provider.answer('/acme/me', { status: 401 });
    const expected = { result: 'invalid', providerStatus: 401, account: null };
    expect((await check('/stored/check')).json).toEqual(expected);
    expect((await check('/stored/check', {})).json).toEqual(expected);
    expect((await check('/stored/check', { force: true })).status).toBe(400);
    expect((await user.own())[0]).toMatchObject({ id: 'stored', status: 'active', version: 1 });
  });

  it('answers 404 for what is not the user’s, an id of the operator included', async () => {
    for (const id of ['none', '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a']) {
      const { status, json } = await check(`/${id}/check`);
      expect([status, json.code]).toEqual([404, 'credential_not_found']);
    }
  });

  it('answers 409 for what has expired', async () => {
    await check('', key({ id: 'old', expiresAt: '2020-01-01T00:00:00Z' }));
    const { status, json } = await check('/old/check');
    expect([status, json.code, json.reason]).toEqual([409, 'reconnect_required', 'expired']);
    expect(provider.requests()).toEqual([]);
  });

  it('checks a grant at its identity endpoint, and names the account', async () => {
    provider.grants('identity');
    provider.answer('/identity/user', { body: { account: ACCOUNT } });
    const { json: view } = await connect(keyhold, user, { provider: 'identity' });
    expect((await check(`/${view.id}/check`)).json).toEqual({ result: 'valid', providerStatus: 200, account: ACCOUNT });
    provider.answer('/identity/user', { status: 401, body: { account: ACCOUNT } });
    expect((await check(`/${view.id}/check`)).json).toEqual({ result: 'invalid', providerStatus: 401, account: null });
    provider.answer('/identity/user', { body: { ok: false } });
    expect((await check(`/${view.id}/check`)).json).toMatchObject({ result: 'unknown', providerStatus: 200 });
  });

  it('refreshes a grant that has expired, once', async () => {
    provider.grants('identity', { expires_in: 1 });
    provider.answer('/identity/user', ({ headers }) => ({
      status: headers.authorization === 'Bearer access-2' ? 200 : 401,
      body: { account: ACCOUNT },
    }));
    const { json: view } = await connect(keyhold, user, { provider: 'identity' });
    provider.grants('identity', { access_token: 'access-2', refresh_token: 'refresh-2' });
    await expect.poll(async () => (await check(`/${view.id}/check`)).json.result, { timeout: 20_000 }).toBe('valid');
    expect(provider.requests('/identity/token')).toHaveLength(2);
  });

  it('is unknown when a grant that has expired cannot be refreshed now', async () => {
    provider.grants('identity', { expires_in: 1 });
    const { json: view } = await connect(keyhold, user, { provider: 'identity' });
    provider.answer('/identity/token', { status: 503 });
    provider.answer('/identity/user', { status: 401 });
    await expect.poll(async () => (await check(`/${view.id}/check`)).json, { timeout: 20_000 }).toEqual(UNKNOWN);
  });

  it('limits the checks of one user, and of no other', async () => {
    provider.answer('/acme/me', { body: {} });
    let allowed = 0;
    let reply = await check('/check', key());
    for (; reply.status === 200 && allowed < 500; allowed++) reply = await check('/check', key());
    expect(allowed).toBeGreaterThanOrEqual(60);
    expect([reply.status, reply.json]).toEqual([429, { message: 'Too Many Requests' }]);
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    const other = makeConnector(keyhold, plane, `${user.userId}-other`);
    const [caller, base] =
      plane === 'user' ? [keyhold.user(other.userId), '/v1/me'] : [keyhold.worker, `/v1/users/${other.userId}`];
    expect((await caller.call('POST', `${base}/credentials/check`, key())).status).toBe(200);
  });
});

it('shows and logs nothing of a reply or a secret', async () => {
  const secret = 'sk-check-never-shown';
  provider.answer('/acme/me', {
    status: 400,
    body: { error: { message: `bad key ${secret}`, hint: 'reply-never-shown' } },
  });
  const reply = await keyhold.user('quiet').call('POST', '/v1/me/credentials/check', key({ apiKey: secret }));
  const seen = reply.text + keyhold.stdout() + keyhold.stderr();
  expect(seen).toContain('unknown');
  expect(seen).not.toContain(secret);
  expect(seen).not.toContain('reply-never-shown');
});
