// A strict provider that grants at once and answers late: a grant is worth more than a caller's seconds. While an earlier call
// may still be under way its token is not sent again; after a lost answer it is tried once more, and a refusal says why.
import { describe, expect, it } from 'vitest';
import { type LostAnswer, ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { refreshBudget } from '../../../../lib/domain/refresh/budget.ts';
import { SETTING_BOUNDS } from '../../../../lib/platform.ts';
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
const unavailable = { code: 'refresh_unavailable' };

const slowly = async (kind: 'strict' | 'grace' | 'static' = 'strict'): Promise<Refreshing> => {
  const world = await refreshing({ kind, record: kind === 'static' ? { rotatesRefreshTokens: false } : {} });
  world.deps.budget = refreshBudget(EXCHANGE_MILLISECONDS);
  return world;
};

/** The provider decides when it is asked; only the answer is late, and others ask in between. */
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

/** The provider decides, and the answer never comes. */
const losing = ({ deps, provider }: Refreshing, lostAnswer: LostAnswer): void => {
  deps.oauth.script.refreshed = (token) => {
    deps.oauth.script.refreshed = (next) => provider.exchange(next);
    provider.exchange(token);
    if (lostAnswer === 'timed_out') deps.clock.advance(EXCHANGE_MILLISECONDS);
    return new ProviderFault('transient', { lostAnswer });
  };
};

describe.each([2, 8, 15, 19])('a provider that answers after %i s', (seconds) => {
  it('keeps its grant: the token is sent once, and what comes is stored', async () => {
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

  it('is not asked again meanwhile: others get the token that lives, or are told to wait', async () => {
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

describe('an answer that did not come in time', () => {
  it('leaves the token alone while the provider may be at work on it', async () => {
    const world = await slowly();
    expireToken(world);
    losing(world, 'timed_out');
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ ...unavailable, retryAfterSeconds: 20 });
    world.deps.clock.advance(EXCHANGE_MILLISECONDS - 1);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ ...unavailable, retryAfterSeconds: 1 });
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
    expect(findLease(world.deps)).toMatchObject({ held: false, uncertain: true });
  });

  it('is served with the token that lives until then', async () => {
    const world = await slowly();
    nearlyExpireToken(world);
    losing(world, 'timed_out');
    for (let call = 0; call < 3; call++) expect((await resolveGrant(world.deps)).stale).toBe(true);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });
});

describe.each<[LostAnswer, number]>([
  ['timed_out', EXCHANGE_MILLISECONDS],
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

  it('is tried once more, and a refusal is for that', async () => {
    const world = await lost('strict');
    for (let call = 0; call < 2; call++) {
      const refused = { code: 'reconnect_required', members: { reason: 'uncertain_refresh' } };
      await expect(resolveGrant(world.deps)).rejects.toMatchObject(refused);
    }
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(2);
  });

  it('costs nothing where the token before the last is still taken', async () => {
    expect((await resolveGrant((await lost('grace')).deps)).stale).toBe(false);
  });

  it('is certain where refresh tokens do not rotate, and is tried again soon', async () => {
    const world = await slowly('static');
    expireToken(world);
    losing(world, lostAnswer);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ ...unavailable, retryAfterSeconds: 1 });
    expect(findLease(world.deps)).toMatchObject({ held: false, uncertain: false });
  });
});
