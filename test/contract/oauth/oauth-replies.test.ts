// The OAuth adapter against a provider that misbehaves (O11): every unusual reply is a grant or a named failure, after one
// request, and no failure contains anything that was sent or received.
import { afterAll, describe, expect, it } from 'vitest';
import { openidClientProtocol } from '../../../lib/adapters/oauth/openid-client-protocol.ts';
import { NOTHING_KEPT } from '../../../lib/domain/oauth/kept/kept-values.ts';
import { providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import { ProviderFault } from '../../../lib/domain/ports/oauth-protocol.ts';
import { Secret } from '../../../lib/domain/values/secret.ts';
import { findCatalogueProvider } from '../../../lib/providers/catalogue.ts';
import { type ScriptedReply, startProviderStub } from '../../support/providers/provider-stub.ts';

const stub = await startProviderStub();
afterAll(() => stub.close());

const NOW = Date.UTC(2030, 0, 1);
const protocol = openidClientProtocol({
  policy: 'local',
  clock: { now: () => NOW, elapsed: () => 0 },
  timeoutMilliseconds: 300,
});

const client = (record: Partial<ProviderRecord> = {}) => ({
  provider: 'stub',
  clientId: 'client-1',
  clientSecret: new Secret('canary-client-secret'),
  profile: providerProfile('stub', {
    authorizationEndpoint: `${stub.url}/authorize`,
    tokenEndpoint: `${stub.url}/token`,
    deviceAuthorizationEndpoint: `${stub.url}/device`,
    identityEndpoint: `${stub.url}/me`,
    identityIdPath: 'id',
    identityNamePath: 'name',
    ...record,
  }),
});

const EXCHANGE = { code: 'canary-code', redirectUri: 'https://app.example.com/cb', codeVerifier: 'canary-verifier' };
const exchange = (reply: ScriptedReply, record?: Partial<ProviderRecord>) => {
  stub.plan(reply);
  return protocol.exchangeCode(client(record), EXCHANGE);
};
const refresh = (reply: ScriptedReply, record?: Partial<ProviderRecord>) => {
  stub.plan(reply);
  return protocol.refresh(client(record), 'canary-refresh', []);
};

const PLAIN = {
  accessToken: 'a',
  refreshToken: null,
  expiresInSeconds: null,
  refreshTokenExpiresInSeconds: null,
  scopes: null,
  account: null,
  kept: NOTHING_KEPT,
};
const HTML = { 'content-type': 'text/html' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
/** Unsigned, for another audience, expired: it must be ignored. */
const ID_TOKEN = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"aud":"x","exp":1}').toString('base64url')}.`;

describe('a grant', () => {
  it.each<[string, ScriptedReply, object]>([
    ['without token_type', { body: { access_token: 'a' } }, {}],
    ['of an odd token_type', { body: { access_token: 'a', token_type: 'user' } }, {}],
    ['with status 201', { status: 201, body: { access_token: 'a' } }, {}],
    ['with content type text/plain', { headers: { 'content-type': 'text/plain' }, body: { access_token: 'a' } }, {}],
    ['with content type text/html', { headers: HTML, body: '{"access_token":"a"}' }, {}],
    ['behind a byte order mark', { body: '\uFEFF{"access_token":"a"}' }, {}],
    ['as a form', { headers: FORM, body: 'access_token=a&scope=x%2Cy&token_type=bearer' }, { scopes: ['x', 'y'] }],
    ['expiring in text', { body: { access_token: 'a', expires_in: '60' } }, { expiresInSeconds: 60 }],
    ['expiring in null', { body: { access_token: 'a', expires_in: null } }, {}],
    ['expiring in the past', { body: { access_token: 'a', expires_in: -5 } }, {}],
    ['expiring in 1e308', { body: '{"access_token":"a","expires_in":1e308}' }, {}],
    ['expiring in 0', { body: { access_token: 'a', expires_in: 0 } }, {}],
    [
      'without expires_in, with a refresh token',
      { body: { access_token: 'a', refresh_token: 'r' } },
      { refreshToken: 'r', expiresInSeconds: 3600 },
    ],
    ['with null for a refresh token', { body: { access_token: 'a', refresh_token: null } }, {}],
    ['with an empty refresh token', { body: { access_token: 'a', refresh_token: '' } }, {}],
    [
      'with the lifetime of the refresh token',
      { body: { access_token: 'a', refresh_token: 'r', x_refresh_token_expires_in: 99 } },
      { refreshToken: 'r', expiresInSeconds: 3600, refreshTokenExpiresInSeconds: 99 },
    ],
    ['with scopes in a list', { body: { access_token: 'a', scope: ['x', 'y'] } }, { scopes: ['x', 'y'] }],
    ['with commas between scopes', { body: { access_token: 'a', scope: 'x,y' } }, { scopes: ['x', 'y'] }],
    ['with an empty scope', { body: { access_token: 'a', scope: '' } }, { scopes: [] }],
    ['with scopes in the plural', { body: { access_token: 'a', scopes: 'x y' } }, { scopes: ['x', 'y'] }],
    ['with a broken id token', { body: { access_token: 'a', id_token: ID_TOKEN } }, {}],
    ['with a number for an id token', { body: { access_token: 'a', id_token: 5 } }, {}],
    ['with a prototype', { body: '{"__proto__":{"refresh_token":"r"},"access_token":"a"}' }, {}],
    ['with a challenge beside it', { headers: { 'www-authenticate': 'Basic' }, body: { access_token: 'a' } }, {}],
  ])('%s is understood', async (_name, reply, expected) => {
    expect(await exchange(reply)).toEqual({ ...PLAIN, ...expected });
    expect(stub.requests).toHaveLength(1);
  });

  it('is read from the place the record names, with the record’s lifetime', async () => {
    const reply = { body: { ok: true, access_token: 'bot', authed_user: { access_token: 'a', expires_in: 0 } } };
    const record = { tokenReplyPath: 'authed_user', accessTokenLifetimeSeconds: 77 };
    expect(await exchange(reply, record)).toEqual({ ...PLAIN, expiresInSeconds: 77 });
  });

  it('has its account at the place the record names', async () => {
    const record = { identityEndpoint: undefined, identityIdPath: 'data.gid', identityNamePath: 'data.name' };
    const reply = { body: { access_token: 'a', data: { gid: 12, name: 'Ann' } } };
    expect((await exchange(reply, record)).account).toEqual({ id: '12', name: 'Ann' });
  });

  it('from a refresh is valid for an hour without expires_in', async () => {
    expect(await refresh({ body: { access_token: 'a' } })).toEqual({ ...PLAIN, expiresInSeconds: 3600 });
  });
});

const BIG = Buffer.alloc(10 * 1024 * 1024, ' ');

const failures: [string, ScriptedReply, string, Partial<ProviderFault>?][] = [
  ['HTML', { headers: HTML, body: '<html>canary-body' }, 'transient'],
  ['nothing', { body: '' }, 'transient'],
  ['status 204', { status: 204, body: '' }, 'transient'],
  ['a list', { body: [] }, 'transient'],
  ['half a document', { body: '{"access_token":"canary-access"' }, 'transient'],
  ['no token', { body: { token_type: 'bearer' } }, 'transient'],
  ['a NUL in its token', { body: { access_token: 'canary\0access' } }, 'transient'],
  ['a number for a token', { body: { access_token: 5 } }, 'transient'],
  ['a token over 16 KB', { body: { access_token: 'a'.repeat(16_385) } }, 'transient'],
  ['10 MB', { body: BIG }, 'transient'],
  ['10 MB of grant', { body: Buffer.concat([Buffer.from('{"access_token":"a"'), BIG, Buffer.from('}')]) }, 'transient'],
  ['a compressed body', { headers: { 'content-encoding': 'gzip' }, body: 'x' }, 'transient'],
  ['a redirect', { status: 302, headers: { location: `${stub.url}/elsewhere` } }, 'transient'],
  ['a redirect that keeps the method', { status: 307, headers: { location: `${stub.url}/elsewhere` } }, 'transient'],
  [
    'a redirect with a grant in it',
    { status: 308, headers: { location: '/x' }, body: { access_token: 'a' } },
    'transient',
  ],
  ['a reset', { fault: 'reset' }, 'transient'],
  ['a reset halfway', { fault: 'reset halfway' }, 'transient'],
  ['no answer', { fault: 'silent' }, 'transient'],
  ['a slow body', { fault: 'slow' }, 'transient'],
  ['status 999', { status: 999, body: { access_token: 'a' } }, 'transient'],
  ['500', { status: 500, body: { error: 'invalid_grant' } }, 'transient', { providerCode: 'invalid_grant' }],
  [
    '503 and when to come back',
    { status: 503, headers: { 'retry-after': '9' } },
    'transient',
    { retryAfterSeconds: 9 },
  ],
  [
    '429 until a date',
    { status: 429, headers: { 'retry-after': 'Tue, 01 Jan 2030 00:00:30 GMT' } },
    'transient',
    { retryAfterSeconds: 30 },
  ],
  ['429 for a day', { status: 429, headers: { 'retry-after': '86400' } }, 'transient', { retryAfterSeconds: 60 }],
  ['temporarily_unavailable', { status: 400, body: { error: 'temporarily_unavailable' } }, 'transient'],
  ['invalid_grant', { status: 400, body: { error: 'invalid_grant' } }, 'dead_grant', { providerCode: 'invalid_grant' }],
  ['GitHub’s 200', { body: { error: 'bad_refresh_token' } }, 'dead_grant', { providerCode: 'bad_refresh_token' }],
  ['GitHub’s 200 as a form', { headers: FORM, body: 'error=bad_refresh_token' }, 'dead_grant'],
  ['Slack’s 200', { body: { ok: false, error: 'invalid_refresh_token' } }, 'dead_grant'],
  ['HubSpot’s 400', { status: 400, body: { status: 'BAD_REFRESH_TOKEN', message: 'x' } }, 'dead_grant'],
  ['Twitch’s 400', { status: 400, body: { status: 400, message: 'Invalid refresh token' } }, 'dead_grant'],
  ['access_denied', { status: 400, body: { error: 'access_denied' } }, 'denied'],
  [
    'invalid_client',
    { status: 400, body: { error: 'invalid_client' } },
    'client_fault',
    { providerCode: 'invalid_client' },
  ],
  [
    'invalid_client with a challenge',
    { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' }, body: { error: 'invalid_client' } },
    'client_fault',
    { providerCode: 'invalid_client' },
  ],
  ['a challenge alone', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' }, body: '' }, 'client_fault'],
  ['incorrect_client_credentials', { body: { error: 'incorrect_client_credentials' } }, 'client_fault'],
  ['redirect_uri_mismatch', { body: { error: 'redirect_uri_mismatch' } }, 'client_fault'],
  [
    'any other refusal',
    { status: 400, body: { error: 'invalid_scope', error_description: 'canary-text' } },
    'rejected',
  ],
  ['a refusal in prose', { status: 400, body: { error: 'canary of theirs' } }, 'rejected', { providerCode: null }],
  ['a refusal without a word', { status: 422, body: { message: 'canary-text' } }, 'rejected', { providerCode: null }],
  ['a refusal that is no text', { status: 400, body: { error: 17 } }, 'rejected', { providerCode: null }],
];

const printed = (error: Error): string => {
  const seen = new Set<unknown>();
  const texts = (value: unknown): string[] => {
    if (typeof value !== 'object' || value === null) return [String(value)];
    if (seen.has(value)) return [];
    seen.add(value);
    return Object.getOwnPropertyNames(value).flatMap((name) => texts((value as Record<string, unknown>)[name]));
  };
  return texts(error).join('\n');
};

describe('a failure', () => {
  it.each(failures)('by %s is classified, after one request', async (_name, reply, kind, more = {}) => {
    const error: unknown = await exchange(reply).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ProviderFault);
    expect(error).toMatchObject({ kind, ...more });
    expect(printed(error as Error)).not.toMatch(/canary|127\.0\.0\.1:\d+\/(?:token|elsewhere)/);
    expect(stub.requests.map(({ path }) => path)).toEqual(['/token']);
  });

  it.each(failures)('by %s is classified the same for a refresh', async (_name, reply, kind, more = {}) => {
    await expect(refresh(reply)).rejects.toMatchObject({ kind, ...more });
    expect(stub.requests).toHaveLength(1);
  });

  it.each<[string, ScriptedReply]>([
    [
      'atlassian',
      { status: 403, body: { error: 'unauthorized_client', error_description: 'refresh_token is invalid' } },
    ],
    ['hubspot', { status: 400, body: { error: 'invalid_request', status: 'BAD_REFRESH_TOKEN' } }],
    ['strava', { status: 400, body: { errors: [{ resource: 'RefreshToken', code: 'invalid' }] } }],
    ['zoom', { status: 400, body: { error: 'invalid_request', reason: 'Invalid Token!' } }],
  ])('of a refresh in the words of %s is dead_grant', async (name, reply) => {
    const deadGrant = findCatalogueProvider(name)?.deadGrant;
    await expect(refresh(reply, { deadGrant })).rejects.toMatchObject({ kind: 'dead_grant' });
  });

  it('to connect is transient', async () => {
    const record = { tokenEndpoint: 'http://127.0.0.1:1/token' };
    await expect(exchange({}, record)).rejects.toMatchObject({ kind: 'transient' });
  });

  it.each(['http://auth.example.com/token', 'https://127.0.0.1/token', 'https://{domain}/token', 'nonsense'])(
    'to have a safe endpoint is an operator fault: %s',
    async (tokenEndpoint) => {
      await expect(exchange({}, { tokenEndpoint })).rejects.toMatchObject({ kind: 'client_fault' });
      expect(stub.requests).toEqual([]);
    },
  );
});

describe('a host name that resolves to a forbidden address', () => {
  it('is an operator fault, and nothing is sent', async () => {
    const lookup = async () => [{ address: '127.0.0.1' }, { address: '10.0.0.1' }];
    const misled = openidClientProtocol({ policy: 'local', clock: { now: () => NOW, elapsed: () => 0 }, lookup });
    const there = client({ tokenEndpoint: `${stub.url.replace('127.0.0.1', 'localhost')}/token` });
    stub.plan({ body: { access_token: 'a' } });
    await expect(misled.exchangeCode(there, EXCHANGE)).rejects.toMatchObject({ kind: 'client_fault' });
    expect(stub.requests).toEqual([]);
  });
});

describe('a poll', () => {
  const poll = (reply: ScriptedReply) => {
    stub.plan(reply);
    return protocol.pollDevice(client(), 'canary-device');
  };

  it.each<[number, object | string, object]>([
    [400, { error: 'authorization_pending' }, { kind: 'pending' }],
    [428, { error: 'authorization_pending' }, { kind: 'pending' }],
    [200, { error: 'authorization_pending' }, { kind: 'pending' }],
    [400, { status: 400, message: 'authorization_pending' }, { kind: 'pending' }],
    [400, { error: 'slow_down' }, { kind: 'slow_down' }],
    [429, { error: 'slow_down' }, { kind: 'slow_down' }],
    [400, { error: 'expired_token' }, { kind: 'expired' }],
    [400, { error: 'invalid_grant' }, { kind: 'expired' }],
    [200, { error: 'incorrect_device_code' }, { kind: 'expired' }],
    [400, { error: 'access_denied' }, { kind: 'denied' }],
    [400, { error: 'authorization_declined' }, { kind: 'denied' }],
    [200, { access_token: 'a' }, { kind: 'approved', grant: PLAIN }],
  ])('maps the reply %i %j to one result', async (status, body, expected) => {
    expect(await poll({ status, body })).toEqual(expected);
    expect(stub.requests).toHaveLength(1);
  });

  it.each<[ScriptedReply, string]>([
    [{ status: 503 }, 'transient'],
    [{ fault: 'reset' }, 'transient'],
    [{ status: 400, body: { error: 'invalid_client' } }, 'client_fault'],
    [{ status: 400, body: { error: 'device_flow_disabled' } }, 'client_fault'],
    [{ status: 400, body: { error: 'invalid_request' } }, 'client_fault'],
  ])('throws for the reply %j the fault %s', async (reply, kind) => {
    await expect(poll(reply)).rejects.toMatchObject({ kind });
  });
});

describe('identity', () => {
  it.each<[string, ScriptedReply, object | null]>([
    ['is { id, name }', { body: { id: 12, name: 'Ann' } }, { id: '12', name: 'Ann' }],
    ['has a null name without one', { body: { id: 'a' } }, { id: 'a', name: null }],
    ['is null without an id', { body: { name: 'Ann' } }, null],
    ['is null for HTML', { headers: HTML, body: '<html>' }, null],
    ['is null for a refusal', { status: 401, body: { id: 12 } }, null],
    ['is null for a refusal with status 200', { body: { ok: false, id: 12 } }, null],
    ['is null for a redirect', { status: 302, headers: { location: '/x' }, body: { id: 12 } }, null],
    ['is null for 10 MB', { body: BIG }, null],
    ['is null after a reset', { fault: 'reset' }, null],
    ['is null for a slow body', { fault: 'slow' }, null],
  ])('%s', async (_name, reply, expected) => {
    stub.plan(reply);
    expect((await protocol.identify(client(), 'canary-access', {})).account).toEqual(expected);
    expect(stub.requests).toHaveLength(1);
  });
});
