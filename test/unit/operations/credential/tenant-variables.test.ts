// Credentials of one tenant: the variables that name it are checked by the provider's record, shown as data, and decide where the
// credential is refreshed and used.
import { describe, expect, it } from 'vitest';
import type { NewCredential } from '../../../../lib/domain/credential/new-credential.ts';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { pollDeviceConnection } from '../../../../lib/operations/connect/poll-device-connection.ts';
import { startDeviceConnection } from '../../../../lib/operations/connect/start-device-connection.ts';
import { addCredential } from '../../../../lib/operations/credential/add-credential.ts';
import { editCredentials } from '../../../../lib/operations/credential/edit-credentials.ts';
import { getCredential, getCredentialView } from '../../../../lib/operations/credential/get-credential.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import { resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import { publishedConfiguration } from '../../../../lib/providers/published-configuration.ts';
import {
  ALICE,
  newApiKey,
  newHostScoped,
  newOAuth2,
  newUserPassword,
  START,
  snapshot,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';

const RECORD: Partial<ProviderRecord> = {
  authorizationEndpoint: 'https://{shop}.example.com/authorize',
  tokenEndpoint: 'https://{shop}.example.com/token',
  deviceAuthorizationEndpoint: 'https://{shop}.example.com/device',
  apiBaseUrl: 'https://{shop}.example.com/api/{version}',
  templateVariables: { shop: { pattern: '[a-z]+' }, version: { pattern: 'v\\d', default: 'v1' } },
};

const tenantDeps = (): MemoryDeps => memoryDeps({ providers: memoryProviders(knownProvider(RECORD)) });
const provider = 'acme';
const ONE = { shop: 'one' };

const add = (deps: MemoryDeps, credential: NewCredential) =>
  addCredential(deps, { userId: ALICE, credential: { ...credential, id: 'c' } });
const replace = (deps: MemoryDeps, credential: NewCredential) =>
  replaceCredential(deps, { userId: ALICE, id: 'c', credential });

describe('a credential that a caller brings with variables', () => {
  it.each([
    newApiKey({ provider, variables: ONE }),
    newUserPassword({ provider, variables: ONE }),
    newHostScoped({ provider, variables: ONE }),
    newOAuth2({ provider, variables: ONE }),
  ])('shows them as data: $type', async (credential) => {
    const deps = tenantDeps();
    await add(deps, credential);
    const { view } = await getCredentialView(deps, { userId: ALICE, id: 'c' });
    expect(view.data).toEqual(ONE);
    const { credential: whole } = await getCredential(deps, { userId: ALICE, id: 'c' });
    expect(whole.secret).not.toHaveProperty('variables');
  });

  it.each([newApiKey({ provider, variables: ONE }), newOAuth2({ provider, variables: ONE })])(
    'is answered with the base URL of that tenant, defaults filled: $type',
    async (credential) => {
      const deps = tenantDeps();
      await add(deps, credential);
      const resolved = await resolveCredential(deps, { userId: ALICE, provider, scopes: [] });
      expect(resolved.baseUrl).toBe('https://one.example.com/api/v1');
      const elsewhere = { userId: ALICE, provider, url: 'https://two.example.com/', scopes: [] };
      await expect(resolveCredential(deps, elsewhere)).rejects.toMatchObject({ code: 'url_not_allowed' });
    },
  );

  it('is sent with the fields that name the tenant', async () => {
    const deps = tenantDeps();
    deps.placements.keyPlacement = async () => ({
      header: { name: 'authorization', prefix: 'Bearer ' },
      fixedHeaders: { 'X-Shop': '{shop}' },
    });
    await add(deps, newOAuth2({ provider, variables: ONE }));
    const { headers } = await resolveCredential(deps, { userId: ALICE, provider, scopes: [] });
    expect(headers).toMatchObject({ 'x-shop': 'one' });
  });

  it('is refreshed at that tenant', async () => {
    const deps = tenantDeps();
    deps.oauth.script.refreshTokens.set('r', newGrant({ accessToken: 'fresh', expiresInSeconds: 3_600 }));
    await add(deps, newOAuth2({ provider, variables: ONE, refreshToken: 'r', accessTokenExpiresAt: START + 1_000 }));
    deps.clock.advance(2_000);
    const resolved = await resolveCredential(deps, { userId: ALICE, provider, scopes: [] });
    expect(resolved.headers).toEqual({ authorization: 'Bearer fresh' });
    expect(resolved.credential.data).toEqual(ONE);
    expect(deps.oauth.callsTo('refresh')[0]?.client.profile.tokenEndpoint).toBe('https://one.example.com/token');
  });

  it.each<[string, Record<string, string>, string]>([
    ['a value against the pattern', { shop: 'one.evil' }, 'shop'],
    ['a value of another host', { shop: 'evil.com/' }, 'shop'],
    ['an unknown name', { ...ONE, region: 'eu' }, 'region'],
    ['a missing one', { version: 'v1' }, 'shop'],
    ['a name of Object.prototype', { ...ONE, constructor: 'x' }, 'constructor'],
  ])('is refused for %s, in add, replace and edit, and nothing is stored', async (_, variables, name) => {
    const deps = tenantDeps();
    const credential = newOAuth2({ provider, variables });
    const error = { code: 'invalid_request', errors: [{ pointer: `#/variables/${name}` }] };
    await expect(add(deps, credential)).rejects.toMatchObject(error);
    await add(deps, newOAuth2({ provider, variables: ONE }));
    const before = snapshot(deps);
    await expect(replace(deps, credential)).rejects.toMatchObject(error);
    const edit = { userId: ALICE, put: [{ ...credential, id: 'c' }], remove: [], expectedVersion: 1 };
    await expect(editCredentials(deps, edit)).rejects.toMatchObject(error);
    expect(snapshot(deps)).toEqual(before);
  });

  it('is refused for any variable of a provider that is not known', async () => {
    const refused = add(memoryDeps(), newApiKey({ provider: 'unknown', variables: { shop: 'one' } }));
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('keeps its tenant in a replacement that names none, and the refresh token only in that tenant', async () => {
    const deps = tenantDeps();
    await add(deps, newOAuth2({ provider, variables: ONE, refreshToken: 'r' }));
    expect(await replace(deps, newOAuth2({ provider }))).toMatchObject({ data: ONE, hasRefreshToken: true });
    const moved = await replace(deps, newOAuth2({ provider, variables: { shop: 'two' } }));
    expect(moved).toMatchObject({ data: { shop: 'two' }, hasRefreshToken: false });
  });

  it('keeps its tenant when a key is replaced', async () => {
    const deps = tenantDeps();
    await add(deps, newApiKey({ provider, variables: ONE }));
    expect((await replace(deps, newApiKey({ provider, apiKey: 'k2' }))).data).toEqual(ONE);
    expect((await replace(deps, newApiKey({ provider, variables: { shop: 'two' } }))).data).toEqual({ shop: 'two' });
  });

  it('does not open once its data was changed in the table', async () => {
    const deps = tenantDeps();
    await add(deps, newApiKey({ provider, variables: ONE }));
    const item = deps.table.users.get(ALICE)?.credentials.get('c');
    Object.assign(item ?? {}, { data: { shop: 'evil' } });
    const resolving = resolveCredential(deps, { userId: ALICE, provider, scopes: [] });
    await expect(resolving).rejects.toMatchObject({ code: 'credential_unreadable' });
  });
});

describe('a device flow with variables', () => {
  it('calls that tenant, and its credential shows it', async () => {
    const deps = tenantDeps();
    deps.oauth.script.polls = [{ kind: 'approved', grant: newGrant({ refreshToken: 'r' }) }];
    const { state } = await startDeviceConnection(deps, { userId: ALICE, provider, variables: ONE });
    const { credential } = await pollDeviceConnection(deps, { userId: ALICE, state });
    expect(credential?.data).toEqual(ONE);
    const [started, polled] = [deps.oauth.callsTo('startDevice')[0], deps.oauth.callsTo('pollDevice')[0]];
    expect(started?.client.profile.deviceAuthorizationEndpoint).toBe('https://one.example.com/device');
    expect(polled?.client.profile.tokenEndpoint).toBe('https://one.example.com/token');
  });

  it.each([undefined, { shop: 'a.b' }, { ...ONE, x: 'y' }])('is refused with %j before any call', async (variables) => {
    const deps = tenantDeps();
    const starting = startDeviceConnection(deps, { userId: ALICE, provider, variables });
    await expect(starting).rejects.toMatchObject({ code: 'invalid_request' });
    expect(deps.oauth.calls).toEqual([]);
  });
});

describe('a function that may read no secret', () => {
  const configuration = {
    systemCredentialIds: [],
    providers: [
      {
        provider,
        displayName: 'Acme',
        defaultScopes: [],
        device: false,
        verifiable: false,
        templateVariables: { shop: { pattern: '[a-z]+' } },
      },
    ],
  };

  it('knows the variables of the catalogue and of what is published', async () => {
    const { findVariables } = publishedConfiguration(async () => configuration);
    expect(await findVariables(provider)).toEqual({ shop: { pattern: '[a-z]+' } });
    expect(Object.keys(await findVariables('shopify'))).toEqual(['shop']);
    expect(await findVariables('unknown')).toEqual({});
    expect(Object.keys(await publishedConfiguration(async () => null).findVariables('okta'))).toEqual(['subdomain']);
  });
});
