// A lease that expired without a release means that the refresh token may have been used: no refresh while the access token
// is valid, then one attempt, and only its refusal marks the grant, with reason uncertain_refresh.
import { describe, expect, it } from 'vitest';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../../../lib/platform.ts';
import { MINUTE } from '../../../support/builders.ts';
import {
  answering,
  expireToken,
  findLease,
  inOwnProcess,
  nearlyExpireToken,
  putLease,
  type Refreshing,
  readAccessToken,
  refreshing,
  resolveGrant,
  storedGrant,
} from '../../../support/providers/refreshing.ts';

/** A lease that was not released, and is over by every clock. */
const expiredLease = async ({ deps }: Refreshing, rotates = true): Promise<void> => {
  await putLease(deps, {
    id: 'lost',
    tokenRev: (await storedGrant(deps)).credential.secretRev,
    until: deps.clock.now(),
    held: true,
    rotates,
    uncertain: false,
    failures: 0,
  });
  deps.clock.advance(CLOCK_ERROR_MILLISECONDS);
};

describe('an expired lease that was not released', () => {
  it('is not taken over while the access token is valid, which is served as stale', async () => {
    const world = await refreshing();
    nearlyExpireToken(world);
    await expiredLease(world);
    expect(await resolveGrant(world.deps)).toMatchObject({ stale: true });
    expect(world.deps.oauth.calls).toEqual([]);
  });

  it('is taken over at once when the provider does not rotate', async () => {
    const world = await refreshing({ kind: 'static' });
    nearlyExpireToken(world);
    await expiredLease(world, false);
    expect(await resolveGrant(world.deps)).toMatchObject({ stale: false });
  });

  it('is followed by a refresh when the token was not used', async () => {
    const world = await refreshing();
    expireToken(world);
    await expiredLease(world);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
  });

  it('leads to reconnect_required when the token was used, and the token is not sent again', async () => {
    const world = await refreshing();
    expireToken(world);
    world.provider.exchange(world.tokens.refreshToken);
    await expiredLease(world);
    for (let call = 0; call < 2; call++) {
      await expect(resolveGrant(world.deps)).rejects.toMatchObject({
        code: 'reconnect_required',
        members: { reason: 'uncertain_refresh' },
      });
    }
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });

  it('is followed by a refresh when the provider still accepts the previous token', async () => {
    const world = await refreshing({ kind: 'grace' });
    expireToken(world);
    world.provider.exchange(world.tokens.refreshToken);
    await expiredLease(world);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
  });

  it('stays uncertain after a transient failure of the one attempt', async () => {
    const world = await refreshing();
    expireToken(world);
    await expiredLease(world);
    answering(world.deps, new ProviderFault('transient'));
    await resolveGrant(world.deps).catch(() => {});
    expect(findLease(world.deps)).toMatchObject({ held: false, uncertain: true });
    world.deps.clock.advance(MINUTE);
    answering(world.deps, new ProviderFault('dead_grant'));
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ members: { reason: 'uncertain_refresh' } });
  });

  it('stays uncertain when the one attempt could not be made', async () => {
    const world = await refreshing();
    expireToken(world);
    world.provider.exchange(world.tokens.refreshToken);
    await expiredLease(world);
    const { openToReseal } = world.deps.sealer;
    world.deps.sealer.openToReseal = async () => {
      throw new ServiceError('keys_unavailable');
    };
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ code: 'keys_unavailable' });
    world.deps.sealer.openToReseal = openToReseal;
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ members: { reason: 'uncertain_refresh' } });
  });

  it('is answered with the reason that another call stored meanwhile', async () => {
    const world = await refreshing();
    expireToken(world);
    const { markReconnectRequired } = world.deps.refreshes;
    world.deps.refreshes.markReconnectRequired = async (key, secretRev, reason) => {
      await markReconnectRequired(key, secretRev, 'uncertain_refresh');
      return markReconnectRequired(key, secretRev, reason);
    };
    answering(world.deps, new ProviderFault('dead_grant'));
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ members: { reason: 'uncertain_refresh' } });
  });

  it('on another secret is ignored', async () => {
    const world = await refreshing();
    await expiredLease(world);
    const lease = findLease(world.deps);
    if (lease) putLease(world.deps, { ...lease, tokenRev: 'of before' });
    nearlyExpireToken(world);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
  });
});

describe('a holder whose lease has expired', () => {
  it('stores its result while secretRev is the one it exchanged, even over another call’s reconnect_required', async () => {
    const world = await refreshing();
    const { deps } = world;
    expireToken(world);
    const { promise: late, resolve: answer } = Promise.withResolvers<void>();
    let calls = 0;
    deps.oauth.script.meanwhile = async () => {
      if (++calls > 1) return;
      await late;
    };
    const { refreshed } = deps.oauth.script;
    deps.oauth.script.refreshed = (token, client) =>
      calls > 1 && !answered ? new ProviderFault('dead_grant') : (refreshed?.(token, client) as never);
    let answered = false;
    const slow = resolveGrant(deps);
    await new Promise((resolve) => setImmediate(resolve));
    deps.clock.advance(MINUTE);
    await expect(resolveGrant(inOwnProcess(deps))).rejects.toMatchObject({ members: { reason: 'uncertain_refresh' } });
    answered = true;
    answer();
    const token = readAccessToken(await slow);
    const { credential, secret } = await storedGrant(deps);
    expect(credential.brokenReason).toBeNull();
    expect(secret.accessToken).toBe(token);
    expect(readAccessToken(await resolveGrant(deps))).toBe(token);
  });
});
