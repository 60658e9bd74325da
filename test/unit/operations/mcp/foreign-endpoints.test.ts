// Endpoints that this deployment did not find: an imported document, or a state that a writer of the table made, names where a grant is
// refreshed and revoked. No secret and no assertion of a client goes there, and nobody is marked.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { GrantServer } from '../../../../lib/domain/mcp/grant-server.ts';
import { readSigningKey } from '../../../../lib/domain/oauth/client/signing-key.ts';
import type { KnownProvider } from '../../../../lib/domain/ports/provider-directory.ts';
import { completeConnection } from '../../../../lib/operations/connect/complete-connection.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { getCredential } from '../../../../lib/operations/credential/get-credential.ts';
import { exportUser } from '../../../../lib/operations/moving/export-user.ts';
import { importUser } from '../../../../lib/operations/moving/import-user.ts';
import { resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import { createState } from '../../../../lib/steps/connect/create-state.ts';
import { openCredential } from '../../../../lib/steps/credential/open-credential.ts';
import { ALICE, MINUTE } from '../../../support/builders.ts';
import { comeBack, connected, ISSUER, SERVER, startServer, withServer } from '../../../support/mcp/connected-server.ts';
import { issuerProvider } from '../../../support/memory/issuer-provider.ts';
import { authorizationServer } from '../../../support/memory/mcp/memory-discovery.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';
import { findUser } from '../../../support/memory/memory-table.ts';

const EVIL = 'https://evil.example';
const GRANT = 'moved';
const REDIRECT = 'https://keyhold.example/v1/oauth/callback';
const STEAL = { tokenEndpoint: `${EVIL}/token`, revocationEndpoint: `${EVIL}/revoke` };

const grantServer = (given: Partial<GrantServer> = {}): GrantServer => ({
  issuer: ISSUER,
  authorizationEndpoint: `${ISSUER}/authorize`,
  tokenEndpoint: `${ISSUER}/token`,
  revocationEndpoint: `${ISSUER}/revoke`,
  clientAuth: 'client_secret_basic',
  client: 'operator',
  redirectUri: REDIRECT,
  resource: SERVER,
  namesIssuer: true,
  ...given,
});

const moved = (secret: object, given: object = {}) => ({
  ...{ id: GRANT, provider: 'mcp', type: 'oauth2', scopes: [], expiresAt: '2029-01-01T00:00:00.000Z', ...given },
  secret: { accessToken: 'access-1', refreshToken: 'refresh-1', clientId: 'client-1', ...secret },
});

const importGrant = (deps: MemoryDeps, secret: object, given?: object) => {
  const document = { format: 'keyhold', credentials: [moved(secret, given)] };
  return importUser(deps, { userId: ALICE, format: 'keyhold', document });
};

const readReason = async (deps: MemoryDeps) =>
  (await getCredential(deps, { userId: ALICE, id: GRANT })).credential.reason ?? null;

/** Refreshes and deletes the imported grant, and gives what was sent where, with which secret. */
const useGrant = async (deps: MemoryDeps) => {
  deps.oauth.script.refreshed = () =>
    newGrant({ accessToken: 'access-2', refreshToken: 'refresh-2', expiresInSeconds: 1 });
  const resolved = await resolveCredential(deps, { userId: ALICE, scopes: [], credentialId: GRANT }).catch(
    ({ code }) => code,
  );
  const reason = await readReason(deps);
  const deleted = await deleteCredential(deps, { userId: ALICE, id: GRANT });
  const refreshed = deps.oauth.callsTo('refresh').map(({ client }) => client.profile.refreshEndpoint);
  const revoked = deps.oauth.callsTo('revoke').map(({ client }) => client.profile.revocationEndpoint);
  return { resolved, reason, deleted: deleted.revoked, refreshed, revoked: [...new Set(revoked)] };
};

const NOT_SENT = { resolved: 'refresh_unavailable', reason: null, deleted: null, refreshed: [], revoked: [] };
const SENT = { reason: null, deleted: true, refreshed: [`${ISSUER}/token`], revoked: [`${ISSUER}/revoke`] };

const operator = (given: Partial<KnownProvider> = {}): KnownProvider => {
  const endpoints = { tokenEndpoint: `${ISSUER}/token`, revocationEndpoint: `${ISSUER}/revoke` };
  return { ...knownProvider({ issuer: ISSUER, ...endpoints }), ...given };
};

const withOperator = (given?: Partial<KnownProvider>) => memoryDeps({ providers: memoryProviders(operator(given)) });

/** An entry that names the issuer alone. */
const withIssuerOnly = () =>
  withServer(
    {},
    { providers: memoryProviders({ ...issuerProvider({ issuer: ISSUER }).known, lentTo: 'all_servers' }) },
  );

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signingKey = readSigningKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), null);

