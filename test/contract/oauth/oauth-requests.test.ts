// The requests of the OAuth adapter: client authentication as the record says, the record's own parameters and formats, and
// nothing else.
import { afterAll, describe, expect, it } from 'vitest';
import { openidClientProtocol } from '../../../lib/adapters/oauth/openid-client-protocol.ts';
import { openidClientStarts } from '../../../lib/adapters/oauth/openid-client-starts.ts';
import { systemClock } from '../../../lib/adapters/runtime/system-clock.ts';
import { providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import type { OAuthClient, RevocationOutcome } from '../../../lib/domain/ports/oauth-protocol.ts';
import { Secret } from '../../../lib/domain/values/secret.ts';
import { type RecordedRequest, type ScriptedReply, startProviderStub } from '../../support/providers/provider-stub.ts';

const stub = await startProviderStub();
afterAll(() => stub.close());
const protocol = openidClientProtocol({ policy: 'local', clock: systemClock });
const starts = openidClientStarts({ policy: 'local', clock: systemClock });

const ID = 'client/1 é';
const SECRET = 'a-b_c.d~e:f+g h%é';
const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';

const client = (record: Partial<ProviderRecord> = {}, clientSecret: string | null = SECRET): OAuthClient => ({
  provider: 'stub',
  clientId: ID,
  clientSecret: clientSecret === null ? null : new Secret(clientSecret),
  profile: providerProfile('stub', {
    authorizationEndpoint: `${stub.url}/authorize`,
    tokenEndpoint: `${stub.url}/token`,
    revocationEndpoint: `${stub.url}/revoke`,
    deviceAuthorizationEndpoint: `${stub.url}/device`,
    identityEndpoint: `${stub.url}/me`,
    identityIdPath: 'id',
    ...record,
  }),
});

/** The one request that the call makes. */
const sentBy = async (call: () => Promise<unknown>, reply?: ScriptedReply): Promise<RecordedRequest> => {
  stub.plan(reply ?? { body: { access_token: 'a' } });
  await call();
  expect(stub.requests).toHaveLength(1);
  return stub.requests[0] as RecordedRequest;
};

const EXCHANGE = { code: 'code-1', redirectUri: 'https://app.example.com/cb', codeVerifier: 'verifier-1' };
const exchange = (by: OAuthClient) => sentBy(() => protocol.exchangeCode(by, EXCHANGE));
const refresh = (by: OAuthClient, scopes: string[] = []) => sentBy(() => protocol.refresh(by, 'refresh-1', scopes));

const CODE = { grant_type: 'authorization_code', code: 'code-1', redirect_uri: EXCHANGE.redirectUri };
const WITH_VERIFIER = { ...CODE, code_verifier: 'verifier-1' };
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
const ENCODED = basic('client%2F1+%C3%A9:a-b_c.d%7Ee%3Af%2Bg+h%25%C3%A9');

describe('the resource', () => {
  // No slash may be added to a bare origin, and no encoding changed.
  const SPELLINGS = ['http://localhost:3000', 'https://MCP.example/mcp/', 'https://mcp.example/a%20b?c=d'];
  const forResource = (resource: string | null): OAuthClient => {
    const plain = client();
    return { ...plain, profile: { ...plain.profile, resource } };
  };

  it.each(SPELLINGS)('is named byte for byte to all who issue: %s', async (resource) => {
    const by = forResource(resource);
    const request = { state: 's', redirectUri: EXCHANGE.redirectUri, scopes: [], codeChallenge: 'c' };
    expect(new URL(starts.authorizationUrl(by, request)).searchParams.getAll('resource')).toEqual([resource]);
    expect((await exchange(by)).form.resource).toBe(resource);
    expect((await refresh(by)).form.resource).toBe(resource);
  });

  it('is not named for a provider', async () => {
    expect((await exchange(forResource(null))).form).not.toHaveProperty('resource');
    expect((await refresh(forResource(null))).form).not.toHaveProperty('resource');
  });
});

describe('client authentication', () => {
  it.each<[string, Partial<ProviderRecord>, string | null, object, string | undefined]>([
    ['in the body by default', {}, SECRET, { client_id: ID, client_secret: SECRET }, undefined],
    ['in the body', { clientAuth: 'client_secret_post' }, SECRET, { client_id: ID, client_secret: SECRET }, undefined],
    ['as Basic', { clientAuth: 'client_secret_basic' }, SECRET, {}, ENCODED],
    ['as Basic without encoding', { clientAuth: 'client_secret_basic_raw' }, SECRET, {}, basic(`${ID}:${SECRET}`)],
    ['with the client id only', { clientAuth: 'none' }, SECRET, { client_id: ID }, undefined],
    [
      'with the client id only, without a secret',
      { clientAuth: 'client_secret_basic' },
      null,
      { client_id: ID },
      undefined,
    ],
    [
      'under another parameter name',
      { clientIdParam: 'client_key' },
      SECRET,
      { client_key: ID, client_secret: SECRET },
      undefined,
    ],
  ])('is sent %s', async (_name, record, secret, parameters, authorization) => {
    const request = await exchange(client(record, secret));
    expect(request.form).toEqual({ ...WITH_VERIFIER, ...parameters });
    expect(request.headers.authorization).toBe(authorization);
  });
});

describe('a code exchange', () => {
  it('is a form post with Accept: application/json and a User-Agent', async () => {
    const { method, path, headers } = await exchange(client());
    expect([method, path]).toEqual(['POST', '/token']);
    expect(headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded\b/),
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': expect.stringMatching(/^keyhold\//),
      host: new URL(stub.url).host,
    });
    expect(headers).not.toHaveProperty('cookie');
  });

  it('sends no verifier when there is none', async () => {
    const request = await sentBy(() => protocol.exchangeCode(client(), { ...EXCHANGE, codeVerifier: null }));
    expect(request.form).not.toHaveProperty('code_verifier');
  });

  it('is JSON when the record says so', async () => {
    const request = await exchange(client({ tokenRequestFormat: 'json', clientAuth: 'client_secret_basic' }));
    expect(request.headers).toMatchObject({ 'content-type': 'application/json', authorization: ENCODED });
    expect(JSON.parse(request.body)).toEqual(WITH_VERIFIER);
  });

  it('takes the record’s extra parameters, but not in place of its own', async () => {
    const extraTokenParams = { expiring: '1', code: 'x', grant_type: 'x', client_id: 'x', redirect_uri: 'x' };
    const { form } = await exchange(client({ extraTokenParams }));
    expect(form).toEqual({ ...WITH_VERIFIER, expiring: '1', client_id: ID, client_secret: SECRET });
  });
});

