// The registration of a client: what is sent, and what becomes of every answer.
import { describe, expect, it } from 'vitest';
import { registerClient } from '../../../../lib/adapters/mcp/register-client.ts';
import type { GuardedFetch } from '../../../../lib/adapters/outbound/guarded-fetch.ts';
import { OutboundFault, type OutboundReason } from '../../../../lib/adapters/outbound/outbound-fault.ts';
import type { AuthorizationServer } from '../../../../lib/domain/mcp/authorization-server.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { findProviderError } from '../../../../lib/http/chain/describe-fault.ts';
import { authorizationServer } from '../../../support/memory/mcp/memory-discovery.ts';
import { settableClock } from '../../../support/memory/memory-deps.ts';

const ISSUER = 'https://auth.example';
const REDIRECT = 'https://keyhold.example/v1/oauth/callback';

const server = (given: Partial<AuthorizationServer> = {}): AuthorizationServer =>
  authorizationServer(ISSUER, { revocationEndpoint: null, ...given });

type Sent = { url: string } & Parameters<GuardedFetch>[1];

const withAnswer = (answer: () => Response) => {
  const sent: Sent[] = [];
  const fetch: GuardedFetch = async (url, request) => {
    sent.push({ url, ...request });
    return answer();
  };
  const { register } = registerClient({ fetch, clock: settableClock(), clientName: 'Acme' });
  return {
    sent,
    body: () => JSON.parse(sent[0]?.body ?? ''),
    register: (given: Partial<AuthorizationServer> = {}, redirectUri = REDIRECT) =>
      register({ server: server(given), redirectUri }),
  };
};

const created = () => Response.json({ client_id: 'c1', client_secret: 's1' }, { status: 201 });

describe('a registration', () => {
  it('is one POST of the client’s metadata as JSON', async () => {
    const { register, sent, body } = withAnswer(created);
    const { clientId, clientSecret } = await register();
    expect([clientId, clientSecret?.expose()]).toEqual(['c1', 's1']);
    expect(sent).toMatchObject([{ url: `${ISSUER}/register`, method: 'POST' }]);
    expect(sent[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(body()).toEqual({
      client_name: 'Acme',
      redirect_uris: [REDIRECT],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'web',
    });
  });

  it.each(['http://127.0.0.1:3000/v1/oauth/callback', 'http://localhost/cb', 'http://[::1]:8080/cb'])(
    'is of a native application where the redirect URI is %s',
    async (redirectUri) => {
      const { register, body } = withAnswer(created);
      await register({}, redirectUri);
      expect(body()).toMatchObject({ application_type: 'native', redirect_uris: [redirectUri] });
    },
  );

  it('asks for the authentication and the grants that the server offers', async () => {
    const { register, body } = withAnswer(created);
    await register({ clientAuthMethods: ['none'], grantTypes: ['authorization_code'] });
    expect(body()).toMatchObject({ token_endpoint_auth_method: 'none', grant_types: ['authorization_code'] });
  });

  it('may be answered with 200', async () => {
    const { register } = withAnswer(() => Response.json({ client_id: 'c1' }));
    expect(await register()).toEqual({ clientId: 'c1', clientAuth: 'none', clientSecret: null, expiresAt: null });
  });

  it.each([
    [{ registrationEndpoint: null }, 'registration_unsupported'],
    [{ clientAuthMethods: ['private_key_jwt'] }, 'client_auth_unsupported'],
  ])('is not sent to a server with %j', async (given, reason) => {
    const { register, sent } = withAnswer(created);
    await expect(register(given)).rejects.toMatchObject({ members: { step: 'registration', reason } });
    expect(sent).toEqual([]);
  });
});

describe('a failed registration', () => {
  const problem = (status: number, error: unknown) => () => Response.json({ error }, { status });

  it.each<[string, () => Response, string]>([
    ['400 invalid_redirect_uri', problem(400, 'invalid_redirect_uri'), 'redirect_uri_refused'],
    ['400 invalid_client_metadata', problem(400, 'invalid_client_metadata'), 'registration_refused'],
    ['401 without a body', () => new Response(null, { status: 401 }), 'registration_refused'],
    ['403 of HTML', () => new Response('<p>no</p>', { status: 403 }), 'registration_refused'],
    ['404', () => new Response('', { status: 404 }), 'registration_refused'],
    ['302', () => new Response('', { status: 302, headers: { location: 'https://evil.example' } }), 'redirected'],
    ['307', () => new Response('', { status: 307 }), 'redirected'],
    ['429', problem(429, 'slow_down'), 'server_error'],
    ['500', () => new Response('', { status: 500 }), 'server_error'],
    ['503', problem(503, 'temporarily_unavailable'), 'server_error'],
    ['201 of HTML', () => new Response('<p>done</p>', { status: 201 }), 'invalid_registration'],
    ['204', () => new Response(null, { status: 204 }), 'invalid_registration'],
    ['201 without an id', () => Response.json({}, { status: 201 }), 'invalid_registration'],
  ])('with %s says why', async (_, answer, reason) => {
    const error = await withAnswer(answer)
      .register()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ code: 'server_not_connectable', members: { step: 'registration', reason } });
  });

  it.each<[OutboundReason, string]>([
    ['refused', 'url_not_allowed'],
    ['unreachable', 'unreachable'],
    ['too_slow', 'too_slow'],
    ['too_large', 'invalid_reply'],
    ['encoded', 'invalid_reply'],
  ])('without a response (%s) says why', async (fault, reason) => {
    const { register } = withAnswer(() => {
      throw new OutboundFault(fault);
    });
    await expect(register()).rejects.toMatchObject({ members: { step: 'registration', reason } });
  });

  it.each([
    ['invalid_client_metadata', 'invalid_client_metadata'],
    ['your secret is s3cr3t', undefined],
    ['x'.repeat(65), undefined],
    [{ word: 1 }, undefined],
  ])('keeps the error word %j for the log only if it is a plain word', async (error, word) => {
    const thrown = await withAnswer(problem(400, error))
      .register()
      .catch((reason: unknown) => reason);
    expect(findProviderError(thrown)).toBe(word);
    expect(JSON.stringify(thrown)).not.toContain('s3cr3t');
  });
});
