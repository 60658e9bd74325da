// Client authentication by an assertion (RFC 7523): every request of the adapter carries a new one, signed by the client's key and
// for the provider alone, and a real authorization server accepts it.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, exportJWK, jwtVerify } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { openidClientProtocol } from '../../../lib/adapters/oauth/openid-client-protocol.ts';
import { openidClientStarts } from '../../../lib/adapters/oauth/openid-client-starts.ts';
import { systemClock } from '../../../lib/adapters/runtime/system-clock.ts';
import { readSigningKey } from '../../../lib/domain/oauth/client/signing-key.ts';
import { codeChallenge } from '../../../lib/domain/oauth/pkce.ts';
import { providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import type { OAuthClient } from '../../../lib/domain/ports/oauth-protocol.ts';
import { CLIENT_ID, REDIRECT_URI, startAuthorizationServer } from '../../support/providers/authorization-server.ts';
import { type RecordedRequest, startProviderStub } from '../../support/providers/provider-stub.ts';
import { makeKey, toPem } from '../../support/providers/signing-keys.ts';

const stub = await startProviderStub();
afterAll(() => stub.close());
const protocol = openidClientProtocol({ policy: 'local', clock: systemClock });
const starts = openidClientStarts({ policy: 'local', clock: systemClock });

const key = makeKey.ES256().privateKey;

const stubClient = (privateKey: KeyObject, record: Partial<ProviderRecord> = {}): OAuthClient => ({
  provider: 'stub',
  clientId: 'client-1',
  clientSecret: null,
  signingKey: readSigningKey(toPem(privateKey), 'k1'),
  profile: providerProfile('stub', {
    authorizationEndpoint: `${stub.url}/authorize`,
    tokenEndpoint: `${stub.url}/token`,
    revocationEndpoint: `${stub.url}/revoke`,
    deviceAuthorizationEndpoint: `${stub.url}/device`,
    clientAuth: 'private_key_jwt',
    ...record,
  }),
});

const EXCHANGE = { code: 'code-1', redirectUri: 'https://app.example.com/cb', codeVerifier: 'verifier-1' };
const TOKEN = { access_token: 'a' };
const DEVICE = { device_code: 'd', user_code: 'u', verification_uri: 'https://a.example.com/', expires_in: 60 };

const sentBy = async (body: object, call: () => Promise<unknown>): Promise<RecordedRequest> => {
  stub.plan({ body });
  await call();
  expect(stub.requests).toHaveLength(1);
  return stub.requests[0] as RecordedRequest;
};

const readAssertion = ({ form }: RecordedRequest): string => {
  expect(form.client_assertion_type).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  return form.client_assertion ?? '';
};

const verify = (assertion: string, privateKey: KeyObject = key) =>
  jwtVerify(assertion, createPublicKey(createPrivateKey(toPem(privateKey))));

const calls: Record<string, (client: OAuthClient) => Promise<RecordedRequest>> = {
  'a code exchange': (client) => sentBy(TOKEN, () => protocol.exchangeCode(client, EXCHANGE)),
  'a refresh': (client) => sentBy(TOKEN, () => protocol.refresh(client, 'refresh-1', [])),
  'the start of a device flow': (client) => sentBy(DEVICE, () => starts.startDevice(client, [])),
  'a poll': (client) => sentBy(TOKEN, () => protocol.pollDevice(client, 'device-1')),
  'a revocation': (client) => sentBy({}, () => protocol.revoke(client, 'token-1', 'access_token')),
};

describe.each(Object.entries(calls))('%s', (_, call) => {
  it('carries an assertion for the token endpoint, and no secret', async () => {
    const request = await call(stubClient(key));
    const { payload, protectedHeader } = await verify(readAssertion(request));
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'k1' });
    expect(payload).toEqual({
      iss: 'client-1',
      sub: 'client-1',
      aud: `${stub.url}/token`,
      jti: expect.stringMatching(/^[\w-]{22,}$/),
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 60,
    });
    expect(request.form).toMatchObject({ client_id: 'client-1' });
    expect(request.form).not.toHaveProperty('client_secret');
    expect(request.headers).not.toHaveProperty('authorization');
  });

  it('names the issuer where the record has one, also with another endpoint for refreshes', async () => {
    const record = { issuer: 'https://issuer.example.com', refreshEndpoint: `${stub.url}/refresh` };
    const { payload } = await verify(readAssertion(await call(stubClient(key, record))));
    expect(payload.aud).toBe('https://issuer.example.com');
  });

  it('makes a new assertion each time', async () => {
    const client = stubClient(key);
    const [one, other] = [readAssertion(await call(client)), readAssertion(await call(client))];
    expect((await verify(one)).payload.jti).not.toBe((await verify(other)).payload.jti);
  });
});