describe('a refresh', () => {
  const REFRESH = { grant_type: 'refresh_token', refresh_token: 'refresh-1', client_id: ID, client_secret: SECRET };

  it('sends no scopes by default', async () => {
    expect((await refresh(client())).form).toEqual(REFRESH);
  });

  it('joins scopes with the record’s separator', async () => {
    const { form } = await refresh(client({ scopeSeparator: ',' }), ['a', 'b']);
    expect(form).toEqual({ ...REFRESH, scope: 'a,b' });
  });

  it('goes to the refresh endpoint where there is one', async () => {
    const request = await refresh(client({ refreshEndpoint: `${stub.url}/refresh?x=1` }));
    expect([request.path, request.form]).toEqual(['/refresh?x=1', REFRESH]);
  });
});

describe('the device flow', () => {
  const DEVICE = {
    device_code: 'd',
    user_code: 'u',
    verification_uri: 'https://auth.example.com/device',
    expires_in: 60,
  };
  const start = (record?: Partial<ProviderRecord>) =>
    sentBy(() => starts.startDevice(client(record), ['a', 'b']), { body: DEVICE });

  it('starts with the client and the scopes', async () => {
    const { path, form } = await start({ scopeSeparator: ',' });
    expect([path, form]).toEqual(['/device', { client_id: ID, client_secret: SECRET, scope: 'a,b' }]);
  });

  it('starts with the client’s id beside Basic, under the name the provider wants', async () => {
    const { form, headers } = await start({ clientAuth: 'client_secret_basic', clientIdParam: 'app' });
    expect([form, headers.authorization]).toEqual([{ app: ID, scope: 'a b' }, ENCODED]);
  });

  it('polls with the device code', async () => {
    const { form } = await sentBy(() => protocol.pollDevice(client(), 'device-1'));
    const grant = 'urn:ietf:params:oauth:grant-type:device_code';
    expect(form).toEqual({ grant_type: grant, device_code: 'device-1', client_id: ID, client_secret: SECRET });
  });

  it('is an operator fault when the provider has none', async () => {
    const none = client({ deviceAuthorizationEndpoint: undefined });
    await expect(starts.startDevice(none, [])).rejects.toMatchObject({ kind: 'client_fault' });
  });

  it('tells nothing of the client secret that the reply repeats', async () => {
    const secret = '4f9a8c7d6e5b4a3f2e1d0c9b';
    const confidential = client({}, secret);
    stub.plan({ status: 400, body: { error: `bad_secret.${secret.slice(0, 20)}` } });
    await expect(starts.startDevice(confidential, [])).rejects.toMatchObject({ providerError: null });
  });
});

