// The client of a started connection: the operator's, else the metadata document, else one registration for all users.
import { describe, expect, it } from 'vitest';
import { singleFlight } from '../../../../lib/adapters/runtime/single-flight.ts';
import type { AuthorizationServer } from '../../../../lib/domain/mcp/authorization-server.ts';
import { notConnectable } from '../../../../lib/domain/mcp/not-connectable.ts';
import { providerProfile } from '../../../../lib/domain/oauth/provider-profile.ts';
import type { KnownProvider, LentTo } from '../../../../lib/domain/ports/provider-directory.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { findIssuerClient } from '../../../../lib/steps/mcp/find-issuer-client.ts';
import { authorizationServer } from '../../../support/memory/mcp/memory-discovery.ts';
import { memoryIssuerStore, memoryIssuers } from '../../../support/memory/mcp/memory-issuer-store.ts';
import { memoryRegistrations } from '../../../support/memory/mcp/memory-registrations.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';
import { memoryProviders } from '../../../support/memory/memory-oauth.ts';

const ISSUER = 'https://auth.example';
const RESOURCE = 'https://mcp.example/mcp';
const REDIRECT = 'https://keyhold.example/v1/oauth/callback';
const OTHER_REDIRECT = 'https://app.example/oauth/callback';
const DAY = 86_400_000;
const MINUTE = 60_000;

const server = (given: Partial<AuthorizationServer> = {}): AuthorizationServer =>
  authorizationServer(ISSUER, { revocationEndpoint: null, ...given });

/** An entry of the operator's own issuer. */
const entry = (provider: string, issuer: string): KnownProvider => ({
  provider,
  lentTo: 'all_servers',
  profile: providerProfile(provider, {
    issuer,
    authorizationEndpoint: `${ISSUER}/authorize`,
    tokenEndpoint: `${ISSUER}/token`,
  }),
  client: { clientId: `id of ${provider}`, clientSecret: new Secret('s'), olderClients: [] },
});

const setUp = (...known: KnownProvider[]) => {
  const [issuers, registrations] = [memoryIssuers(), memoryRegistrations()];
  const given = { registrations, issuers: memoryIssuerStore(issuers), providers: memoryProviders(...known) };
  const deps = memoryDeps(given);
  return {
    ...{ deps, registrations, issuers },
    /** Another process over the same table. */
    fork: () => ({ ...deps, flights: singleFlight() }),
    find: (at = server(), redirectUri = REDIRECT, resource = RESOURCE) =>
      findIssuerClient(deps, { server: at, redirectUri, resource }),
    stored: () => [...issuers.clients.values()],
  };
};

describe('the operator’s client at the issuer of a provider', () => {
  const API = { apiBaseUrl: 'https://api.acme.example/v2', apiHosts: ['*.acme-apis.example', '{shop}.example'] };
  const provider = (lentTo: LentTo = 'api_hosts'): KnownProvider => {
    const acme = entry('acme', ISSUER);
    return { ...acme, lentTo, profile: { ...acme.profile, ...API } };
  };
  const chooseFor = async (resource: string, known: KnownProvider[]) =>
    (await setUp(...known).find(server(), REDIRECT, resource)).clientId;

  it.each([
    ['https://evil.example/mcp', 'client-1'],
    ['https://api.acme.example.evil.example/', 'client-1'],
    ['https://acme-apis.example.evil.example/', 'client-1'],
    ['http://api.acme.example/mcp', 'client-1'],
    ['https://api.acme.example:8443/mcp', 'client-1'],
    ['https://x.example/mcp', 'client-1'],
    ['https://api.acme.example/mcp', 'id of acme'],
    ['https://mcp.acme-apis.example/', 'id of acme'],
  ])('for %s is %s', async (resource, clientId) => {
    expect(await chooseFor(resource, [provider()])).toBe(clientId);
  });

  it('goes to no server whose provider’s API is not known, not even by default', async () => {
    const { lentTo: _, ...unsaid } = entry('acme', ISSUER);
    expect(await chooseFor('https://evil.example/mcp', [unsaid])).toBe('client-1');
    expect(await chooseFor('https://acme.example/mcp', [unsaid])).toBe('client-1');
  });

  it.each<[LentTo, string, string]>([
    ['all_servers', 'https://elsewhere.example/mcp', 'id of acme'],
    ['no_server', 'https://api.acme.example/mcp', 'client-1'],
  ])('goes to %s where the entry says so', async (lentTo, resource, clientId) => {
    expect(await chooseFor(resource, [provider(lentTo)])).toBe(clientId);
  });

  it('leaves its place to the next entry of the issuer, or to the metadata document', async () => {
    const evil = 'https://evil.example/mcp';
    expect(await chooseFor(evil, [provider(), entry('tools', ISSUER)])).toBe('id of tools');
    const { find, registrations } = setUp(provider());
    expect((await find(server({ acceptsMetadataDocuments: true }), REDIRECT, evil)).source).toBe('document');
    expect(registrations.asked).toEqual([]);
  });
});

