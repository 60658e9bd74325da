// A provider that the operator names by its issuer: its metadata is read before the provider is called, and a failure of that marks
// nobody and spends nothing.
import { describe, expect, it } from 'vitest';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { completeConnection } from '../../../../lib/operations/connect/complete-connection.ts';
import { pollDeviceConnection } from '../../../../lib/operations/connect/poll-device-connection.ts';
import { startConnection } from '../../../../lib/operations/connect/start-connection.ts';
import { startDeviceConnection } from '../../../../lib/operations/connect/start-device-connection.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { publishConfiguration } from '../../../../lib/operations/operator/publish-configuration.ts';
import { ALICE } from '../../../support/builders.ts';
import { type IssuerProvider, issuerProvider } from '../../../support/memory/issuer-provider.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';
import {
  expireToken,
  nearlyExpireToken,
  type Refreshing,
  refreshing,
  resolveGrant,
  storedGrant,
} from '../../../support/providers/refreshing.ts';

const DEVICE = { deviceAuthorizationEndpoint: 'https://acme.example/device' };

const withIssuer = async (provider: IssuerProvider): Promise<Refreshing> => {
  const world = await refreshing();
  world.deps.providers.set(provider.known);
  return world;
};

const connecting = (provider: IssuerProvider): MemoryDeps => memoryDeps({ providers: memoryProviders(provider.known) });

describe('a grant of a provider named by its issuer', () => {
  it('is refreshed at the endpoint of the metadata, and bound to its origin', async () => {
    const provider = issuerProvider();
    const world = await withIssuer(provider);
    expireToken(world);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    const [call] = world.deps.oauth.callsTo('refresh');
    expect(call?.client.profile.refreshEndpoint).toBe('https://acme.example/token');
    expect((await storedGrant(world.deps)).secret).toMatchObject({ tokenOrigin: 'https://acme.example' });
  });

  it('that keeps no endpoints keeps its state while the issuer does not answer: nothing is sent', async () => {
    const provider = issuerProvider();
    const world = await withIssuer(provider);
    provider.isUp = false;
    expireToken(world);
    for (let round = 0; round < 12; round += 1) {
      await expect(resolveGrant(world.deps)).rejects.toMatchObject({ code: 'refresh_unavailable' });
      world.deps.clock.advance(3_600_000);
    }
    expect(world.deps.oauth.calls).toEqual([]);
    expect((await storedGrant(world.deps)).credential.brokenReason).toBeNull();
    provider.isUp = true;
    expect((await resolveGrant(world.deps)).stale).toBe(false);
  });

  it('that keeps no endpoints is served while its token lives, although the issuer does not answer', async () => {
    const provider = issuerProvider();
    const world = await withIssuer(provider);
    provider.isUp = false;
    nearlyExpireToken(world);
    expect((await resolveGrant(world.deps)).stale).toBe(true);
  });

  it('is served without asking the issuer while its token is fresh', async () => {
    const provider = issuerProvider({ apiBaseUrl: 'https://api.acme.example' });
    const world = await withIssuer(provider);
    expireToken(world);
    await resolveGrant(world.deps);
    const { all } = provider.reads;
    provider.isUp = false;
    expect((await resolveGrant(world.deps)).baseUrl).toBe('https://api.acme.example');
    expect(provider.reads.all).toBe(all);
  });

  it('is sent again to the endpoint that the metadata names now, where the old one refuses the client', async () => {
    const provider = issuerProvider();
    const world = await withIssuer(provider);
    world.deps.oauth.script.refreshed = (_token, { profile }) => {
      provider.metadata = { tokenEndpoint: 'https://acme.example/v2/token' };
      return profile.refreshEndpoint.includes('/v2/')
        ? newGrant({ refreshToken: 'refresh-2' })
        : new ProviderFault('client_fault');
    };
    expireToken(world);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(provider.reads.pastCache).toBe(1);
    expect(world.deps.oauth.callsTo('refresh').map(({ client }) => client.profile.refreshEndpoint)).toEqual([
      'https://acme.example/token',
      'https://acme.example/v2/token',
    ]);
  });

  it('that keeps no endpoints can be deleted while the issuer does not answer', async () => {
    const provider = issuerProvider();
    const world = await withIssuer(provider);
    provider.isUp = false;
    const { id } = (await storedGrant(world.deps)).credential;
    expect(await deleteCredential(world.deps, { userId: ALICE, id })).toMatchObject({ revoked: null });
  });
});

