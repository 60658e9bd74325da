// When resolve refreshes, and what it stores and answers from the provider's reply.
import { describe, expect, it } from 'vitest';
import { ALICE, MINUTE, START } from '../../../support/builders.ts';
import { newGrant } from '../../../support/memory/memory-oauth.ts';
import {
  answering,
  expireToken,
  nearlyExpireToken,
  readAccessToken,
  refreshing,
  resolveGrant,
  resolveGrantNamed,
  storedGrant,
  storeGrant,
} from '../../../support/providers/refreshing.ts';

const DAY = 86_400_000;

describe('resolve of a grant', () => {
  it.each([
    ['above the minimum', 60 * MINUTE - 300_001, 0],
    ['of exactly the minimum', 60 * MINUTE - 300_000, 0],
    ['below the minimum', 60 * MINUTE - 299_999, 1],
    ['of nothing', 60 * MINUTE, 1],
  ])('with remaining lifetime %s makes %s provider calls', async (_, passed, calls) => {
    const { deps } = await refreshing();
    deps.clock.advance(passed);
    const { stale } = await resolveGrant(deps);
    expect([deps.oauth.callsTo('refresh').length, stale]).toEqual([calls, false]);
  });

  it('sends the stored refresh token and no scope parameter', async () => {
    const world = await refreshing();
    expireToken(world);
    await resolveGrant(world.deps);
    expect(world.deps.oauth.callsTo('refresh')).toMatchObject([
      { refreshToken: world.tokens.refreshToken, scopes: [], client: { clientId: 'client-1' } },
    ]);
  });

  it('answers the new token, and stores it with the new refresh token', async () => {
    const world = await refreshing();
    expireToken(world);
    const resolved = await resolveGrant(world.deps);
    const { secret, credential } = await storedGrant(world.deps);
    expect(readAccessToken(resolved)).toBe(secret.accessToken);
    expect(secret.accessToken).not.toBe(world.tokens.accessToken);
    expect(secret.refreshToken).not.toBe(world.tokens.refreshToken);
    expect(world.provider.isAlive(secret.refreshToken ?? '')).toBe(true);
    expect(credential.expiresAt).toBe(world.deps.clock.now() + 60 * MINUTE);
    expect(resolved).toMatchObject({ stale: false, expiresAt: new Date(credential.expiresAt ?? 0).toISOString() });
    expect(resolved.headers).toEqual({ authorization: `Bearer ${secret.accessToken}` });
  });

  it('calls the provider once, then serves the stored token', async () => {
    const world = await refreshing();
    expireToken(world);
    const first = await resolveGrant(world.deps);
    expect(readAccessToken(await resolveGrant(world.deps))).toBe(readAccessToken(first));
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });

  it('keeps id, title, account, createdAt and updatedAt, and changes the row’s version, not the user’s', async () => {
    const world = await refreshing();
    const before = (await storedGrant(world.deps)).credential;
    const userRecord = await world.deps.users.readUserRecord(ALICE);
    expireToken(world);
    const { credential } = await resolveGrant(world.deps);
    const { id, title, username, version, createdAt, updatedAt } = (await storedGrant(world.deps)).credential;
    expect({ id, title, username, createdAt, updatedAt }).toEqual({
      id: before.id,
      title: before.title,
      username: before.username,
      createdAt: before.createdAt,
      updatedAt: before.updatedAt,
    });
    expect([version, credential.version]).toEqual([2, 2]);
    expect(await world.deps.users.readUserRecord(ALICE)).toEqual(userRecord);
  });

  it('keeps the refresh token when the reply has none', async () => {
    const world = await refreshing({ kind: 'static' });
    expireToken(world);
    await resolveGrant(world.deps);
    expect((await storedGrant(world.deps)).secret.refreshToken).toBe(world.tokens.refreshToken);
  });

  it.each([
    ['omits scopes', null, ['read', 'write']],
    ['lists none', [], ['read', 'write']],
    ['lists others', ['read', 'admin'], ['read', 'admin']],
  ])('stores the right scopes when the provider %s', async (_, scopes, held) => {
    const world = await refreshing({ scopes: ['read', 'write'] });
    answering(world.deps, newGrant({ scopes, expiresInSeconds: 3600 }));
    expireToken(world);
    await resolveGrant(world.deps);
    expect((await storedGrant(world.deps)).credential.scopes).toEqual(held);
  });

  it('names the scopes missing after a refresh', async () => {
    const world = await refreshing({ scopes: ['read', 'write'] });
    answering(world.deps, newGrant({ scopes: ['read'], expiresInSeconds: 3600 }));
    expireToken(world);
    await expect(resolveGrant(world.deps, { scopes: ['write'] })).rejects.toMatchObject({
      code: 'insufficient_scopes',
      members: { missingScopes: ['write'] },
    });
  });

  it('does not call the provider for a grant that lacks the scopes', async () => {
    const world = await refreshing({ scopes: ['read'] });
    expireToken(world);
    await expect(resolveGrant(world.deps, { scopes: ['write'] })).rejects.toMatchObject({
      code: 'insufficient_scopes',
    });
    expect(world.deps.oauth.calls).toEqual([]);
  });

  it('does not refresh a token that never expires', async () => {
    const world = await refreshing();
    answering(world.deps, newGrant({ expiresInSeconds: null }));
    expireToken(world);
    await resolveGrant(world.deps);
    world.deps.clock.advance(1000 * DAY);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });

  it.each([
    ['a new refresh token with a lifetime', newGrant({ refreshToken: 'r', refreshTokenExpiresInSeconds: 60 }), 60_000],
    ['a new refresh token without a lifetime', newGrant({ refreshToken: 'r' }), null],
    ['no refresh token', newGrant(), DAY - 60 * MINUTE],
    ['only a refresh token lifetime', newGrant({ refreshTokenExpiresInSeconds: 60 }), 60_000],
  ])('computes from %s when the refresh token expires', async (_, grant, left) => {
    const world = await refreshing({ refreshTokenExpiresAt: START + DAY });
    answering(world.deps, { ...grant, expiresInSeconds: 3600 });
    expireToken(world);
    await resolveGrant(world.deps);
    const { refreshTokenExpiresAt } = (await storedGrant(world.deps)).credential;
    expect(refreshTokenExpiresAt === null ? null : refreshTokenExpiresAt - world.deps.clock.now()).toBe(left);
  });

  it('without a refresh token is stale, then reconnect_required, and the provider is never called', async () => {
    const { deps } = await refreshing();
    await storeGrant(deps, { id: 'bare', accessToken: 'access-bare' });
    const bare = () => resolveGrantNamed(deps, 'bare');
    deps.clock.advance(60 * MINUTE - 1);
    expect((await bare()).stale).toBe(true);
    deps.clock.advance(1);
    await expect(bare()).rejects.toMatchObject({ members: { reason: 'no_refresh_token' } });
    expect(deps.oauth.calls).toEqual([]);
  });

  it('serves a short-lived token as fresh right after its refresh', async () => {
    const world = await refreshing({ expiresInSeconds: 60 });
    expireToken(world);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    world.deps.clock.advance(30_000);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
    world.deps.clock.advance(1);
    await resolveGrant(world.deps);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(2);
  });

  it('counts the lifetime from the request to the provider, not from its answer', async () => {
    const world = await refreshing();
    world.deps.oauth.script.meanwhile = async () => world.deps.clock.advance(4_000);
    expireToken(world);
    const askedAt = world.deps.clock.now();
    await resolveGrant(world.deps);
    expect((await storedGrant(world.deps)).credential.expiresAt).toBe(askedAt + 60 * MINUTE);
  });

  it('records its use once a day, in the refresh’s write when there is one', async () => {
    const world = await refreshing();
    const day = Math.floor(world.deps.clock.now() / DAY);
    await resolveGrant(world.deps);
    expect((await storedGrant(world.deps)).credential).toMatchObject({ usedDay: day, version: 1 });
    const marked = (await storedGrant(world.deps)).credential;
    await resolveGrant(world.deps);
    expect((await storedGrant(world.deps)).credential).toEqual(marked);
    world.deps.clock.advance(DAY);
    await resolveGrant(world.deps);
    expect((await storedGrant(world.deps)).credential).toMatchObject({ usedDay: day + 1, version: 2 });
  });

  it('records the outcome stale for a stale token', async () => {
    const { deps } = await refreshing();
    await storeGrant(deps, { id: 'bare', accessToken: 'access-bare' });
    deps.clock.advance(59 * MINUTE);
    await resolveGrantNamed(deps, 'bare');
    expect(deps.meter.dimensionsFor('Resolves')).toEqual([{ outcome: 'stale' }]);
  });

  it('records the outcome of a refresh', async () => {
    const world = await refreshing();
    nearlyExpireToken(world);
    await resolveGrant(world.deps);
    expect(world.deps.meter.dimensionsFor('Resolves')).toEqual([{ outcome: 'ok' }]);
    expect(world.deps.meter.dimensionsFor('Refreshes')).toEqual([{ provider: 'acme', outcome: 'refreshed' }]);
  });

  it('records the duration of a refresh without the provider call', async () => {
    const world = await refreshing();
    const { openToReseal } = world.deps.sealer;
    world.deps.sealer.openToReseal = async (...given) => {
      world.deps.clock.advance(30);
      return openToReseal(...given);
    };
    world.deps.oauth.script.meanwhile = async () => world.deps.clock.advance(4_000);
    expireToken(world);
    await resolveGrant(world.deps);
    const overheads = world.deps.meter.records.filter(({ name }) => name === 'RefreshOverhead');
    expect(overheads.map(({ value }) => value)).toEqual([30]);
  });
});