describe('the client of a started connection', () => {
  it('is none while its row cannot be read: nothing is registered in its place', async () => {
    const { deps, find, registrations, stored } = setUp();
    deps.issuers.readClient = async () => {
      throw new ServiceError('store_unavailable');
    };
    await expect(find()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect([registrations.asked, stored()]).toEqual([[], []]);
  });

  it('is the operator’s where an entry names the issuer, and nothing is registered', async () => {
    const { find, registrations } = setUp(entry('other', `${ISSUER}/`), entry('acme', ISSUER));
    expect(await find(server({ acceptsMetadataDocuments: true }))).toEqual({
      clientId: 'id of acme',
      clientAuth: 'client_secret_basic',
      source: 'operator',
    });
    expect(registrations.asked).toEqual([]);
  });

  it('is no client of an issuer that is spelled in another way', async () => {
    const { find } = setUp(entry('acme', `${ISSUER}/`));
    expect((await find()).source).toBe('registered');
  });

  it('is the metadata document where the server accepts one', async () => {
    const { find, registrations } = setUp();
    expect(await find(server({ acceptsMetadataDocuments: true }))).toEqual({
      clientId: 'https://keyhold.example/v1/oauth/client-metadata.json',
      clientAuth: 'none',
      source: 'document',
    });
    expect(registrations.asked).toEqual([]);
  });

  it('is registered for a redirect URI that the document does not name', async () => {
    const { find } = setUp();
    expect((await find(server({ acceptsMetadataDocuments: true }), OTHER_REDIRECT)).source).toBe('registered');
  });

  it('is registered where the document is not served over https', async () => {
    const { deps } = setUp();
    const publicBaseUrl = 'http://127.0.0.1:3000';
    const local = { ...deps, redirects: { ...deps.redirects, publicBaseUrl } };
    const asked = {
      resource: RESOURCE,
      server: server({ acceptsMetadataDocuments: true }),
      redirectUri: `${publicBaseUrl}/v1/oauth/callback`,
    };
    expect((await findIssuerClient(local, asked)).source).toBe('registered');
  });

  it('is registered once, and stored with its secret sealed', async () => {
    const { find, registrations, stored } = setUp();
    const expected = { clientId: 'client-1', clientAuth: 'client_secret_basic', source: 'registered' };
    expect([await find(), await find()]).toEqual([expected, expected]);
    expect(registrations.asked).toHaveLength(1);
    expect(stored()).toMatchObject([{ issuer: ISSUER, redirectUri: REDIRECT, clientId: 'client-1', expiresAt: null }]);
    expect(JSON.stringify(stored())).not.toContain('secret of client-1');
  });

  it('is another one at another issuer and at another redirect URI', async () => {
    const { find } = setUp();
    const clients = [
      await find(),
      await find(server({ issuer: 'https://auth2.example' })),
      await find(server(), OTHER_REDIRECT),
    ];
    expect(clients.map(({ clientId }) => clientId)).toEqual(['client-1', 'client-2', 'client-3']);
  });

  it('is replaced where the issuer has moved to another origin: its secret is for the origins of its registration', async () => {
    const { find, registrations, stored } = setUp();
    await find(server({ revocationEndpoint: 'https://revoke.example/' }));
    expect(stored()).toMatchObject([{ clientId: 'client-1', origins: [ISSUER, 'https://revoke.example'] }]);
    expect(await find(server({ tokenEndpoint: `${ISSUER}/v2/token` }))).toMatchObject({ clientId: 'client-1' });
    const movedTo = server({ tokenEndpoint: 'https://token.example/token' });
    expect([await find(movedTo), await find(movedTo)]).toMatchObject([
      { clientId: 'client-2' },
      { clientId: 'client-2' },
    ]);
    registrations.before = async () => {
      throw notConnectable('registration', 'registration_refused');
    };
    await expect(find()).rejects.toMatchObject({ code: 'server_not_connectable' });
  });

  it('without a secret is the same wherever the issuer moves', async () => {
    const { find, registrations } = setUp();
    registrations.answers = { clientAuth: 'none', clientSecret: null };
    await find();
    expect(await find(server({ tokenEndpoint: 'https://token.example/token' }))).toMatchObject({
      clientId: 'client-1',
    });
  });

  it('without a secret is stored without one', async () => {
    const { find, registrations, stored } = setUp();
    registrations.answers = { clientAuth: 'none', clientSecret: null };
    expect(await find()).toMatchObject({ clientAuth: 'none' });
    expect(stored()).toMatchObject([{ secret: null, clientAuth: 'none' }]);
  });
});

describe('concurrent starts', () => {
  it('of 1,000 users make one registration in a process', async () => {
    const { find, registrations, stored } = setUp();
    const clients = await Promise.all(Array.from({ length: 1000 }, () => find()));
    expect(new Set(clients.map(({ clientId }) => clientId))).toEqual(new Set(['client-1']));
    expect([registrations.asked.length, stored().length]).toEqual([1, 1]);
  });

  it('of several processes use the one client that was stored first', async () => {
    const { fork, registrations, stored } = setUp();
    const { promise: all, resolve } = Promise.withResolvers<void>();
    registrations.before = async () => {
      if (registrations.asked.length === 8) resolve();
      await all;
    };
    const asked = { server: server(), redirectUri: REDIRECT, resource: RESOURCE };
    const clients = await Promise.all(Array.from({ length: 8 }, () => findIssuerClient(fork(), asked)));
    expect(new Set(clients.map(({ clientId }) => clientId)).size).toBe(1);
    expect(stored().map(({ clientId }) => clientId)).toEqual([clients[0]?.clientId]);
    await findIssuerClient(fork(), asked);
    expect(registrations.asked).toHaveLength(8);
  });

  it('share a failed registration, and the next start registers again', async () => {
    const { find, registrations, stored } = setUp();
    registrations.before = async () => {
      throw notConnectable('registration', 'server_error');
    };
    const failed = await Promise.allSettled([find(), find(), find()]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect([registrations.asked.length, stored().length]).toEqual([1, 0]);
    registrations.before = async () => {};
    expect(await find()).toMatchObject({ clientId: 'client-2' });
  });
});

describe('a registration that was lost half-way', () => {
  it('leaves nothing where the table failed: the next start registers again', async () => {
    const { deps, find, registrations, stored } = setUp();
    const { putClient } = deps.issuers;
    deps.issuers.putClient = async () => {
      throw new ServiceError('store_unavailable');
    };
    await expect(find()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(stored()).toEqual([]);
    deps.issuers.putClient = putClient;
    expect(await find()).toMatchObject({ clientId: 'client-2' });
    expect(registrations.asked).toHaveLength(2);
  });

  it('serves where only the answer of the table was lost', async () => {
    const { deps, find, registrations } = setUp();
    const { putClient } = deps.issuers;
    deps.issuers.putClient = async (...put) => {
      await putClient(...put);
      deps.issuers.putClient = putClient;
      throw new ServiceError('store_unavailable');
    };
    await expect(find()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await find()).toMatchObject({ clientId: 'client-1' });
    expect(registrations.asked).toHaveLength(1);
  });

  it('leaves nothing where the secret could not be sealed', async () => {
    const { deps, find, stored } = setUp();
    deps.sealer.seal = async () => {
      throw new ServiceError('keys_unavailable');
    };
    await expect(find()).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(stored()).toEqual([]);
  });
});

describe('a registered secret that ends', () => {
  const withEnd = async (days: number) => {
    const world = setUp();
    world.registrations.answers = { expiresAt: world.deps.clock.now() + days * DAY };
    await world.find();
    world.registrations.answers = {};
    return world;
  };

  it('is used while more than a day is left', async () => {
    const { deps, find } = await withEnd(30);
    deps.clock.advance(29 * DAY - 1);
    expect(await find()).toMatchObject({ clientId: 'client-1' });
  });

  it.each([29, 30, 400])('is replaced by one new registration on day %i', async (days) => {
    const { deps, find, registrations, stored } = await withEnd(30);
    deps.clock.advance(days * DAY);
    const clients = await Promise.all(Array.from({ length: 100 }, () => find()));
    expect(new Set(clients.map(({ clientId }) => clientId))).toEqual(new Set(['client-2']));
    expect([registrations.asked.length, stored().map(({ clientId }) => clientId)]).toEqual([2, ['client-2']]);
  });

  it('serves on until its end where the server registers no other', async () => {
    const { deps, find, registrations } = await withEnd(30);
    registrations.before = async () => {
      throw notConnectable('registration', 'unreachable');
    };
    deps.clock.advance(29.5 * DAY);
    expect(await find()).toMatchObject({ clientId: 'client-1' });
    deps.clock.advance(DAY);
    await expect(find()).rejects.toMatchObject({ code: 'server_not_connectable' });
  });

  it('is replaced once by processes that race', async () => {
    const { deps, fork, registrations, stored } = await withEnd(30);
    deps.clock.advance(30 * DAY);
    const { promise: all, resolve } = Promise.withResolvers<void>();
    registrations.before = async () => {
      if (registrations.asked.length === 4) resolve();
      await all;
    };
    const asked = { server: server(), redirectUri: REDIRECT, resource: RESOURCE };
    const clients = await Promise.all([1, 2, 3].map(() => findIssuerClient(fork(), asked)));
    expect(new Set(clients.map(({ clientId }) => clientId))).toEqual(new Set(stored().map(({ clientId }) => clientId)));
  });
});

describe('a registered client that its server refused', () => {
  const refused = async (ageMinutes = 60) => {
    const world = setUp();
    await world.find();
    world.deps.clock.advance(ageMinutes * MINUTE);
    const key = { issuer: ISSUER, redirectUri: REDIRECT, clientId: 'client-1' };
    await world.deps.issuers.noteRefusedClient(key, world.deps.clock.now());
    return world;
  };

  it('is replaced by one new registration, and kept', async () => {
    const { find, registrations, issuers } = await refused();
    const clients = await Promise.all(Array.from({ length: 100 }, () => find()));
    expect(new Set(clients.map(({ clientId }) => clientId))).toEqual(new Set(['client-2']));
    expect(registrations.asked).toHaveLength(2);
    expect([...issuers.former.values()]).toMatchObject([{ clientId: 'client-1', refusedAt: expect.any(Number) }]);
    expect(await find()).toMatchObject({ clientId: 'client-2' });
  });

  it('is replaced at no other redirect URI and at no other issuer', async () => {
    const { find, registrations } = await refused();
    await find(server(), OTHER_REDIRECT);
    await find(server({ issuer: 'https://auth2.example' }));
    await find();
    await Promise.all([find(server(), OTHER_REDIRECT), find(server({ issuer: 'https://auth2.example' }))]);
    expect(registrations.asked).toHaveLength(4);
  });

  it('is replaced once in ten minutes, however often the server refuses', async () => {
    const { deps, find, registrations } = await refused(0);
    const clients: string[] = [];
    for (let minute = 0; minute < 60; minute++) {
      const { clientId } = await find();
      clients.push(clientId);
      await deps.issuers.noteRefusedClient({ issuer: ISSUER, redirectUri: REDIRECT, clientId }, deps.clock.now());
      deps.clock.advance(MINUTE);
    }
    expect(new Set(clients)).toEqual(new Set(['client-1', 'client-2', 'client-3', 'client-4', 'client-5', 'client-6']));
    expect(registrations.asked).toHaveLength(6);
  });

  it('serves on where the server registers no other: it may have been refused by mistake', async () => {
    const { find, registrations, stored } = await refused();
    registrations.before = async () => {
      throw notConnectable('registration', 'server_error');
    };
    expect(await find()).toMatchObject({ clientId: 'client-1' });
    expect(stored()).toMatchObject([{ clientId: 'client-1' }]);
  });
});
