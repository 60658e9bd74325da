// The checks of authorization-server metadata (RFC 8414, OpenID Connect Discovery), and what stands in for it at an early server.
import { describe, expect, it } from 'vitest';
import { AuthorizationServer } from '../../../../../lib/domain/mcp/authorization-server.ts';
import { defaultServer, listOriginIssuers } from '../../../../../lib/domain/mcp/discovery/earlier-revision.ts';
import { checkServerMetadata } from '../../../../../lib/domain/mcp/discovery/server-metadata.ts';

const ISSUER = 'https://auth.example.com/tenant';
const document = (given: object = {}) => ({
  issuer: ISSUER,
  authorization_endpoint: 'https://auth.example.com/authorize',
  token_endpoint: 'https://auth.example.com/token',
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['plain', 'S256'],
  ...given,
});
const check = (given: object = {}) => checkServerMetadata(document(given), { issuers: [ISSUER], policy: 'public' });
const refusal = (reason: string) =>
  expect.objectContaining({
    code: 'server_not_connectable',
    members: { step: 'authorization_server_metadata', reason },
  });

const smallest: AuthorizationServer = {
  issuer: ISSUER,
  authorizationEndpoint: 'https://auth.example.com/authorize',
  tokenEndpoint: 'https://auth.example.com/token',
  revocationEndpoint: null,
  deviceAuthorizationEndpoint: null,
  registrationEndpoint: null,
  clientAuthMethods: null,
  acceptsMetadataDocuments: false,
  namesIssuer: false,
  offersPkce: true,
  scopesSupported: null,
  grantTypes: null,
};

describe('checkServerMetadata', () => {
  it('reads the smallest document', () => {
    expect(check({ response_types_supported: undefined })).toEqual(smallest);
  });

  it('reads all members in use, in the form in which they are cached', () => {
    const server = check({
      revocation_endpoint: 'https://revoke.example.com/',
      device_authorization_endpoint: 'https://auth.example.com/device',
      registration_endpoint: 'https://auth.example.com/register',
      token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
      client_id_metadata_document_supported: true,
      authorization_response_iss_parameter_supported: true,
      scopes_supported: ['a'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      jwks_uri: 'http://10.0.0.1/keys',
    });
    expect(server).toEqual({
      ...smallest,
      revocationEndpoint: 'https://revoke.example.com/',
      deviceAuthorizationEndpoint: 'https://auth.example.com/device',
      registrationEndpoint: 'https://auth.example.com/register',
      clientAuthMethods: ['none', 'private_key_jwt'],
      acceptsMetadataDocuments: true,
      namesIssuer: true,
      offersPkce: true,
      scopesSupported: ['a'],
      grantTypes: ['authorization_code', 'refresh_token'],
    });
    expect(AuthorizationServer.parse(server)).toEqual(server);
  });

  it.each([
    `${ISSUER}/`,
    'https://auth.example.com',
    'https://AUTH.example.com/tenant',
    'https://auth.example.com:443/tenant',
    'https://auth.example.com/%74enant',
    ` ${ISSUER}`,
    'https://attacker.example',
  ])('refuses the issuer %j, which is not the same text', (issuer) => {
    expect(() => check({ issuer })).toThrow(refusal('issuer_mismatch'));
  });

  it('accepts either of two issuers where none was named', () => {
    const expected = { issuers: listOriginIssuers('https://auth.example.com/mcp'), policy: 'public' as const };
    for (const issuer of ['https://auth.example.com', 'https://auth.example.com/'])
      expect(checkServerMetadata(document({ issuer }), expected).issuer).toBe(issuer);
    expect(() => checkServerMetadata(document(), expected)).toThrow(refusal('issuer_mismatch'));
  });

  it.each([
    'authorization_endpoint',
    'token_endpoint',
    'revocation_endpoint',
    'device_authorization_endpoint',
    'registration_endpoint',
  ])('refuses an %s that may not be called', (member) => {
    for (const url of ['http://auth.example.com/', 'https://10.0.0.1/', 'javascript:alert(1)', '/relative'])
      expect(() => check({ [member]: url })).toThrow(refusal('url_not_allowed'));
  });

  it('follows the policy', () => {
    const local = document({ token_endpoint: 'http://127.0.0.1:4000/token' });
    expect(checkServerMetadata(local, { issuers: [ISSUER], policy: 'local' }).tokenEndpoint).toContain('127.0.0.1');
  });

  it.each([undefined, null, [], ['plain'], ['s256'], 'S256', ['S256', 1]])(
    'refuses the challenge methods %j',
    (methods) => {
      expect(() => check({ code_challenge_methods_supported: methods })).toThrow(refusal('pkce_unsupported'));
    },
  );

  it('says of an issuer that may leave the challenge methods out whether it named S256: an MCP server must', () => {
    const read = (methods?: string[]) =>
      checkServerMetadata(document({ code_challenge_methods_supported: methods }), {
        ...{ issuers: [ISSUER], policy: 'public', mayOmitPkce: true },
      }).offersPkce;
    expect([read(), read(['S256'])]).toEqual([false, true]);
    expect(() => read(['plain'])).toThrow(refusal('pkce_unsupported'));
  });

  it.each([
    { response_types_supported: ['token', 'id_token'] },
    { response_types_supported: [] },
    { grant_types_supported: ['client_credentials'] },
    { grant_types_supported: [] },
  ])('refuses a server without the code flow: %j', (given) => {
    expect(() => check(given)).toThrow(refusal('code_flow_unsupported'));
  });

  it.each([
    { client_id_metadata_document_supported: 'true' },
    { authorization_response_iss_parameter_supported: 1 },
    { scopes_supported: ['a b'] },
    { grant_types_supported: 'authorization_code' },
    { token_endpoint_auth_methods_supported: Array.from({ length: 101 }, () => 'none') },
    { token_endpoint_auth_methods_supported: ['x'.repeat(257)] },
    { revocation_endpoint: null, registration_endpoint: null },
  ])('counts a malformed member that only informs as left out: %j', (given) => {
    expect(check(given)).toEqual(smallest);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a list', [document()]],
    ['no issuer', document({ issuer: undefined })],
    ['an issuer of another type', document({ issuer: [ISSUER] })],
    ['no authorization endpoint', document({ authorization_endpoint: undefined })],
    ['no token endpoint', document({ token_endpoint: undefined })],
    ['an empty token endpoint', document({ token_endpoint: '' })],
    ['an endpoint of another type', document({ registration_endpoint: {} })],
    ['an endpoint over 2,048 characters', document({ token_endpoint: `https://a.example/${'x'.repeat(2048)}` })],
  ])('refuses %s', (_, given) => {
    expect(() => checkServerMetadata(given, { issuers: [ISSUER], policy: 'public' })).toThrow(
      refusal('invalid_metadata'),
    );
  });

  it('has the sentence of the reason as its detail', () => {
    expect(() => check({ issuer: 'https://attacker.example' })).toThrow(
      expect.objectContaining({
        detail: 'Its metadata is that of another issuer.',
        logReason: 'authorization_server_metadata: issuer_mismatch',
      }),
    );
  });
});

describe('defaultServer', () => {
  it('has the endpoints of revision 2025-03-26 at the origin', () => {
    expect(defaultServer('https://mcp.example.com:8443/mcp?x=1')).toEqual({
      ...smallest,
      issuer: 'https://mcp.example.com:8443',
      authorizationEndpoint: 'https://mcp.example.com:8443/authorize',
      tokenEndpoint: 'https://mcp.example.com:8443/token',
      registrationEndpoint: 'https://mcp.example.com:8443/register',
    });
  });
});