const FOREIGN: [string, Partial<GrantServer>][] = [
  ['both endpoints', STEAL],
  ['the token endpoint', { tokenEndpoint: STEAL.tokenEndpoint }],
  ['the revocation endpoint', { revocationEndpoint: STEAL.revocationEndpoint }],
  ['another port', { tokenEndpoint: `${ISSUER}:8443/token` }],
  ['no URL', { tokenEndpoint: 'token' }],
  ['both endpoints, and says that they were found here', { ...STEAL, foundHere: true }],
];

describe('an imported grant of the operator’s client', () => {
  it.each(FOREIGN)('is not sent where the document names %s elsewhere', async (_, endpoints) => {
    const deps = withOperator();
    await importGrant(deps, { server: grantServer(endpoints) });
    expect(await useGrant(deps)).toEqual(NOT_SENT);
    expect(deps.log.lines).toContainEqual({
      level: 'warn',
      message: 'grant not sent',
      fields: { provider: `mcp ${new URL(SERVER).origin}`, mismatch: 'other_origin' },
    });
  });

  it('sends no assertion of its key there', async () => {
    const deps = withOperator({ client: { clientId: 'client-1', clientSecret: null, signingKey } });
    await importGrant(deps, { server: grantServer({ ...STEAL, clientAuth: 'private_key_jwt' }) });
    expect(await useGrant(deps)).toEqual(NOT_SENT);
  });

  it('is sent to the origins of the entry', async () => {
    const deps = withOperator();
    await importGrant(deps, { server: grantServer() });
    expect(await useGrant(deps)).toMatchObject(SENT);
  });

  it('is sent to the origins that the metadata of the issuer named, and nowhere while that is not known', async () => {
    for (const isKnown of [true, false]) {
      const deps = withIssuerOnly();
      const cached = { server: authorizationServer(ISSUER), readAt: deps.clock.now() };
      if (isKnown) await deps.issuers.writeCachedServer(cached);
      await importGrant(deps, { server: grantServer() });
      expect(await useGrant(deps)).toMatchObject(isKnown ? SENT : NOT_SENT);
    }
  });
});

describe('an imported grant of a registered client', () => {
  it.each(FOREIGN)('is not sent where the document names %s elsewhere', async (_, endpoints) => {
    const deps = withServer();
    const own = await connected(deps);
    await importGrant(deps, { server: grantServer({ ...endpoints, client: 'registered' }) });
    expect(await useGrant(deps)).toEqual(NOT_SENT);
    expect(findUser(deps.table, ALICE)?.credentials.get(own.id)).toBeDefined();
  });

  it('is sent to the origins that the client was registered for', async () => {
    const deps = withServer();
    await connected(deps);
    await importGrant(deps, { server: grantServer({ client: 'registered' }) });
    expect(await useGrant(deps)).toMatchObject(SENT);
  });
});

describe('an imported grant of a metadata document’s client', () => {
  it('goes where its importer says: it has no secret, and the token is the importer’s own', async () => {
    const deps = memoryDeps();
    await importGrant(deps, { server: grantServer({ ...STEAL, client: 'document', clientAuth: 'none' }) });
    expect(await useGrant(deps)).toMatchObject({ refreshed: [STEAL.tokenEndpoint] });
    expect(deps.oauth.callsTo('refresh')[0]?.client.clientSecret).toBeNull();
  });
});

describe('an imported grant of a provider named by its issuer', () => {
  it('is refreshed and revoked at the endpoints of the metadata, whatever endpoints its document keeps', async () => {
    const provider = issuerProvider({ issuer: ISSUER });
    provider.metadata = { tokenEndpoint: `${ISSUER}/token`, revocationEndpoint: `${ISSUER}/revoke` };
    const deps = memoryDeps({ providers: memoryProviders(provider.known) });
    const issuerEndpoints = { issuer: ISSUER, ...STEAL, clientAuthMethods: null };
    await importGrant(deps, { issuerEndpoints }, { provider: 'acme' });
    expect(await useGrant(deps)).toMatchObject(SENT);
  });
});

