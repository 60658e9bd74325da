// The registration of a client on the wire: one request, none to a forbidden place, no redirect followed, and every bad answer in time.
import { afterAll, describe, expect, it } from 'vitest';
import { registerClient } from '../../../lib/adapters/mcp/register-client.ts';
import { guardedFetch } from '../../../lib/adapters/outbound/guarded-fetch.ts';
import { systemClock } from '../../../lib/adapters/runtime/system-clock.ts';
import type { AuthorizationServer } from '../../../lib/domain/mcp/authorization-server.ts';
import { type ScriptedReply, startProviderStub } from '../../support/providers/provider-stub.ts';

const stub = await startProviderStub();
afterAll(() => stub.close());

const REDIRECT = 'http://127.0.0.1:3000/v1/oauth/callback';

const server = (registrationEndpoint: string): AuthorizationServer => ({
  issuer: stub.url,
  authorizationEndpoint: `${stub.url}/authorize`,
  tokenEndpoint: `${stub.url}/token`,
  revocationEndpoint: null,
  deviceAuthorizationEndpoint: null,
  registrationEndpoint,
  clientAuthMethods: ['none', 'client_secret_post'],
  acceptsMetadataDocuments: false,
  namesIssuer: false,
  offersPkce: true,
  scopesSupported: null,
  grantTypes: null,
});

const client = { clock: systemClock, clientName: 'Ärzte & Söhne' };

const register = (reply: ScriptedReply) => {
  stub.plan(reply);
  const fetch = guardedFetch({ policy: 'local', timeoutMilliseconds: 1_000 });
  return registerClient({ ...client, fetch }).register({
    server: server(`${stub.url}/register`),
    redirectUri: REDIRECT,
  });
};

describe('a registration', () => {
  it('sends the metadata in UTF-8, and no credential', async () => {
    const { clientId } = await register({ status: 201, body: { client_id: 'c1', client_secret: 's1' } });
    expect(clientId).toBe('c1');
    expect(stub.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /register']);
    const [{ headers, body } = { headers: {}, body: '' }] = stub.requests;
    expect(JSON.parse(body)).toMatchObject({ client_name: 'Ärzte & Söhne', application_type: 'native' });
    expect(headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' });
    expect([headers.authorization, headers.cookie]).toEqual([undefined, undefined]);
  });

  it.each<[string, ScriptedReply, string]>([
    ['a redirect', { status: 307, headers: { location: `${stub.url}/elsewhere` } }, 'redirected'],
    ['10 MB', { status: 201, body: Buffer.alloc(10 * 1024 * 1024, 'a') }, 'invalid_reply'],
    ['silence', { fault: 'silent' }, 'too_slow'],
    ['an answer that stops', { fault: 'slow' }, 'too_slow'],
    ['a reset', { fault: 'reset' }, 'unreachable'],
    ['deep nesting', { status: 201, body: '['.repeat(100_000) }, 'invalid_registration'],
    ['a prototype', { status: 201, body: '{"__proto__":{"client_id":"c1"}}' }, 'invalid_registration'],
  ])('of a server that answers with %s ends with one request and a reason', async (_, reply, reason) => {
    await expect(register(reply)).rejects.toMatchObject({ members: { step: 'registration', reason } });
    expect(stub.requests.length).toBe(1);
  });
});

const PORT = new URL(stub.url).port;

describe('a registration endpoint at a forbidden place', () => {
  const attempt = async (endpoint: string, addresses: readonly string[]) => {
    stub.plan({ status: 201, body: { client_id: 'c1' } });
    const lookup = async () => addresses.map((address) => ({ address }));
    const fetch = guardedFetch({ policy: 'public', timeoutMilliseconds: 1_000, lookup });
    const asked = { server: server(endpoint), redirectUri: REDIRECT };
    await expect(registerClient({ ...client, fetch }).register(asked)).rejects.toMatchObject({
      members: { step: 'registration', reason: 'url_not_allowed' },
    });
    expect(stub.requests).toEqual([]);
  };

  it.each([
    `http://127.0.0.1:${PORT}/register`,
    `https://127.0.0.1:${PORT}/register`,
    `https://localhost:${PORT}/register`,
    `http://[::1]:${PORT}/register`,
    'http://169.254.169.254/latest/meta-data',
    'https://user@auth.example.com/register',
    'https://auth.internal/register',
    'file:///etc/passwd',
    '//auth.example.com/register',
    '',
  ])('gets no request: %s', async (endpoint) => {
    await attempt(endpoint, ['93.184.215.14']);
  });

  it.each([['127.0.0.1'], ['10.0.0.8'], ['169.254.169.254'], ['::1'], ['93.184.215.14', '127.0.0.1']])(
    'gets no request where its name leads to %s',
    async (...addresses) => {
      await attempt(`https://auth.example.com:${PORT}/register`, addresses);
    },
  );
});
