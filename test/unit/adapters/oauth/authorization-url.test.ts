// The authorization URL.
import { describe, expect, it } from 'vitest';
import { openidClientStarts } from '../../../../lib/adapters/oauth/openid-client-starts.ts';
import { providerProfile } from '../../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import type { AuthorizationRequest } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';

const REQUEST = {
  state: 'state-1',
  redirectUri: 'https://keyhold.example/v1/oauth/callback?a=b c',
  scopes: ['repo', 'read:user'],
  codeChallenge: 'challenge-1',
};

const urlFor = (
  record: Partial<ProviderRecord> = {},
  request: Partial<AuthorizationRequest> = {},
  policy: 'public' | 'local' = 'public',
) =>
  new URL(
    openidClientStarts({ policy, clock: { now: () => 0, elapsed: () => 0 } }).authorizationUrl(
      {
        provider: 'github',
        clientId: 'client-1',
        clientSecret: new Secret('canary'),
        profile: providerProfile('github', {
          authorizationEndpoint: 'https://auth.example.com/authorize?tenant=t1',
          tokenEndpoint: 'https://auth.example.com/token',
          ...record,
        }),
      },
      { ...REQUEST, ...request },
    ),
  );

const readParameters = (...given: Parameters<typeof urlFor>) => Object.fromEntries(urlFor(...given).searchParams);

const PARAMETERS = {
  tenant: 't1',
  response_type: 'code',
  client_id: 'client-1',
  redirect_uri: REQUEST.redirectUri,
  state: 'state-1',
  scope: 'repo read:user',
  code_challenge: 'challenge-1',
  code_challenge_method: 'S256',
};

describe('the authorization URL', () => {
  it('contains state, challenge, redirect URI and scopes, but no secret', () => {
    const url = urlFor();
    expect(`${url.origin}${url.pathname}`).toBe('https://auth.example.com/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual(PARAMETERS);
    expect(url.href).not.toContain('canary');
  });

  it('contains no challenge without one', () => {
    const { code_challenge: _challenge, code_challenge_method: _method, ...rest } = PARAMETERS;
    expect(readParameters({}, { codeChallenge: null })).toEqual(rest);
  });

  it('contains no scope parameter without scopes', () => {
    expect(readParameters({}, { scopes: [] })).not.toHaveProperty('scope');
  });

  it('uses the scope separator and parameter of the profile', () => {
    const { scope: _scope, ...rest } = PARAMETERS;
    expect(readParameters({ scopeSeparator: ',', scopeParam: 'user_scope' })).toEqual({
      ...rest,
      user_scope: 'repo,read:user',
    });
  });

  it('uses the client id parameter of the profile', () => {
    const { client_id: _clientId, ...rest } = PARAMETERS;
    expect(readParameters({ clientIdParam: 'client_key' })).toEqual({ ...rest, client_key: 'client-1' });
  });

  it('adds extra parameters without overriding its own', () => {
    const extraAuthorizationParams = {
      access_type: 'offline',
      state: 'x',
      redirect_uri: 'https://evil.example/',
      response_type: 'token',
      client_id: 'x',
      code_challenge_method: 'plain',
    };
    expect(readParameters({ extraAuthorizationParams })).toEqual({ ...PARAMETERS, access_type: 'offline' });
  });

  it('contains each parameter once', () => {
    const names = [...urlFor({ extraAuthorizationParams: { state: 'x', scope: 'y' } }).searchParams.keys()];
    expect(names).toHaveLength(new Set(names).size);
  });

  it.each(['http://auth.example.com/', 'javascript:alert(1)', 'https://{tenant}/authorize', 'https://user@x.example/'])(
    'refuses the endpoint %s',
    (authorizationEndpoint) => {
      const refused = expect.objectContaining({ kind: 'client_fault' });
      expect(() => urlFor({ authorizationEndpoint })).toThrow(refused);
    },
  );

  it('accepts loopback only under the local policy', () => {
    const record = { authorizationEndpoint: 'http://127.0.0.1:4000/authorize' };
    expect(urlFor(record, {}, 'local').host).toBe('127.0.0.1:4000');
    expect(() => urlFor(record)).toThrow();
  });
});
