// The call that asks whose a token is places token and fixed fields by the record, as every call that resolve is answered for.
import { afterAll, describe, expect, it } from 'vitest';
import { openidClientProtocol } from '../../../lib/adapters/oauth/openid-client-protocol.ts';
import { sendableFields } from '../../../lib/domain/credential/sendable-fields.ts';
import { providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import type { ProviderDirectory } from '../../../lib/domain/ports/provider-directory.ts';
import { findCatalogueProvider } from '../../../lib/providers/catalogue.ts';
import { keyPlacements } from '../../../lib/providers/key-placements.ts';
import { startProviderStub } from '../../support/providers/provider-stub.ts';

const stub = await startProviderStub();
afterAll(() => stub.close());

const protocol = openidClientProtocol({ policy: 'local', clock: { now: () => 0, elapsed: () => 0 } });

const OWN: Partial<ProviderRecord> = {
  identityIdPath: 'id',
  tokenHeader: { name: 'X-Token', prefix: 'T ' },
  fixedHeaders: { 'X-Version': '7', 'X-Client': 'id={client_id}', 'X-Tenant': '{tenant}', 'X-Missing': '{other}' },
};

/** The provider of that name with its endpoints at the stub; `own` is an operator's. */
const atStub = (provider: string) => {
  const { tenantsEndpoint, ...record } = { ...(findCatalogueProvider(provider) ?? OWN) };
  const profile = providerProfile(provider, {
    ...record,
    authorizationEndpoint: `${stub.url}/authorize`,
    tokenEndpoint: `${stub.url}/token`,
    identityEndpoint: `${stub.url}/me`,
    ...(tenantsEndpoint && { tenantsEndpoint: `${stub.url}/tenants` }),
  });
  return { provider, profile, client: { clientId: 'client-1', clientSecret: null } };
};

const resolveFields = async (known: ReturnType<typeof atStub>, data: Record<string, string>) => {
  const find = async () => known;
  const providers: ProviderDirectory = { find, findPastCache: find, listConfigured: async () => [known] };
  const placement = await keyPlacements(providers).keyPlacement(known.provider, 'oauth2');
  return sendableFields({ accessToken: 't' }, placement, data);
};

type Case = [provider: string, body: object, account: string, headers: Record<string, string>];

describe('the identity call', () => {
  it.each<Case>([
    [
      'shopify',
      { data: { shop: { id: 'gid://shopify/Shop/1', name: 'Shop' } } },
      'gid://shopify/Shop/1',
      { 'x-shopify-access-token': 't' },
    ],
    ['twitch', { data: [{ id: '9' }] }, '9', { authorization: 'Bearer t', 'client-id': 'client-1' }],
    ['notion', {}, '', { authorization: 'Bearer t', 'notion-version': '2022-06-28' }],
    ['heroku', { id: 'h' }, 'h', { authorization: 'Bearer t', accept: 'application/vnd.heroku+json; version=3' }],
    ['zoho', { ZUID: 12 }, '12', { authorization: 'Zoho-oauthtoken t' }],
    ['own', { id: 7 }, '7', { 'x-token': 'T t', 'x-version': '7', 'x-client': 'id=client-1', 'x-tenant': 'one' }],
  ])('of %s sends what resolve answers', async (provider, body, account, headers) => {
    const known = atStub(provider);
    const data = { tenant: 'one' };
    stub.plan({ body });
    const identity = await protocol.identify({ ...known, ...known.client }, 't', data);
    expect(identity.account?.id ?? '').toBe(account);
    const [request] = stub.requests;
    expect(request?.headers).toMatchObject(headers);
    expect(request?.headers).not.toHaveProperty('x-missing');
    if (headers.authorization === undefined) expect(request?.headers).not.toHaveProperty('authorization');
    expect(await resolveFields(known, data)).toEqual({ headers, query: {} });
  });

  it('is made before a tenant is known, and every later call names it (Xero)', async () => {
    const known = atStub('xero');
    const tenantId = '6f1d4ad4-2b1f-4c4e-9a39-1d2f3a4b5c6d';
    stub.plan({ body: {} });
    await protocol.identify({ ...known, ...known.client }, 't', {});
    expect(stub.requests.map(({ path }) => path).toSorted()).toEqual(['/me', '/tenants']);
    for (const { headers } of stub.requests) expect(headers).not.toHaveProperty('xero-tenant-id');
    expect(await resolveFields(known, { tenantId })).toEqual({
      headers: { authorization: 'Bearer t', 'xero-tenant-id': tenantId },
      query: {},
    });
    expect(await resolveFields(known, {})).toEqual({ headers: { authorization: 'Bearer t' }, query: {} });
  });
});
