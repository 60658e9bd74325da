// The defaults of a provider record.
import { describe, expect, it } from 'vitest';
import { type ProviderProfile, providerProfile } from '../../../../lib/domain/oauth/provider-profile.ts';
import { type ProviderRecord, RevocationStyle } from '../../../../lib/domain/oauth/provider-record.ts';

const ENDPOINTS = { authorizationEndpoint: 'https://a.example/authorize', tokenEndpoint: 'https://a.example/token' };
const REVOCATION = { revocationEndpoint: 'https://a.example/revoke' };

const profile = (given: Partial<ProviderRecord> = {}): ProviderProfile =>
  providerProfile('acme', { ...ENDPOINTS, ...given });

describe('providerProfile', () => {
  it('applies every default to a record with nothing but its endpoints', () => {
    expect(profile()).toEqual({
      ...ENDPOINTS,
      displayName: 'acme',
      refreshEndpoint: ENDPOINTS.tokenEndpoint,
      revocationEndpoint: null,
      revocationStyle: 'none',
      revocationEndsAccount: false,
      revocableTokens: [],
      deviceAuthorizationEndpoint: null,
      identityEndpoint: null,
      identityMethod: 'GET',
      identityQuery: null,
      identityHeaders: {},
      identityIdPath: null,
      identityNamePath: null,
      issuer: null,
      resource: null,
      issuerEndpoints: null,
      authorizationResponseIssParameterSupported: false,
      clientAuth: 'client_secret_post',
      revocationClientAuth: 'client_secret_post',
      clientIdParam: 'client_id',
      sendPkce: true,
      scopeSeparator: ' ',
      scopeParam: 'scope',
      defaultScopes: [],
      scopeAliases: {},
      scopeImplies: {},
      scopesNotReported: null,
      scopesIgnoreCase: false,
      callbackScopeParam: null,
      deadGrant: [],
      incrementalScopes: false,
      refreshTokenScope: null,
      extraAuthorizationParams: {},
      extraTokenParams: {},
      tokenRequestFormat: 'form',
      tokenReplyPath: null,
      replyQuirk: null,
      templateVariables: {},
      assumedLifetimeSeconds: { withRefreshToken: 3600, withoutRefreshToken: null },
      rotatesRefreshTokens: true,
      keeps: [],
      tenantsEndpoint: null,
      callbackTenant: null,
      callbackErrorParams: [],
      apiBaseUrl: null,
      apiHosts: [],
      apiKeyPlacement: null,
      tokenPlacement: { header: { name: 'authorization', prefix: 'Bearer ' } },
      fixedHeaders: {},
      verification: null,
      formerTokenOrigins: [],
    });
  });

  const STATED = {
    displayName: 'Acme',
    refreshEndpoint: 'https://a.example/refresh',
    ...REVOCATION,
    revocationStyle: 'post_bearer',
    deviceAuthorizationEndpoint: 'https://a.example/device',
    identityEndpoint: 'https://a.example/me',
    identityMethod: 'POST',
    identityQuery: '{ me }',
    identityHeaders: { 'x-version': '1' },
    identityIdPath: 'id',
    identityNamePath: 'name',
    issuer: 'https://a.example',
    authorizationResponseIssParameterSupported: true,
    clientAuth: 'client_secret_basic',
    revocationClientAuth: 'none',
    clientIdParam: 'client_key',
    sendPkce: false,
    scopeSeparator: ',',
    scopeParam: 'user_scope',
    defaultScopes: ['a'],
    incrementalScopes: true,
    refreshTokenScope: 'offline',
    extraAuthorizationParams: { prompt: 'consent' },
    extraTokenParams: { a: 'b' },
    tokenRequestFormat: 'json',
    tokenReplyPath: 'data',
    replyQuirk: 'zohoSeconds',
    templateVariables: { shop: { pattern: 'x' } },
    rotatesRefreshTokens: false,
  } as const satisfies Omit<Partial<ProviderRecord>, 'defaultScopes'> & { defaultScopes: readonly string[] };

  it.each(Object.entries(STATED))('keeps the stated %s', (field, value) => {
    expect(profile({ ...STATED, defaultScopes: [...STATED.defaultScopes] })).toMatchObject({ [field]: value });
  });

  it.each<[RevocationStyle | undefined, ProviderProfile['revocableTokens']]>([
    [undefined, ['refresh_token', 'access_token']],
    ['rfc7009', ['refresh_token', 'access_token']],
    ['rfc7009_access_token', ['access_token']],
    ['rfc7009_refresh_token', ['refresh_token']],
    ['delete_basic', ['access_token']],
    ['post_bearer', ['access_token']],
    ['delete_bearer', ['access_token']],
    ['json_basic', ['access_token']],
    ['post_access_token', ['access_token']],
    ['json_access_token', ['access_token']],
    ['json_refresh_token', ['refresh_token']],
    ['json_client_header', ['access_token']],
    ['none', []],
  ])('with the revocation style %s revokes %j', (revocationStyle, tokens) => {
    expect(profile({ ...REVOCATION, revocationStyle }).revocableTokens).toEqual(tokens);
  });

  it.each(RevocationStyle.options)('revokes nothing without an endpoint, whatever the style (%s)', (style) => {
    expect(profile({ revocationStyle: style })).toMatchObject({ revocationStyle: 'none', revocableTokens: [] });
  });

  it.each([60, null])('assumes the stated lifetime %j with and without a refresh token', (lifetime) => {
    expect(profile({ accessTokenLifetimeSeconds: lifetime }).assumedLifetimeSeconds).toEqual({
      withRefreshToken: lifetime,
      withoutRefreshToken: lifetime,
    });
  });

  it('sends a GraphQL identity query by POST', () => {
    expect(profile({ identityQuery: '{ me }' }).identityMethod).toBe('POST');
  });

  it('authenticates at the revocation endpoint as elsewhere', () => {
    expect(profile({ clientAuth: 'client_secret_basic' }).revocationClientAuth).toBe('client_secret_basic');
  });

  it.each<[Partial<ProviderRecord>, ProviderProfile['apiKeyPlacement']]>([
    [{ apiKeyHeader: { name: 'x-key', prefix: '' } }, { header: { name: 'x-key', prefix: '' } }],
    [{ apiKeyQuery: 'key' }, { query: 'key' }],
  ])('turns %j into a key placement', (given, placement) => {
    expect(profile(given).apiKeyPlacement).toEqual(placement);
  });
});
