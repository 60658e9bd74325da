// Refreshing a grant of an MCP server: from what is sealed with it alone, and what a refusal means. Also its deletion.
import { describe, expect, it } from 'vitest';
import type { StoredCredential } from '../../../../lib/domain/credential/credential.ts';
import { storedTokenRef } from '../../../../lib/domain/credential/token-ref.ts';
import { providerProfile } from '../../../../lib/domain/oauth/provider-profile.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { outcomeGroup } from '../../../../lib/domain/refresh/outcome-group.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import { sweepRenewals } from '../../../../lib/operations/refresh/sweep-renewals.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { ISSUER_READ_MILLISECONDS } from '../../../../lib/platform.ts';
import { refreshToken } from '../../../../lib/steps/refresh/refresh-token.ts';
import { ALICE, MINUTE, untouchable } from '../../../support/builders.ts';
import {
  addServer,
  connected,
  type FoundServer,
  ISSUER,
  SERVER,
  withServer,
} from '../../../support/mcp/connected-server.ts';
import { memoryIssuerStore, memoryIssuers } from '../../../support/memory/mcp/memory-issuer-store.ts';
import { memoryRegistrations } from '../../../support/memory/mcp/memory-registrations.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';
import { memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';

const DEAD = new ProviderFault('dead_grant', { status: 400, providerCode: 'invalid_grant' });
const clientFault = (providerCode: string) => new ProviderFault('client_fault', { status: 401, providerCode });

interface World {
  deps: MemoryDeps;
  credential: StoredCredential;
  issuers: ReturnType<typeof memoryIssuers>;
}

/** A grant whose access token has expired; discovery and registration are gone since. */
const expired = async (found: FoundServer = {}): Promise<World> => {
  const issuers = memoryIssuers();
  const deps = withServer(found, { issuers: memoryIssuerStore(issuers) });
  const credential = await connected(deps);
  deps.registrations = untouchable('registrations');
  deps.discovery.discover = async () => {
    throw new Error('a refresh discovers nothing');
  };
  deps.clock.advance(120 * MINUTE);
  return { deps, credential, issuers };
};

const answer = ({ deps }: World, reply: ProviderFault | object = {}) => {
  deps.oauth.script.refreshed = () =>
    reply instanceof ProviderFault ? reply : newGrant({ accessToken: 'access-2', expiresInSeconds: 3600, ...reply });
};

const resolve = ({ deps, credential }: World, given: object = {}) =>
  resolveCredential(deps, { userId: ALICE, scopes: [], credentialId: credential.id, ...given });

/** Another client is registered in place of the one of the grant. */
const replaceClient = async ({ deps, issuers }: World, refusedAt: number): Promise<void> => {
  const [present] = issuers.clients.values();
  if (!present) throw new Error('no client');
  if (refusedAt) await deps.issuers.noteRefusedClient(present, refusedAt);
  await deps.issuers.putClient({ ...present, clientId: 'client-2', secretRev: 'rev-2', refusedAt: null }, present);
};

const refreshes = ({ deps }: World) => deps.oauth.callsTo('refresh');

const expectReason = (work: Promise<unknown>, reason: string) =>
  expect(work).rejects.toMatchObject({ code: 'reconnect_required', members: { reason } });

describe('a refresh of a server’s grant', () => {
  it('goes to the sealed endpoint, for the resource, with the client it was issued to', async () => {
    const world = await expired();
    answer(world, { refreshToken: 'refresh-2' });
    expect(await resolve(world)).toMatchObject({ headers: { authorization: 'Bearer access-2' } });
    const [call] = refreshes(world);
    expect(call).toMatchObject({
      refreshToken: 'refresh-1',
      client: {
        clientId: 'client-1',
        profile: { refreshEndpoint: `${ISSUER}/token`, resource: SERVER, clientAuth: 'client_secret_basic' },
      },
    });
    expect(call?.client.clientSecret?.expose()).toBe('secret of client-1');
    expect(world.deps.discovery.issuersAsked).toEqual([]);
  });

  it('keeps the server under the seal, so that the next one finds it', async () => {
    const world = await expired();
    answer(world, { refreshToken: 'refresh-2' });
    await resolve(world);
    world.deps.clock.advance(120 * MINUTE);
    await resolve(world);
    expect(refreshes(world).map(({ refreshToken, client }) => [refreshToken, client.profile.resource])).toEqual([
      ['refresh-1', SERVER],
      ['refresh-2', SERVER],
    ]);
  });

  it('is done by the sweep too', async () => {
    const deps = withServer();
    const world = { deps, credential: await connected(deps), issuers: memoryIssuers() };
    await resolve(world);
    answer(world);
    deps.clock.advance(50 * MINUTE);
    expect(await sweepRenewals(deps)).toMatchObject({ refreshed: 1 });
    expect(refreshes(world)).toMatchObject([{ client: { profile: { resource: SERVER } } }]);
  });

  it('has no secret with a metadata document, and reads no client', async () => {
    const world = await expired({ server: { acceptsMetadataDocuments: true } });
    answer(world);
    world.deps.issuers = untouchable('issuers');
    await resolve(world);
    expect(refreshes(world)).toMatchObject([
      { client: { clientId: 'https://keyhold.example/v1/oauth/client-metadata.json', clientSecret: null } },
    ]);
  });
});

describe('a client that another one took the place of', () => {
  it.each([
    ['its secret was about to end', 0],
    ['its server had refused it', 1],
  ])('refreshes and revokes its grants as before, where %s', async (_, refusedAt) => {
    const world = await expired();
    answer(world, { refreshToken: 'refresh-2' });
    await replaceClient(world, refusedAt);
    expect(await resolve(world)).toMatchObject({ headers: { authorization: 'Bearer access-2' } });
    const [call] = refreshes(world);
    expect([call?.client.clientId, call?.client.clientSecret?.expose()]).toEqual(['client-1', 'secret of client-1']);
    expect(await deleteCredential(world.deps, { userId: ALICE, id: world.credential.id })).toMatchObject({
      revoked: true,
    });
  });

  it('is refused without a word about the present one', async () => {
    const world = await expired();
    await replaceClient(world, 1);
    answer(world, clientFault('invalid_client'));
    await expectReason(resolve(world), 'client_gone');
    expect([...world.issuers.clients.values()]).toMatchObject([{ clientId: 'client-2', refusedAt: null }]);
  });
});

describe('a refused client', () => {
  const refusals = ({ issuers }: World) => [...issuers.clients.values()].map(({ refusedAt }) => refusedAt);

  it.each(['invalid_client', 'unauthorized_client'])('is noted after %s, for the next start', async (word) => {
    const world = await expired();
    answer(world, clientFault(word));
    await expectReason(resolve(world), 'client_gone');
    expect(refusals(world)).toEqual([world.deps.clock.now()]);
  });

  it.each([
    ['another fault of a client', clientFault('redirect_uri_mismatch')],
    ['a dead grant', DEAD],
    ['a server in trouble', new ProviderFault('transient', { status: 503 })],
  ])('is none after %s', async (_, fault) => {
    const world = await expired();
    answer(world, fault);
    await expect(resolve(world)).rejects.toMatchObject({ code: expect.any(String) });
    expect(refusals(world)).toEqual([null]);
  });

  it('is none where the resource names another issuer now', async () => {
    const world = await expired();
    world.deps.discovery.issuersNow.set(SERVER, 'https://auth2.example');
    answer(world, clientFault('invalid_client'));
    await expectReason(resolve(world), 'issuer_changed');
    expect(refusals(world)).toEqual([null]);
  });

  it('is no client of a metadata document, whose grants wait: the server may have failed to read it', async () => {
    const world = await expired({ server: { acceptsMetadataDocuments: true } });
    world.deps.issuers = untouchable('issuers');
    answer(world, clientFault('invalid_client'));
    await expect(resolve(world)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    world.deps.clock.advance(5 * MINUTE);
    answer(world);
    expect(await resolve(world)).toMatchObject({ headers: { authorization: 'Bearer access-2' } });
    expect(world.deps.meter.dimensionsFor('OperatorFaults')).toEqual([]);
  });

  it('of a metadata document ends its grants after a day, while the server serves others', async () => {
    const world = await expired({ server: { acceptsMetadataDocuments: true } });
    const { deps } = world;
    deps.discovery.discover = withServer({ server: { acceptsMetadataDocuments: true } }).discovery.discover;
    const other = await connected(deps, { start: { userId: 'bob' }, grant: { refreshToken: 'refresh-of-bob' } });
    deps.oauth.script.refreshed = (token) =>
      token === 'refresh-of-bob' ? newGrant({ expiresInSeconds: 60 }) : clientFault('invalid_client');
    const codes = new Set<string>();
    for (let hour = 0; hour < 25; hour++) {
      deps.clock.advance(60 * MINUTE);
      await resolveCredential(deps, { userId: 'bob', scopes: [], credentialId: other.id });
      await resolve(world).catch(({ code, members }) => codes.add(`${code} ${members?.reason ?? ''}`));
    }
    expect([...codes]).toEqual(['refresh_unavailable ', 'reconnect_required refused']);
  });

  it('is noted before a grant is marked: where the note cannot be stored, the grant waits', async () => {
    const world = await expired();
    const { noteRefusedClient } = world.deps.issuers;
    world.deps.issuers.noteRefusedClient = async () => {
      throw new ServiceError('store_unavailable');
    };
    answer(world, clientFault('invalid_client'));
    await expect(resolve(world)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    world.deps.issuers.noteRefusedClient = noteRefusedClient;
    world.deps.clock.advance(5 * MINUTE);
    await expectReason(resolve(world), 'client_gone');
    expect(refusals(world)).toEqual([world.deps.clock.now()]);
  });

  it('leaves the grants of others alone when it was refused by mistake', async () => {
    const world = await expired();
    const { deps } = world;
    deps.registrations = memoryRegistrations();
    deps.discovery.discover = withServer().discovery.discover;
    const other = await connected(deps, { start: { userId: 'bob' }, grant: { refreshToken: 'refresh-of-bob' } });
    answer(world, clientFault('invalid_client'));
    await expectReason(resolve(world), 'client_gone');
    deps.registrations = {
      register: async () => ({
        ...{ clientId: 'client-2', clientAuth: 'none' as const, clientSecret: null, expiresAt: null },
      }),
    };
    await connected(deps);
    expect([...world.issuers.clients.values()]).toMatchObject([{ clientId: 'client-2', refusedAt: null }]);
    deps.clock.advance(120 * MINUTE);
    answer(world, { refreshToken: 'next-of-bob' });
    await resolveCredential(deps, { userId: 'bob', scopes: [], credentialId: other.id });
    expect(refreshes(world).at(-1)).toMatchObject({ refreshToken: 'refresh-of-bob', client: { clientId: 'client-1' } });
  });
});

describe('a client that is gone', () => {
  it('stops the marking after five grants: the table may have lost its row', async () => {
    const issuers = memoryIssuers();
    const deps = withServer({}, { issuers: memoryIssuerStore(issuers) });
    const grants = [];
    for (let index = 0; index < 12; index++) grants.push(await connected(deps));
    deps.clock.advance(120 * MINUTE);
    const lost = [...issuers.clients];
    issuers.clients.clear();
    const readCode = (credential: StoredCredential) =>
      resolve({ deps, credential, issuers }).then(
        () => 'ok',
        ({ code }) => code,
      );
    const codes = [];
    for (const grant of grants) codes.push(await readCode(grant));
    expect(codes.filter((code) => code === 'reconnect_required')).toHaveLength(5);
    expect(codes.filter((code) => code === 'refresh_unavailable')).toHaveLength(7);
    for (const [key, client] of lost) issuers.clients.set(key, client);
    deps.clock.advance(MINUTE / 2);
    answer({ deps, credential: grants[11] as StoredCredential, issuers });
    expect(await readCode(grants[11] as StoredCredential)).toBe('ok');
    expect(deps.meter.dimensionsFor('OperatorFaults')).toEqual([]);
  });

  it('is not told of a row that cannot be read: nothing is sent and no grant is marked', async () => {
    const world = await expired();
    answer(world);
    const { readClient } = world.deps.issuers;
    world.deps.issuers.readClient = async () => {
      throw new ServiceError('store_unavailable');
    };
    await expect(resolve(world)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(refreshes(world)).toEqual([]);
    world.deps.issuers.readClient = readClient;
    world.deps.clock.advance(MINUTE);
    expect(await resolve(world)).toMatchObject({ headers: { authorization: 'Bearer access-2' } });
  });

  it('is told where another one is stored in its place, and nothing is sent', async () => {
    const world = await expired();
    answer(world);
    for (const [key, client] of world.issuers.clients)
      world.issuers.clients.set(key, { ...client, clientId: 'client-2' });
    await expectReason(resolve(world), 'client_gone');
    expect(refreshes(world)).toEqual([]);
    await expectReason(resolve(world), 'client_gone');
  });

  it.each(['invalid_client', 'unauthorized_client'])('is told by %s', async (word) => {
    const world = await expired();
    answer(world, clientFault(word));
    await expectReason(resolve(world), 'client_gone');
    expect(world.deps.meter.dimensionsFor('OperatorFaults')).toEqual([]);
  });

  it.each([
    ['another fault of a client', clientFault('redirect_uri_mismatch')],
    ['a server in trouble', new ProviderFault('transient', { status: 503 })],
  ])('is not told by %s', async (_, fault) => {
    const world = await expired();
    answer(world, fault);
    await expect(resolve(world)).rejects.toMatchObject({ code: 'refresh_unavailable' });
  });

  it('is never the operator’s: a fault of the configuration marks no grant', async () => {
    const issuers = memoryIssuers();
    const endpoints = { authorizationEndpoint: `${ISSUER}/authorize`, tokenEndpoint: `${ISSUER}/token` };
    const profile = providerProfile('acme', { ...endpoints, issuer: ISSUER });
    const client = { clientId: 'own', clientSecret: new Secret('s') };
    const providers = memoryProviders({ provider: 'acme', profile, client, lentTo: 'all_servers' });
    const deps = withServer({}, { issuers: memoryIssuerStore(issuers), providers });
    const world = { deps, issuers, credential: await connected(deps) };
    deps.clock.advance(120 * MINUTE);
    answer(world, clientFault('invalid_client'));
    await expect(resolve(world)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    expect(refreshes(world)).toMatchObject([{ client: { clientId: 'own' } }]);
    expect(deps.meter.dimensionsFor('OperatorFaults')).toHaveLength(1);
    providers.remove('acme');
    deps.clock.advance(MINUTE);
    await expect(resolve(world)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    expect(refreshes(world)).toHaveLength(1);
  });
});

describe('an issuer that changed', () => {
  it.each([
    ['a dead grant', DEAD],
    ['a client that is not known', clientFault('invalid_client')],
  ])('is told after %s, by one read of the resource', async (_, fault) => {
    const world = await expired();
    world.deps.discovery.issuersNow.set(SERVER, 'https://auth2.example');
    answer(world, fault);
    await expectReason(resolve(world), 'issuer_changed');
    await expectReason(resolve(world), 'issuer_changed');
    expect(world.deps.discovery.issuersAsked).toEqual([SERVER]);
  });

  it.each([
    ['the same', ISSUER],
    ['not to be told', null],
  ])('is not told where it is %s', async (_, now) => {
    const world = await expired();
    if (now) world.deps.discovery.issuersNow.set(SERVER, now);
    answer(world, DEAD);
    await expectReason(resolve(world), 'invalid_grant');
  });

  it('is told although an answer was lost before, and a client that is gone too', async () => {
    for (const reason of ['issuer_changed', 'client_gone'] as const) {
      const world = await expired();
      answer(world, new ProviderFault('transient', { lostAnswer: 'cut' }));
      await expect(resolve(world)).rejects.toMatchObject({ code: 'refresh_unavailable' });
      world.deps.clock.advance(MINUTE);
      if (reason === 'issuer_changed') world.deps.discovery.issuersNow.set(SERVER, 'https://auth2.example');
      else world.issuers.clients.clear();
      answer(world, DEAD);
      await expectReason(resolve(world), reason);
    }
  });

  it('is told while the marking of the server’s dead grants has stopped', async () => {
    for (const now of ['https://auth2.example', ISSUER]) {
      const world = await expired();
      const { clock, outcomes, discovery } = world.deps;
      for (const grant of ['a', 'b', 'c', 'd', 'e'])
        outcomes.noteDead(outcomeGroup(world.credential), { grant, now: clock.now(), sweptSince: undefined });
      discovery.issuersNow.set(SERVER, now);
      answer(world, DEAD);
      const code = now === ISSUER ? 'refresh_unavailable' : 'reconnect_required';
      await expect(resolve(world)).rejects.toMatchObject({ code });
    }
  });

  it.each([
    [1, []],
    [3, [SERVER]],
  ])('is asked for only where the answer and two writes still fit (%j)', async (writes, asked) => {
    const world = await expired();
    const { deps, credential } = world;
    const left = ISSUER_READ_MILLISECONDS + writes * deps.budget.storeMilliseconds;
    const finishBy = deps.clock.elapsed() + 15_000;
    answer(world, DEAD);
    const { refresh } = deps.oauth;
    deps.oauth.refresh = (...sent) => {
      deps.clock.advance(finishBy - deps.clock.elapsed() - left);
      return refresh(...sent);
    };
    await expectReason(refreshToken(deps, { credential, finishBy, inUse: true }), 'invalid_grant');
    expect(deps.discovery.issuersAsked).toEqual(asked);
  });

  it('is not asked for while the server is in trouble, nor after a success', async () => {
    const world = await expired();
    answer(world, new ProviderFault('transient', { status: 503 }));
    await expect(resolve(world)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    world.deps.clock.advance(MINUTE);
    answer(world);
    await resolve(world);
    expect(world.deps.discovery.issuersAsked).toEqual([]);
  });

  it.each([
    ['https://auth2.example', 'issuer_changed'],
    [ISSUER, 'refused'],
  ])('is told of a refused token that cannot be refreshed (%s)', async (now, reason) => {
    const deps = withServer();
    const credential = await connected(deps, { grant: { refreshToken: null } });
    deps.discovery.issuersNow.set(SERVER, now);
    const world = { deps, credential, issuers: memoryIssuers() };
    await expectReason(resolve(world, { refusedTokenRef: storedTokenRef(credential) }), reason);
    expect(deps.discovery.issuersAsked).toEqual([SERVER]);
  });
});

describe('a server that refuses all its grants', () => {
  it.each([
    ['on another host', 'https://other.example/mcp'],
    ['on the same host', 'https://mcp.example/other'],
  ])('stops its own marking and no other’s (%s), and raises no alarm', async (_, OTHER) => {
    const deps = withServer();
    addServer(deps, { url: OTHER, issuer: 'https://auth.other.example' });
    const users = Array.from({ length: 7 }, (_, index) => `user-${index}`);
    for (const userId of users) await connected(deps, { start: { userId } });
    const iss = 'https://auth.other.example';
    await connected(deps, { start: { userId: 'other', mcpServerUrl: OTHER }, iss });
    deps.clock.advance(120 * MINUTE);
    deps.oauth.script.refreshed = () => DEAD;
    const codeFor = (userId: string, url: string) =>
      resolveCredential(deps, { userId, url, scopes: [] }).then(
        () => 'ok',
        ({ code }) => code,
      );
    const codes = [];
    for (const userId of users) codes.push(await codeFor(userId, SERVER));
    expect(codes.filter((code) => code === 'reconnect_required')).toHaveLength(5);
    expect(codes.filter((code) => code === 'refresh_unavailable')).toHaveLength(2);
    expect(await codeFor('other', OTHER)).toBe('reconnect_required');
    expect(deps.meter.dimensionsFor('OperatorFaults')).toEqual([]);
  });
});

describe('a deleted grant of a server', () => {
  it('is revoked at the sealed endpoint, with its own client', async () => {
    const world = await expired();
    const { deps, credential } = world;
    expect(await deleteCredential(deps, { userId: ALICE, id: credential.id })).toMatchObject({ revoked: true });
    expect(deps.oauth.callsTo('revoke')).toMatchObject([
      { token: 'refresh-1', client: { clientId: 'client-1', profile: { revocationEndpoint: `${ISSUER}/revoke` } } },
      { token: 'access-1' },
    ]);
  });

  it('is deleted all the same without an endpoint, or when its client is gone', async () => {
    const without = await expired({ server: { revocationEndpoint: null } });
    expect(await deleteCredential(without.deps, { userId: ALICE, id: without.credential.id })).toMatchObject({
      revoked: null,
    });
    const gone = await expired();
    gone.issuers.clients.clear();
    expect(await deleteCredential(gone.deps, { userId: ALICE, id: gone.credential.id })).toMatchObject({
      revoked: null,
    });
    expect(gone.deps.oauth.callsTo('revoke')).toEqual([]);
  });

  it('is revoked when its user is erased', async () => {
    const { deps } = await expired();
    expect(await eraseUser(deps, { userId: ALICE })).toMatchObject({ credentials: 1, revoked: 1 });
  });
});
