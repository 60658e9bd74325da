// A strict provider that rotates at once and answers late: keeping the grant matters more than latency. While an earlier call
// may still be in progress its token is not sent again; after a lost answer one retry follows, and a refusal marks the grant.
import { describe, expect, it } from 'vitest';
import { type LostAnswer, ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { refreshBudget } from '../../../../lib/domain/refresh/budget.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { CLOCK_ERROR_MILLISECONDS, SETTING_BOUNDS } from '../../../../lib/platform.ts';
import {
  expireToken,
  findLease,
  nearlyExpireToken,
  type Refreshing,
  readAccessToken,
  refreshing,
  resolveGrant,
  storedGrant,
} from '../../../support/providers/refreshing.ts';

const EXCHANGE_MILLISECONDS = SETTING_BOUNDS.EXCHANGE_TIMEOUT_MS.max;
/** Its own time limit again, by the clock of the caller and by that of the next. */
const UNDER_WAY_MILLISECONDS = EXCHANGE_MILLISECONDS + 2 * CLOCK_ERROR_MILLISECONDS;
const unavailable = { code: 'refresh_unavailable' };

const slowly = async (kind: 'strict' | 'grace' | 'static' = 'strict'): Promise<Refreshing> => {
  const world = await refreshing({ kind, record: kind === 'static' ? { rotatesRefreshTokens: false } : {} });
  world.deps.budget = refreshBudget(EXCHANGE_MILLISECONDS);
  return world;
};

/** The provider rotates at the request; only the answer is late, and other calls resolve in between. */
const answeringAfter = ({ deps, provider }: Refreshing, milliseconds: number, meanwhile = async () => {}): void => {
  deps.oauth.script.meanwhile = async () => {
    deps.oauth.script.meanwhile = async () => undefined;
    const refreshToken = deps.oauth.callsTo('refresh').at(-1)?.refreshToken ?? '';
    const granted = provider.exchange(refreshToken);
    await meanwhile();
    deps.clock.advance(milliseconds);
    deps.oauth.script.refreshed = (token) => {
      deps.oauth.script.refreshed = (next) => provider.exchange(next);
      return token === refreshToken ? granted : provider.exchange(token);
    };
  };
};

/** The provider rotates, and the answer is lost. */
const losing = ({ deps, provider }: Refreshing, lostAnswer: LostAnswer): void => {
  deps.oauth.script.refreshed = (token) => {
    deps.oauth.script.refreshed = (next) => provider.exchange(next);
    provider.exchange(token);
    if (lostAnswer === 'timed_out') deps.clock.advance(EXCHANGE_MILLISECONDS);
    return new ProviderFault('transient', { lostAnswer });
  };
};

describe.each([2, 8, 15, 19])('a provider that answers after %i s', (seconds) => {
  it('keeps its grant: the refresh token is sent once, and the new tokens are stored', async () => {
    const world = await slowly();
    expireToken(world);
    answeringAfter(world, seconds * 1000);
    const resolved = await resolveGrant(world.deps);
    expect(resolved.stale).toBe(false);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
    const { secret } = await storedGrant(world.deps);
    expect(secret.accessToken).toBe(readAccessToken(resolved));
    expect(world.provider.works(secret.accessToken)).toBe(true);
    expect(world.provider.isAlive(secret.refreshToken ?? '')).toBe(true);
  });

  it('is not called again meanwhile: other calls get the valid token or refresh_unavailable', async () => {
    const world = await slowly();
    nearlyExpireToken(world);
    let stale: boolean | null = null;
    answeringAfter(world, seconds * 1000, async () => {
      stale = (await resolveGrant(world.deps)).stale;
    });
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(stale).toBe(true);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });
});

/** The table refuses the next writes that release a lease. */
const failToRelease = ({ deps }: Refreshing, times: number): { refused: () => number } => {
  const { swapLease } = deps.refreshes;
  let refused = 0;
  deps.refreshes.swapLease = async (key, swap) => {
    if (swap.to.held || refused === times) return swapLease(key, swap);
    refused += 1;
    throw new ServiceError('store_unavailable');
  };
  return { refused: () => refused };
};

describe('a provider call that timed out', () => {
  it('is noted although the table refuses the note at first', async () => {
    const world = await slowly();
    expireToken(world);
    losing(world, 'timed_out');
    failToRelease(world, 10);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject(unavailable);
    expect(findLease(world.deps)).toMatchObject({ held: false, uncertain: true });
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });

  it('is noted until its lease ends, not longer', async () => {
    const world = await slowly();
    expireToken(world);
    losing(world, 'timed_out');
    const { refused } = failToRelease(world, Number.POSITIVE_INFINITY);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject(unavailable);
    expect(findLease(world.deps)).toMatchObject({ held: true });
    expect(refused()).toBeGreaterThan(10);
    expect(world.deps.clock.now()).toBeLessThan(findLease(world.deps)?.until ?? 0);
  });

  it.each(['grace', 'static'] as const)('is noted in one attempt where nothing is at stake: %s', async (kind) => {
    const world = await slowly(kind);
    expireToken(world);
    losing(world, kind === 'static' ? 'timed_out' : 'cut');
    const { refused } = failToRelease(world, Number.POSITIVE_INFINITY);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject(unavailable);
    expect(refused()).toBe(1);
  });

  it('does not send the token again while the provider may still process it', async () => {
    const world = await slowly();
    expireToken(world);
    losing(world, 'timed_out');
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ ...unavailable, retryAfterSeconds: 25 });
    world.deps.clock.advance(UNDER_WAY_MILLISECONDS - 1);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ ...unavailable, retryAfterSeconds: 1 });
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
    expect(findLease(world.deps)).toMatchObject({ held: false, uncertain: true });
  });

  it('serves the valid token as stale until then', async () => {
    const world = await slowly();
    nearlyExpireToken(world);
    losing(world, 'timed_out');
    for (let call = 0; call < 3; call++) expect((await resolveGrant(world.deps)).stale).toBe(true);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });
});

describe.each<[LostAnswer, number]>([
  ['timed_out', UNDER_WAY_MILLISECONDS],
  ['cut', 1_000],
])('an answer that was lost: %s', (lostAnswer, milliseconds) => {
  const lost = async (kind: 'strict' | 'grace' | 'static') => {
    const world = await slowly(kind);
    expireToken(world);
    losing(world, lostAnswer);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject(unavailable);
    world.deps.clock.advance(milliseconds);
    return world;
  };

  it('is retried once, and a refusal marks the grant uncertain_refresh', async () => {
    const world = await lost('strict');
    for (let call = 0; call < 2; call++) {
      const refused = { code: 'reconnect_required', members: { reason: 'uncertain_refresh' } };
      await expect(resolveGrant(world.deps)).rejects.toMatchObject(refused);
    }
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(2);
  });

  it('is retried with success when the provider still accepts the previous token', async () => {
    expect((await resolveGrant((await lost('grace')).deps)).stale).toBe(false);
  });

  it('is retried soon, without doubt, when refresh tokens do not rotate', async () => {
    const world = await slowly('static');
    expireToken(world);
    losing(world, lostAnswer);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ ...unavailable, retryAfterSeconds: 1 });
    expect(findLease(world.deps)).toMatchObject({ held: false, uncertain: false });
  });
});
