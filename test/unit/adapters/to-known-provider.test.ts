// The provider of an entry that names only its issuer: its endpoints by the metadata, and by what a grant keeps of that.
import { describe, expect, it, vi } from 'vitest';
import { readOperatorProvider } from '../../../lib/adapters/secrets/operator-provider.ts';
import { toKnownProvider } from '../../../lib/adapters/secrets/to-known-provider.ts';
import type { AuthorizationServer } from '../../../lib/domain/mcp/authorization-server.ts';
import type { IssuerEndpoints } from '../../../lib/domain/oauth/client/issuer-endpoints.ts';
import { authorizationServer } from '../../support/memory/mcp/memory-discovery.ts';
import { makeKey, toPem } from '../../support/providers/signing-keys.ts';

const ISSUER = 'https://id.example.com';
const SECRET = { clientSecret: 's' };
const server = authorizationServer(ISSUER, {
  deviceAuthorizationEndpoint: `${ISSUER}/device`,
  clientAuthMethods: ['tls_client_auth', 'client_secret_post', 'none'],
});

const known = (given: object = {}, metadata: AuthorizationServer = server) => {
  const entry = readOperatorProvider('acme', { issuer: ISSUER, clientId: 'c', ...given }, () => true);
  if (entry === null) throw new Error('not valid');
  const readServer = vi.fn(async (_issuer: string, _options?: { pastCache: boolean }) => metadata);
  const { fromIssuer, ...provider } = toKnownProvider(entry, readServer);
  if (fromIssuer === undefined) throw new Error('complete');
  return { provider, readServer, fromIssuer };
};

const KEPT: IssuerEndpoints = {
  issuer: ISSUER,
  tokenEndpoint: `${ISSUER}/token`,
  revocationEndpoint: `${ISSUER}/revoke`,
  clientAuthMethods: ['client_secret_post'],
};

describe('an entry that names only its issuer', () => {
  it('has no endpoint before the metadata is read, and nothing is asked', () => {
    const { provider, readServer } = known();
    expect(provider.profile).toMatchObject({ tokenEndpoint: '', authorizationEndpoint: '', issuerEndpoints: null });
    expect(readServer).not.toHaveBeenCalled();
  });

  it('has those of the metadata, and what a grant keeps of them', async () => {
    const { fromIssuer, readServer } = known(SECRET);
    expect(await fromIssuer.read({ pastCache: true })).toMatchObject({
      authorizationEndpoint: `${ISSUER}/authorize`,
      tokenEndpoint: `${ISSUER}/token`,
      refreshEndpoint: `${ISSUER}/token`,
      revocationEndpoint: `${ISSUER}/revoke`,
      deviceAuthorizationEndpoint: `${ISSUER}/device`,
      clientAuth: 'client_secret_post',
      authorizationResponseIssParameterSupported: true,
      issuerEndpoints: KEPT,
    });
    expect(readServer).toHaveBeenCalledExactlyOnceWith(ISSUER, { pastCache: true });
  });

  it.each([
    [null, null],
    [[], []],
    [['client_secret_basic'], ['client_secret_basic']],
  ])('keeps of the methods %j that decide: %j', async (clientAuthMethods, kept) => {
    const { fromIssuer } = known(SECRET, { ...server, clientAuthMethods });
    expect((await fromIssuer.read()).issuerEndpoints).toMatchObject({ clientAuthMethods: kept });
  });

  it('is recalled from what a grant keeps, without a question, for refreshing and revoking only', () => {
    const { fromIssuer, readServer } = known(SECRET);
    expect(fromIssuer.recall(KEPT)).toMatchObject({
      authorizationEndpoint: '',
      deviceAuthorizationEndpoint: null,
      tokenEndpoint: KEPT.tokenEndpoint,
      refreshEndpoint: KEPT.tokenEndpoint,
      revocationEndpoint: KEPT.revocationEndpoint,
      clientAuth: 'client_secret_post',
      authorizationResponseIssParameterSupported: false,
      issuer: ISSUER,
      issuerEndpoints: KEPT,
    });
    expect(fromIssuer.recall({ ...KEPT, revocationEndpoint: null })).toMatchObject({ revocationEndpoint: null });
    expect(readServer).not.toHaveBeenCalled();
  });

  it('is recalled with what the entry says now', () => {
    const given = {
      privateKey: toPem(makeKey.EdDSA().privateKey),
      revocationEndpoint: 'https://other.example.com/revoke',
    };
    expect(known(given).fromIssuer.recall(KEPT)).toMatchObject({
      clientAuth: 'private_key_jwt',
      revocationEndpoint: given.revocationEndpoint,
    });
    expect(known({}).fromIssuer.recall(KEPT)).toMatchObject({ clientAuth: 'none' });
  });

  it('is not recalled from what another issuer named', () => {
    for (const issuer of [`${ISSUER}/`, 'https://other.example.com'])
      expect(known().fromIssuer.recall({ ...KEPT, issuer })).toBeNull();
  });
});