describe('a grant that was connected here', () => {
  it('of the operator’s client is sent although the metadata was forgotten since, until it is imported elsewhere', async () => {
    const deps = withIssuerOnly();
    const { id } = await connected(deps);
    deps.clock.advance(120 * MINUTE);
    expect(await deps.issuers.readCachedServer(ISSUER)).toBeNull();
    deps.oauth.script.refreshed = () => newGrant({ accessToken: 'access-2', expiresInSeconds: 1 });
    await resolveCredential(deps, { userId: ALICE, scopes: [], credentialId: id });
    expect(deps.oauth.callsTo('refresh')).toMatchObject([
      { client: { profile: { refreshEndpoint: `${ISSUER}/token` } } },
    ]);
    const { credentials } = await exportUser(deps, { userId: ALICE });
    const other = withIssuerOnly();
    other.clock.advance(240 * MINUTE);
    await importUser(other, {
      userId: ALICE,
      format: 'keyhold',
      document: { format: 'keyhold', credentials } as never,
    });
    await expect(resolveCredential(other, { userId: ALICE, scopes: [], credentialId: id })).rejects.toMatchObject({
      code: 'refresh_unavailable',
    });
  });
});

describe('a state that a writer of the table made', () => {
  const payload = {
    ...{ scopes: [], variables: {}, credentialId: null, metadata: null, codeVerifier: 'v'.repeat(43) },
    ...{ redirectUri: REDIRECT, ownCallback: false, returnUrl: null },
  };

  /** Its maker knows the token, so the seal under it shows nothing. */
  const complete = async (deps: MemoryDeps, given: object, provider = 'mcp') => {
    const document = { ...payload, ...given };
    const { token: state } = await createState(deps, { userId: ALICE, provider, kind: 'connection', document });
    const receipt = await comeBack(deps, state);
    const done = await completeConnection(deps, { userId: ALICE, state, receipt }).catch(({ code }) => code);
    const sent = deps.oauth.callsTo('exchangeCode').map(({ client }) => client.profile.tokenEndpoint);
    return { done, sent };
  };
  const forged = { ...grantServer({ ...STEAL, foundHere: true }), clientId: 'client-1' };
  const sealUnderOwnKey = {
    sealed: Buffer.from(JSON.stringify({ bind: 'b', key: [1], document: {} })).toString('base64url'),
    wrappedKey: 'AQ',
  };

  it('sends the operator’s secret nowhere', async () => {
    for (const found of [null, sealUnderOwnKey]) {
      expect(await complete(withOperator(), { server: forged, found })).toEqual({
        done: 'provider_not_configured',
        sent: [],
      });
    }
  });

  it('sends it nowhere with what was sealed for another flow of the issuer', async () => {
    const deps = withIssuerOnly();
    const { found } = await readPayload(deps);
    expect(found).not.toBeNull();
    expect(await complete(deps, { server: forged, found })).toEqual({ done: 'provider_not_configured', sent: [] });
  });

  it('sends no secret of a registered client elsewhere', async () => {
    const deps = withServer();
    await connected(deps);
    deps.oauth.calls.length = 0;
    const server = { ...forged, client: 'registered' };
    expect(await complete(deps, { server })).toEqual({ done: 'provider_not_configured', sent: [] });
  });

  it('leads a provider named by its issuer to the endpoints of the metadata', async () => {
    const provider = issuerProvider({ issuer: ISSUER });
    provider.metadata = { tokenEndpoint: `${ISSUER}/token` };
    const deps = memoryDeps({ providers: memoryProviders(provider.known) });
    expect((await complete(deps, { found: sealUnderOwnKey }, 'acme')).sent).toEqual([`${ISSUER}/token`]);
  });

  /** What a flow that is started keeps: the state is read as its owner can. */
  const readPayload = async (deps: MemoryDeps): Promise<{ found: unknown }> => {
    const { openUnderToken } = await import('../../../../lib/domain/oauth/token-seal.ts');
    const { state } = await startServer(deps);
    const [row] = [...deps.table.states.values()].slice(-1);
    if (!row) throw new Error('no state');
    return openUnderToken({ secrets: [state], use: 'payload' }, row, row.sealed) as { found: unknown };
  };
});

describe('the seal of a stored grant', () => {
  it('says that its endpoints were found here for the operator’s client alone', async () => {
    for (const [deps, expected] of [
      [withServer(), false],
      [withIssuerOnly(), true],
    ] as const) {
      const credential = await connected(deps);
      const secret = await openCredential(deps, credential);
      expect(secret && 'server' in secret ? secret.server?.foundHere : null).toBe(expected);
    }
  });
});