describe('a revocation', () => {
  const CLIENT = { client_id: ID, client_secret: SECRET };
  const kind = 'access_token';
  const HINTED = { token: 't', token_type_hint: kind };

  it.each<[string, Partial<ProviderRecord>, object]>([
    ['by the standard', {}, { method: 'POST', form: { ...CLIENT, ...HINTED } }],
    [
      'by delete_basic',
      { revocationStyle: 'delete_basic', revocationEndpoint: `${stub.url}/applications/{client_id}/token` },
      { method: 'DELETE', path: '/applications/client%2F1%20%C3%A9/token', body: '{"access_token":"t"}' },
    ],
    ['by post_bearer', { revocationStyle: 'post_bearer' }, { method: 'POST', body: '' }],
    ['by delete_bearer', { revocationStyle: 'delete_bearer' }, { method: 'DELETE', body: '' }],
    ['by json_basic', { revocationStyle: 'json_basic' }, { method: 'POST', body: '{"token":"t"}' }],
    [
      'by post_access_token',
      { revocationStyle: 'post_access_token' },
      { method: 'POST', form: { ...CLIENT, access_token: 't' } },
    ],
    [
      'by json_access_token',
      { revocationStyle: 'json_access_token' },
      { method: 'POST', body: JSON.stringify({ ...CLIENT, access_token: 't' }) },
    ],
    [
      'by json_client_header',
      { revocationStyle: 'json_client_header' },
      { method: 'POST', body: JSON.stringify({ client_id: ID, access_token: 't' }) },
    ],
  ])('%s is sent in that form', async (_name, record, expected) => {
    const request = await sentBy(() => protocol.revoke(client(record), 't', kind), { body: '' });
    expect(request).toMatchObject(expected);
  });

  it.each<[ProviderRecord['revocationStyle'], string, string | undefined]>([
    ['delete_basic', 'application/json', ENCODED],
    ['json_basic', 'application/json', ENCODED],
    ['json_client_header', 'application/json', 'Client plain-secret'],
    ['post_bearer', '', 'Bearer t'],
    ['delete_bearer', '', 'Bearer t'],
    ['post_access_token', 'application/x-www-form-urlencoded', undefined],
    ['rfc7009', FORM, undefined],
  ])('%s has the headers it needs', async (revocationStyle, contentType, authorization) => {
    const secret = revocationStyle === 'json_client_header' ? 'plain-secret' : SECRET;
    const by = client({ revocationStyle }, secret);
    const { headers } = await sentBy(() => protocol.revoke(by, 't', kind), { status: 204 });
    expect([headers['content-type'] ?? '', headers.authorization]).toEqual([contentType, authorization]);
  });

  it('authenticates the client as the revocation endpoint requires', async () => {
    const todoist = client({ revocationClientAuth: 'client_secret_basic' });
    const { form, headers } = await sentBy(() => protocol.revoke(todoist, 't', kind));
    expect([form, headers.authorization]).toEqual([HINTED, ENCODED]);
  });

  it('of a refresh token is sent in json_refresh_token style', async () => {
    const supabase = client({ revocationStyle: 'json_refresh_token' });
    const { body } = await sentBy(() => protocol.revoke(supabase, 't', 'refresh_token'));
    expect(JSON.parse(body)).toEqual({ ...CLIENT, refresh_token: 't' });
  });

  it.each<[ProviderRecord['revocationStyle'], 'access_token' | 'refresh_token']>([
    ['delete_basic', 'refresh_token'],
    ['post_bearer', 'refresh_token'],
    ['delete_bearer', 'refresh_token'],
    ['post_access_token', 'refresh_token'],
    ['json_access_token', 'refresh_token'],
    ['json_client_header', 'refresh_token'],
    ['json_refresh_token', 'access_token'],
    ['none', 'access_token'],
  ])('by %s is not sent with a %s', async (revocationStyle, wrong) => {
    stub.plan({});
    expect(await protocol.revoke(client({ revocationStyle }), 't', wrong)).toBe('failed');
    expect(stub.requests).toEqual([]);
  });

  it.each<[ScriptedReply, RevocationOutcome]>([
    [{ status: 200, body: '' }, 'revoked'],
    [{ status: 204, body: '' }, 'revoked'],
    [{ status: 200, body: { ok: true } }, 'revoked'],
    [{ status: 200, body: { ok: false, error: 'token_revoked' } }, 'gone'],
    [{ status: 200, body: { error: 'invalid_token' } }, 'gone'],
    [{ status: 400, body: { error: 'invalid_token', error_description: 'Token expired or revoked' } }, 'gone'],
    [{ status: 400, body: { status: 400, message: 'Invalid token' } }, 'gone'],
    [{ status: 410 }, 'gone'],
    [{ status: 302, headers: { location: '/x' } }, 'failed'],
    [{ status: 400, body: { error: 'unsupported_token_type' } }, 'failed'],
    [{ status: 403, body: { error: 'forbidden' } }, 'failed'],
    [{ status: 503, body: { error: 'invalid_token' } }, 'failed'],
    [{ status: 429, body: { error: 'invalid_token' } }, 'failed'],
    [{ fault: 'reset' }, 'failed'],
  ])('answered %j is %s, in both ways of asking', async (reply, expected) => {
    for (const revocationStyle of ['rfc7009', 'post_bearer'] as const) {
      stub.plan(reply);
      expect(await protocol.revoke(client({ revocationStyle }), 't', kind)).toBe(expected);
      expect(stub.requests).toHaveLength(1);
    }
  });

  it.each<[number, ProviderRecord['revocationStyle'], RevocationOutcome]>([
    [401, 'post_bearer', 'gone'],
    [401, 'delete_bearer', 'gone'],
    [404, 'delete_bearer', 'gone'],
    [404, 'delete_basic', 'gone'],
    [422, 'delete_basic', 'gone'],
    // The client was refused, or the endpoint is wrong.
    [401, 'rfc7009', 'failed'],
    [401, 'delete_basic', 'failed'],
    [401, 'json_client_header', 'failed'],
    [404, 'rfc7009', 'failed'],
    [404, 'post_bearer', 'failed'],
  ])('answered %i by the style %s is %s', async (status, revocationStyle, expected) => {
    stub.plan({ status });
    expect(await protocol.revoke(client({ revocationStyle }), 't', kind)).toBe(expected);
  });

  it('waits three seconds and no longer, in both ways of asking', async () => {
    stub.plan({ fault: 'silent' });
    const began = performance.now();
    const styles = ['rfc7009', 'post_bearer'] as const;
    const revoked = styles.map((revocationStyle) => protocol.revoke(client({ revocationStyle }), 't', kind));
    expect(await Promise.all(revoked)).toEqual(['failed', 'failed']);
    expect(performance.now() - began).toBeLessThan(25_000);
  });

  it('is not sent without an endpoint, or with a forbidden one', async () => {
    stub.plan({});
    for (const revocationEndpoint of [undefined, 'http://auth.example.com/revoke', `${stub.url}/{tenant}`]) {
      expect(await protocol.revoke(client({ revocationEndpoint }), 't', kind)).toBe('failed');
    }
    expect(stub.requests).toEqual([]);
  });
});