describe('connecting a provider named by its issuer', () => {
  it('leads to the authorization endpoint of the metadata', async () => {
    const deps = connecting(issuerProvider());
    const { authorizationUrl } = await startConnection(deps, { userId: ALICE, provider: 'acme' });
    expect(authorizationUrl).toMatch(/^https:\/\/acme\.example\/authorize\?/);
  });

  it('says why not while the issuer does not answer, and starts no flow', async () => {
    const provider = issuerProvider();
    provider.isUp = false;
    const deps = connecting(provider);
    await expect(startConnection(deps, { userId: ALICE, provider: 'acme' })).rejects.toMatchObject({
      code: 'server_not_connectable',
      members: { step: 'authorization_server_metadata', reason: 'unreachable' },
    });
    await expect(startDeviceConnection(deps, { userId: ALICE, provider: 'acme' })).rejects.toMatchObject({
      code: 'provider_rejected',
    });
    expect(deps.table.states.size).toBe(0);
  });

  const callbackUrl = 'https://app.example/oauth/callback';

  /** A flow that came back with a code. */
  const comeBack = async (deps: MemoryDeps, iss?: string) => {
    const { state } = await startConnection(deps, { userId: ALICE, provider: 'acme', callbackUrl });
    deps.oauth.script.codes.set('code-1', newGrant());
    return () => completeConnection(deps, { userId: ALICE, state, code: 'code-1', ...(iss && { iss }) });
  };

  it('completes at the endpoints that the start found, although the metadata is not known any more', async () => {
    const provider = issuerProvider();
    provider.metadata = { tokenEndpoint: 'https://acme.example/found' };
    const deps = connecting(provider);
    const complete = await comeBack(deps);
    provider.isUp = false;
    expect((await complete()).credential.provider).toBe('acme');
    const [call] = deps.oauth.callsTo('exchangeCode');
    expect(call?.client.profile.tokenEndpoint).toBe('https://acme.example/found');
    expect(provider.reads.all).toBe(1);
  });

  it.each([
    [true, undefined, 'state_invalid'],
    [true, 'https://elsewhere.example', 'state_invalid'],
    [false, 'https://elsewhere.example', 'state_invalid'],
    [false, undefined, 'acme'],
  ])('checks the issuer as the start found it: named %s, callback %s', async (isNamed, iss, expected) => {
    const provider = issuerProvider();
    provider.metadata = { authorizationResponseIssParameterSupported: isNamed };
    const complete = await comeBack(connecting(provider), iss);
    provider.metadata = { authorizationResponseIssParameterSupported: !isNamed };
    const outcome = complete().then(
      ({ credential }) => credential.provider,
      ({ code }) => code,
    );
    expect(await outcome).toBe(expected);
  });

  it('takes the endpoints of the metadata where the operator names another issuer since, and spends no state without them', async () => {
    const deps = connecting(issuerProvider());
    const complete = await comeBack(deps);
    const other = issuerProvider({ issuer: 'https://acme2.example' });
    other.metadata = { tokenEndpoint: 'https://acme2.example/token' };
    other.isUp = false;
    deps.providers.set(other.known);
    await expect(complete()).rejects.toMatchObject({ code: 'provider_rejected' });
    other.isUp = true;
    await complete();
    const [call] = deps.oauth.callsTo('exchangeCode');
    expect(call?.client.profile.tokenEndpoint).toBe('https://acme2.example/token');
  });

  it('spends no state while the key service fails', async () => {
    const deps = connecting(issuerProvider());
    const complete = await comeBack(deps);
    const { open } = deps.sealer;
    deps.sealer.open = async () => Promise.reject(new ServiceError('keys_unavailable'));
    await expect(complete()).rejects.toMatchObject({ code: 'keys_unavailable' });
    deps.sealer.open = open;
    expect((await complete()).credential.provider).toBe('acme');
  });

  /** A device flow that was approved. */
  const approve = async (deps: MemoryDeps) => {
    deps.oauth.script.polls.push({ kind: 'approved', grant: newGrant() });
    const { state } = await startDeviceConnection(deps, { userId: ALICE, provider: 'acme' });
    deps.clock.advance(60_000);
    return () => pollDeviceConnection(deps, { userId: ALICE, state });
  };

  it('polls at the endpoints that the start found, although the metadata is not known any more', async () => {
    const provider = issuerProvider();
    provider.metadata = { ...DEVICE, tokenEndpoint: 'https://acme.example/found' };
    const deps = connecting(provider);
    const poll = await approve(deps);
    provider.isUp = false;
    expect(await poll()).toMatchObject({ status: 'approved' });
    expect(deps.oauth.callsTo('pollDevice')[0]?.client.profile.tokenEndpoint).toBe('https://acme.example/found');
  });

  it('answers a poll with pending while an issuer that the operator names since does not answer', async () => {
    const provider = issuerProvider();
    provider.metadata = DEVICE;
    const deps = connecting(provider);
    const poll = await approve(deps);
    const other = issuerProvider({ issuer: 'https://acme2.example' });
    other.isUp = false;
    deps.providers.set(other.known);
    expect(await poll()).toMatchObject({ status: 'pending' });
    other.isUp = true;
    expect(await poll()).toMatchObject({ status: 'approved' });
  });
});

describe('publishing a provider named by its issuer', () => {
  const publish = async (deps: MemoryDeps) => {
    await publishConfiguration(deps);
    return deps.table.configuration?.providers[0];
  };

  it('reads its metadata, and keeps what was published while the issuer does not answer', async () => {
    const provider = issuerProvider({ displayName: 'Acme' });
    const deps = connecting(provider);
    provider.isUp = false;
    expect(await publish(deps)).toMatchObject({ displayName: 'Acme', device: false });
    provider.isUp = true;
    provider.metadata = DEVICE;
    expect(await publish(deps)).toMatchObject({ displayName: 'Acme', device: true });
    provider.isUp = false;
    expect(await publish(deps)).toMatchObject({ displayName: 'Acme', device: true });
  });
});