describe('an assertion', () => {
  const refresh = (client: OAuthClient) => calls['a refresh']?.(client) as Promise<RecordedRequest>;

  it.each(Object.entries(makeKey))('is signed by %s with a key of that type', async (algorithm, make) => {
    const { privateKey } = make();
    const assertion = readAssertion(await refresh(stubClient(privateKey)));
    expect(decodeProtectedHeader(assertion).alg).toBe(algorithm);
    await verify(assertion, privateKey);
  });

  it('names no key that has no name', async () => {
    const client = { ...stubClient(key), signingKey: readSigningKey(toPem(key), null) };
    expect(decodeProtectedHeader(readAssertion(await refresh(client)))).toEqual({ alg: 'ES256' });
  });

  it('stands beside the client’s id under the name that the provider wants', async () => {
    const { form } = await refresh(stubClient(key, { clientIdParam: 'client_key' }));
    expect(form).toMatchObject({ client_key: 'client-1', client_assertion: expect.any(String) });
    expect(form).not.toHaveProperty('client_id');
  });

  it('is sent as JSON where the record says so', async () => {
    const request = await refresh(stubClient(key, { tokenRequestFormat: 'json' }));
    await verify(JSON.parse(request.body).client_assertion);
  });

  it('is made by an older client with a key, whatever the record says of the current one', async () => {
    await verify(readAssertion(await refresh(stubClient(key, { clientAuth: 'client_secret_basic' }))));
  });
});

describe('a real authorization server', async () => {
  const { privateKey, publicKey } = makeKey.RS256();
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig' }] };
  const server = await startAuthorizationServer({
    client_secret: undefined,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks,
  });
  afterAll(() => server.close());

  const clientWith = (signer: KeyObject): OAuthClient => ({
    provider: 'test',
    clientId: CLIENT_ID,
    clientSecret: null,
    signingKey: readSigningKey(toPem(signer), 'k1'),
    profile: { ...server.client.profile, clientAuth: 'private_key_jwt', revocationClientAuth: 'private_key_jwt' },
  });
  const client = clientWith(privateKey);
  const codeVerifier = 'v'.repeat(64);

  const connect = async (by: OAuthClient) => {
    const url = starts.authorizationUrl(by, {
      state: 'state-1',
      redirectUri: REDIRECT_URI,
      scopes: ['openid', 'offline_access'],
      codeChallenge: codeChallenge(codeVerifier),
    });
    return protocol.exchangeCode(by, {
      code: await server.approveUrl(url),
      redirectUri: REDIRECT_URI,
      codeVerifier,
    });
  };

  it('accepts it for a code, a refresh and a revocation', async () => {
    const first = await connect(client);
    const second = await protocol.refresh(client, first.refreshToken ?? '', []);
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(await protocol.revoke(client, second.refreshToken ?? '', 'refresh_token')).toBe('revoked');
    await expect(protocol.refresh(client, second.refreshToken ?? '', [])).rejects.toMatchObject({ kind: 'dead_grant' });
  });

  it('accepts it for the device flow', async () => {
    const device = await starts.startDevice(client, ['openid']);
    expect(await protocol.pollDevice(client, device.deviceCode)).toEqual({ kind: 'pending' });
    await server.approveUserCode(device.userCode);
    expect(await protocol.pollDevice(client, device.deviceCode)).toMatchObject({ kind: 'approved' });
  });

  it('refuses one of another key, which is a fault of the client', async () => {
    const error = await connect(clientWith(makeKey.RS256().privateKey)).catch((fault) => fault);
    expect(error).toMatchObject({ kind: 'client_fault', providerError: 'invalid_client', cause: undefined });
  });
});
