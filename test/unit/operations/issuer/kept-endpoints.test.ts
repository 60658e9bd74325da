// A grant of a provider named by its issuer keeps what the metadata named: whatever becomes of the issuer, it is refreshed and revoked
// where it was issued, and nowhere else.
import { describe, expect, it } from 'vitest';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../../../lib/domain/ports/provider-directory.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import { ALICE, newOAuth2 } from '../../../support/builders.ts';
import { type IssuerProvider, issuerProvider } from '../../../support/memory/issuer-provider.ts';
import { newGrant } from '../../../support/memory/memory-oauth.ts';
import {
  expireToken,
  GRANT,
  type Refreshing,
  refreshing,
  resolveGrant,
  storedGrant,
} from '../../../support/providers/refreshing.ts';

const HOME = 'https://acme.example';
const MOVED = { tokenEndpoint: `${HOME}/v2/token` };
const ELSEWHERE = { tokenEndpoint: 'https://elsewhere.example/token' };
const UNAVAILABLE = { code: 'refresh_unavailable' };

/** A grant that was refreshed once, whose token has expired again. */
const keeping = async (provider: IssuerProvider): Promise<Refreshing> => {
  const world = await refreshing();
  world.deps.providers.set(provider.known);
  expireToken(world);
  await resolveGrant(world.deps);
  world.deps.oauth.calls.length = 0;
  expireToken(world);
  provider.reads.all = 0;
  return world;
};

const endpoints = ({ deps }: Refreshing) =>
  deps.oauth.callsTo('refresh').map(({ client }) => client.profile.refreshEndpoint);

const withSecret = ({ client, ...known }: KnownProvider, secret: string): KnownProvider => ({
  ...known,
  client: client && { ...client, clientSecret: new Secret(secret) },
});

describe('a grant that keeps the endpoints of its issuer', () => {
  it('has them under the seal, with the issuer', async () => {
    const world = await keeping(issuerProvider());
    expect((await storedGrant(world.deps)).secret).toMatchObject({
      issuerEndpoints: {
        issuer: HOME,
        tokenEndpoint: `${HOME}/token`,
        revocationEndpoint: null,
        clientAuthMethods: null,
      },
    });
  });

  it('is refreshed without a question to the issuer, which does not answer', async () => {
    const provider = issuerProvider();
    const world = await keeping(provider);
    provider.isUp = false;
    for (let round = 1; round <= 5; round += 1) {
      expect((await resolveGrant(world.deps)).stale).toBe(false);
      expect(endpoints(world)).toHaveLength(round);
      expireToken(world);
    }
    expect(new Set(endpoints(world))).toEqual(new Set([`${HOME}/token`]));
    expect(provider.reads.all).toBe(0);
  });

  it('is revoked without a question to the issuer', async () => {
    const provider = issuerProvider();
    provider.metadata = { revocationEndpoint: `${HOME}/revoke` };
    const world = await keeping(provider);
    provider.isUp = false;
    expect(await deleteCredential(world.deps, { userId: ALICE, id: GRANT })).toMatchObject({ revoked: true });
    expect(world.deps.oauth.callsTo('revoke')[0]?.client.profile.revocationEndpoint).toBe(`${HOME}/revoke`);
    expect(provider.reads.all).toBe(0);
  });

  it.each([404, 410, 308])('is sent again to the present endpoint where the kept one answers %i', async (status) => {
    const provider = issuerProvider();
    const world = await keeping(provider);
    provider.metadata = MOVED;
    world.deps.oauth.script.refreshed = (_token, { profile }) =>
      profile.refreshEndpoint === MOVED.tokenEndpoint
        ? newGrant({ refreshToken: 'refresh-2' })
        : new ProviderFault('transient', { status });
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(endpoints(world)).toEqual([`${HOME}/token`, MOVED.tokenEndpoint]);
    expect((await storedGrant(world.deps)).secret).toMatchObject({ issuerEndpoints: MOVED });
  });

  it('is sent once where the issuer is in trouble, not its endpoint', async () => {
    const provider = issuerProvider();
    const world = await keeping(provider);
    provider.metadata = MOVED;
    world.deps.oauth.script.refreshed = () => new ProviderFault('transient', { status: 503 });
    await expect(resolveGrant(world.deps)).rejects.toMatchObject(UNAVAILABLE);
    expect(endpoints(world)).toEqual([`${HOME}/token`]);
    expect(provider.reads.all).toBe(0);
  });

  it('is sent to no other origin that the metadata names, even where the kept endpoint refuses the client', async () => {
    const provider = issuerProvider();
    const world = await keeping(provider);
    provider.metadata = ELSEWHERE;
    world.deps.oauth.script.refreshed = () => new ProviderFault('client_fault', { status: 401 });
    await expect(resolveGrant(world.deps)).rejects.toMatchObject(UNAVAILABLE);
    expect(endpoints(world)).toEqual([`${HOME}/token`]);
    expect((await storedGrant(world.deps)).credential.brokenReason).toBeNull();
  });

  it('goes to another origin once the operator says that the provider moved there', async () => {
    const provider = issuerProvider();
    const world = await keeping(provider);
    const moved = issuerProvider({ formerTokenOrigins: [HOME] });
    moved.metadata = ELSEWHERE;
    world.deps.providers.set(moved.known);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(endpoints(world)).toEqual([ELSEWHERE.tokenEndpoint]);
    expect((await storedGrant(world.deps)).secret).toMatchObject({
      tokenOrigin: 'https://elsewhere.example',
      issuerEndpoints: ELSEWHERE,
    });
  });

  it('takes the operator’s new secret while the issuer does not answer', async () => {
    const provider = issuerProvider();
    const world = await keeping(provider);
    provider.isUp = false;
    const { providers, oauth } = world.deps;
    const rotated = withSecret(provider.known, 'rotated');
    providers.findPastCache = async () => rotated;
    oauth.script.refreshed = (_token, { clientSecret }) =>
      clientSecret?.expose() === 'rotated'
        ? newGrant({ refreshToken: 'refresh-2' })
        : new ProviderFault('client_fault', { status: 401 });
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(endpoints(world)).toEqual([`${HOME}/token`, `${HOME}/token`]);
  });

  it('does not use what another issuer named, and is sent nowhere', async () => {
    const world = await keeping(issuerProvider());
    const other = issuerProvider({ issuer: 'https://elsewhere.example' });
    other.metadata = ELSEWHERE;
    world.deps.providers.set(other.known);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject(UNAVAILABLE);
    expect(endpoints(world)).toEqual([]);
    expect((await storedGrant(world.deps)).credential.brokenReason).toBeNull();
  });

  it('keeps them when a caller replaces the access token alone', async () => {
    const provider = issuerProvider();
    const world = await keeping(provider);
    provider.isUp = false;
    const credential = {
      ...newOAuth2({ provider: 'acme', accessToken: 'access-by-hand', scopes: ['read'] }),
      refreshToken: undefined,
    };
    await replaceCredential(world.deps, { userId: ALICE, id: GRANT, credential });
    expect((await storedGrant(world.deps)).secret).toMatchObject({ issuerEndpoints: { issuer: HOME } });
  });

  it('is answered with the address of its API while an issuer at another origin does not answer', async () => {
    const provider = issuerProvider({ apiBaseUrl: 'https://api.acme.example', issuer: 'https://id.acme.example' });
    const world = await keeping(provider);
    provider.isUp = false;
    expect((await resolveGrant(world.deps)).baseUrl).toBe('https://api.acme.example');
  });
});