describe('an identity call', () => {
  const identify = (record?: Partial<ProviderRecord>) =>
    sentBy(() => protocol.identify(client(record), 'token-1', {}), { body: { id: 1 } });

  it('carries the token as bearer', async () => {
    const { method, path, headers, body } = await identify();
    expect([method, path, body, headers.authorization]).toEqual(['GET', '/me', '', 'Bearer token-1']);
  });

  it('may be a post without a body', async () => {
    expect(await identify({ identityMethod: 'POST' })).toMatchObject({ method: 'POST', body: '' });
  });

  it('may be a GraphQL query', async () => {
    const { method, headers, body } = await identify({ identityQuery: '{ me { id } }' });
    expect([method, headers['content-type'], JSON.parse(body)]).toEqual([
      'POST',
      'application/json',
      { query: '{ me { id } }' },
    ]);
  });

  it('carries the record’s headers, but not in place of the token', async () => {
    const identityHeaders = { 'Notion-Version': '2022-06-28', 'Client-Id': '{client_id}', Authorization: 'x' };
    const { headers } = await sentBy(
      () => protocol.identify({ ...client({ identityHeaders }), clientId: 'client-1' }, 'token-1', {}),
      { body: { id: 1 } },
    );
    expect(headers).toMatchObject({
      'notion-version': '2022-06-28',
      'client-id': 'client-1',
      authorization: 'Bearer token-1',
    });
  });

  it('is not sent without an endpoint, or with a forbidden one', async () => {
    stub.plan({ body: { id: 1 } });
    for (const identityEndpoint of [undefined, 'http://auth.example.com/me', 'https://10.0.0.1/me']) {
      expect((await protocol.identify(client({ identityEndpoint }), 'token-1', {})).account).toBeNull();
    }
    expect(stub.requests).toEqual([]);
  });
});
