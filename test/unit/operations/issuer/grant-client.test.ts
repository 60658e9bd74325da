// Which client a stored grant goes with: its own, at its own origin or at one that the provider moved from.
import { describe, expect, it } from 'vitest';
import type { KnownProvider } from '../../../../lib/domain/ports/provider-directory.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { type BoundGrant, chooseClient, findGrantClient } from '../../../../lib/steps/credential/grant-client.ts';
import { knownProvider, memoryProviders } from '../../../support/memory/memory-oauth.ts';

const SHOPS = { shop: { pattern: '[a-z]+' } };
const NEW = { clientId: 'new', clientSecret: null };
const OLD = { clientId: 'old', clientSecret: null };

const withClients = (record: Parameters<typeof knownProvider>[0] = {}): KnownProvider => ({
  ...knownProvider(record),
  client: { ...NEW, olderClients: [OLD] },
});

const HOME = 'https://acme.example';
const bound = (grant: Partial<BoundGrant>): BoundGrant => ({ clientId: 'new', tokenOrigin: HOME, ...grant });

describe('the client of a grant', () => {
  it.each<[string, BoundGrant, object]>([
    ['the current one', bound({}), NEW],
    ['an older one', bound({ clientId: 'old' }), OLD],
    ['the current one for tokens that a caller brought', {}, NEW],
    ['an older one for a grant without an origin', { clientId: 'old' }, OLD],
  ])('is %s', (_, grant, client) => {
    expect(chooseClient(withClients(), grant)).toMatchObject({ kind: 'found', client });
  });

  it('has no keys of other clients', () => {
    const chosen = chooseClient(withClients(), bound({}));
    expect(Object.keys(chosen.kind === 'found' ? chosen.client : {}).toSorted()).toEqual([
      'clientId',
      'clientSecret',
      'profile',
      'provider',
      'signingKey',
    ]);
  });

  it.each<[string, KnownProvider, BoundGrant, string]>([
    ['no client is configured', { ...knownProvider(), client: null }, bound({}), 'no_client'],
    ['its client was removed', withClients(), bound({ clientId: 'gone' }), 'other_client'],
    [
      'the token endpoint moved',
      withClients({ tokenEndpoint: 'https://moved.example/token' }),
      bound({}),
      'other_origin',
    ],
    [
      'the refresh endpoint moved',
      withClients({ refreshEndpoint: 'https://moved.example/r' }),
      bound({}),
      'other_origin',
    ],
    ['the port is another', withClients({ tokenEndpoint: `${HOME}:8443/token` }), bound({}), 'other_origin'],
    ['the scheme is another', withClients({ tokenEndpoint: 'http://acme.example/token' }), bound({}), 'other_origin'],
    [
      'the former origin is of another port',
      withClients({ tokenEndpoint: 'https://moved.example/token', formerTokenOrigins: [`${HOME}:8443`] }),
      bound({}),
      'other_origin',
    ],
  ])('is none when %s', (_, known, grant, kind) => {
    expect(chooseClient(known, grant)).toEqual({ kind });
  });

  it.each<[string, Parameters<typeof knownProvider>[0]]>([
    ['the path moved', { tokenEndpoint: `${HOME}/v2/token` }],
    ['the refresh endpoint stays', { tokenEndpoint: 'https://moved.example/token', refreshEndpoint: `${HOME}/r` }],
    ['the client id is in the path', { tokenEndpoint: `${HOME}/{client_id}/token` }],
    ['the former origin is its own', { tokenEndpoint: 'https://moved.example/t', formerTokenOrigins: [HOME] }],
    [
      'a former origin is spelled with its default port',
      { tokenEndpoint: 'https://moved.example/t', formerTokenOrigins: ['https://x.example', `${HOME}:443`] },
    ],
  ])('is found when %s', (_, record) => {
    expect(chooseClient(withClients(record), bound({}))).toMatchObject({ kind: 'found' });
  });
});

describe('the client of a tenant’s grant', () => {
  const shops = withClients({ tokenEndpoint: 'https://{shop}.example/token', templateVariables: SHOPS });
  const grant = bound({ tokenOrigin: 'https://mine.example', variables: { shop: 'mine' } });

  it('has the endpoints of the tenant', () => {
    expect(chooseClient(shops, grant)).toMatchObject({
      client: { profile: { refreshEndpoint: 'https://mine.example/token' } },
    });
  });

  it('is none for the origin of another tenant', () => {
    expect(chooseClient(shops, { ...grant, variables: { shop: 'other' } })).toEqual({ kind: 'other_origin' });
  });

  it('goes to the tenant’s present origin from its former one, not from another tenant’s', () => {
    const moved = withClients({
      tokenEndpoint: 'https://{shop}.new.example/token',
      formerTokenOrigins: ['https://{shop}.example'],
      templateVariables: SHOPS,
    });
    expect(chooseClient(moved, grant)).toMatchObject({
      client: { profile: { refreshEndpoint: 'https://mine.new.example/token' } },
    });
    expect(chooseClient(moved, { ...grant, tokenOrigin: 'https://other.example' })).toEqual({ kind: 'other_origin' });
  });

  it('is refused when the tenant no longer matches', () => {
    expect(() => chooseClient(shops, { ...grant, variables: { shop: 'Mine!' } })).toThrow(ServiceError);
  });
});

describe('findGrantClient', () => {
  const finding = (cached: KnownProvider, present: KnownProvider | undefined) => {
    const providers = memoryProviders(cached);
    let reads = 0;
    providers.findPastCache = async () => {
      reads++;
      return present;
    };
    return { find: () => findGrantClient({ providers }, 'acme', bound({ clientId: 'old' })), reads: () => reads };
  };

  it('reads no further when the cached configuration has the client', async () => {
    const { find, reads } = finding(withClients(), undefined);
    expect(await find()).toMatchObject(OLD);
    expect(reads()).toBe(0);
  });

  it('reads once past the cache otherwise', async () => {
    const { find, reads } = finding(knownProvider(), withClients());
    expect(await find()).toMatchObject(OLD);
    expect(reads()).toBe(1);
  });

  it.each([knownProvider(), undefined])('throws when there is none either', async (present) => {
    await expect(finding(knownProvider(), present).find()).rejects.toMatchObject({ code: 'provider_not_configured' });
  });

  it('throws for an unknown provider', async () => {
    const providers = memoryProviders();
    await expect(findGrantClient({ providers }, 'acme', {})).rejects.toMatchObject({ code: 'provider_unknown' });
  });
});
