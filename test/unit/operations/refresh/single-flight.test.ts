// Many callers share one refresh, and a change of the grant during the refresh takes precedence over its result.
import { describe, expect, it, vi } from 'vitest';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { renameCredential } from '../../../../lib/operations/credential/rename-credential.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { ALICE, newApiKey, stored } from '../../../support/builders.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';
import {
  answering,
  expireToken,
  findLease,
  GRANT,
  KEY,
  nearlyExpireToken,
  putLease,
  type Refreshing,
  readAccessToken,
  refreshing,
  resolveGrant,
  resolveGrantNamed,
  storedGrant,
  storeGrant,
} from '../../../support/providers/refreshing.ts';

/** Sleeping lets the other calls continue without advancing the clock, so 200 concurrent sleeps take as long as one. */
const takingTurns = ({ deps }: Refreshing): void => {
  deps.sleep = () => new Promise((resolve) => setImmediate(resolve));
};

/** The provider answers only when the test releases it. */
const busyProvider = ({ deps }: Refreshing) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  deps.oauth.script.meanwhile = () => promise;
  return resolve;
};

describe('concurrent callers of an expired access token', () => {
  it('share nothing with those of another credential', async () => {
    const world = await refreshing({ kind: 'grace' });
    const other = world.provider.signIn('grace');
    await storeGrant(world.deps, { ...other, id: 'other' });
    takingTurns(world);
    expireToken(world);
    const answers = await Promise.all([GRANT, 'other'].map((id) => resolveGrantNamed(world.deps, id)));
    expect(answers.map(({ credential }) => credential.id)).toEqual([GRANT, 'other']);
    expect(new Set(answers.map(readAccessToken)).size).toBe(2);
  });

  it('make one provider call and all get its token', async () => {
    const world = await refreshing();
    takingTurns(world);
    const answer = busyProvider(world);
    expireToken(world);
    const callers = Array.from({ length: 200 }, () => resolveGrant(world.deps));
    setImmediate(answer);
    const tokens = new Set((await Promise.all(callers)).map(readAccessToken));
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
    expect([...tokens]).toEqual([(await storedGrant(world.deps)).secret.accessToken]);
  });

  it('wait at most three seconds, then get refresh_unavailable with Retry-After', async () => {
    const world = await refreshing();
    expireToken(world);
    putLease(world.deps, await heldLease(world, 60_000));
    const began = world.deps.clock.now();
    const error = await resolveGrant(world.deps).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'refresh_unavailable', retryAfterSeconds: 1 });
    expect(world.deps.clock.now() - began).toBeGreaterThanOrEqual(3_000);
    expect(world.deps.clock.now() - began).toBeLessThan(3_300);
    expect(world.deps.oauth.calls).toEqual([]);
  });

  it.each([
    [0, [13, 18, 25, 35, 50, 50, 50, 50, 50, 50, 50, 50, 50, 71, 100, 141, 200, 200]],
    [1, [25, 35, 50, 71, 100, 100, 100, 100, 100, 100, 100, 100, 100, 141, 200, 283, 400, 400]],
  ])('poll with short pauses for a second, then with longer ones, jittered by half: %s', async (fraction, pauses) => {
    const world = await refreshing();
    expireToken(world);
    putLease(world.deps, await heldLease(world, 60_000));
    world.deps.random.fraction = () => fraction;
    const slept: number[] = [];
    world.deps.sleep = async (milliseconds) => {
      slept.push(milliseconds);
      world.deps.clock.advance(milliseconds);
    };
    await resolveGrant(world.deps).catch(() => {});
    expect(slept.slice(0, pauses.length).map(Math.round)).toEqual(pauses);
    const waits = world.deps.meter.records.filter(({ name }) => name === 'LeaseWait');
    expect(waits).toHaveLength(1);
    expect(waits[0]?.value).toBeCloseTo(slept.reduce((sum, pause) => sum + pause));
  });

  it('do not poll again after three seconds', async () => {
    const world = await refreshing();
    expireToken(world);
    putLease(world.deps, await heldLease(world, 60_000));
    let looks = 0;
    world.deps.sleep = async () => {
      looks++;
      world.deps.clock.advance(1_000);
    };
    await resolveGrant(world.deps).catch(() => {});
    expect(looks).toBe(3);
  });

  it('get the Retry-After of the refresh they start themselves', async () => {
    const world = await refreshing();
    expireToken(world);
    const lease = await heldLease(world, 60_000);
    putLease(world.deps, lease);
    answering(world.deps, new ProviderFault('transient', { retryAfterSeconds: 30 }));
    const { sleep } = world.deps;
    let given = false;
    world.deps.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      if (!given) putLease(world.deps, { ...lease, held: false, until: world.deps.clock.now() });
      given = true;
    };
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({
      code: 'refresh_unavailable',
      retryAfterSeconds: 30,
    });
  });

  it.each(['no lease', 'a lease on the same secret'])('read the row once when there is %s', async (there) => {
    const world = await refreshing();
    expireToken(world);
    const lease = { ...(await heldLease(world, 0)), held: false };
    if (there !== 'no lease') putLease(world.deps, lease);
    const read = vi.spyOn(world.deps.users, 'readCredential');
    await resolveGrant(world.deps);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it.each<[string, string, (deps: MemoryDeps) => Promise<unknown>]>([
    ['gone', 'not_connected', (deps) => deleteCredential(deps, { userId: ALICE, id: GRANT })],
    [
      'marked reconnect_required',
      'reconnect_required',
      async (deps) => deps.refreshes.markReconnectRequired(KEY, await readSecretRev(deps), 'invalid_grant'),
    ],
  ])('re-read under the lease that the grant is %s, and do not call the provider', async (_, code, change) => {
    const world = await refreshing();
    expireToken(world);
    const { swapLease } = world.deps.refreshes;
    world.deps.refreshes.swapLease = async (key, swap) => {
      if (swap.to.held) await change(world.deps);
      return swapLease(key, swap);
    };
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ code });
    expect(world.deps.oauth.callsTo('refresh')).toEqual([]);
  });

  it('do not wait while the token is valid: it is served as stale', async () => {
    const world = await refreshing();
    nearlyExpireToken(world);
    putLease(world.deps, await heldLease(world, 60_000));
    const began = world.deps.clock.now();
    expect((await resolveGrant(world.deps)).stale).toBe(true);
    expect(world.deps.clock.now()).toBe(began);
  });

  it('accept a token written since they began to wait, however short its lifetime', async () => {
    const world = await refreshing();
    expireToken(world);
    putLease(world.deps, await heldLease(world, 60_000));
    const { sleep } = world.deps;
    world.deps.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      if ((await storedGrant(world.deps)).credential.version === 1) await refreshElsewhere(world, 301_000);
      world.deps.clock.advance(2_000);
    };
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(world.deps.oauth.calls).toEqual([]);
  });

  it('refresh themselves once the lease is released', async () => {
    const world = await refreshing();
    expireToken(world);
    const lease = await heldLease(world, 60_000);
    putLease(world.deps, lease);
    const { sleep } = world.deps;
    world.deps.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      putLease(world.deps, { ...lease, held: false, until: world.deps.clock.now() });
    };
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });

  it('do not replace a lease on a newer secret after a late read', async () => {
    const world = await refreshing();
    expireToken(world);
    const { readLease, swapLease } = world.deps.refreshes;
    const newer = { ...(await heldLease(world, 60_000)), id: 'of the newer', tokenRev: '' };
    world.deps.refreshes.readLease = async (key) => {
      if ((await storedGrant(world.deps)).credential.version === 1) {
        await refreshElsewhere(world, 3_600_000);
        newer.tokenRev = (await storedGrant(world.deps)).credential.secretRev;
        putLease(world.deps, newer);
      }
      return readLease(key);
    };
    let swaps = 0;
    world.deps.refreshes.swapLease = (...given) => {
      swaps++;
      return swapLease(...given);
    };
    expect(readAccessToken(await resolveGrant(world.deps))).toBe('access-elsewhere');
    expect([swaps, findLease(world.deps)?.id]).toEqual([0, 'of the newer']);
  });

  it('re-read under the lease that another call has refreshed, and do not call the provider', async () => {
    const world = await refreshing();
    expireToken(world);
    const { swapLease } = world.deps.refreshes;
    world.deps.refreshes.swapLease = async (...given) => {
      await refreshElsewhere(world, 3_600_000);
      return swapLease(...given);
    };
    expect(readAccessToken(await resolveGrant(world.deps))).toBe('access-elsewhere');
    expect(world.deps.oauth.calls).toEqual([]);
    expect(findLease(world.deps)?.held).toBe(false);
  });
});

const readSecretRev = async (deps: MemoryDeps) => (await storedGrant(deps)).credential.secretRev;

/** A lease on the current grant, held by another call. */
const heldLease = async ({ deps }: Refreshing, milliseconds: number) => ({
  id: 'another',
  tokenRev: (await storedGrant(deps)).credential.secretRev,
  until: deps.clock.now() + milliseconds,
  held: true,
  rotates: true,
  uncertain: false,
  failures: 0,
});

const refreshElsewhere = async ({ deps }: Refreshing, livesMilliseconds: number): Promise<void> => {
  const { credential } = await storedGrant(deps);
  const now = deps.clock.now();
  const { sealContext: bindingOf } = await import('../../../../lib/domain/credential/credential.ts');
  const next = {
    ...credential,
    secretRev: deps.random.uuid(),
    secretStoredAt: now,
    expiresAt: now + livesMilliseconds,
  };
  const { sealed } = await deps.sealer.seal(bindingOf(next), { accessToken: 'access-elsewhere', refreshToken: 'r' });
  await deps.refreshes.storeRefreshed(KEY, credential.secretRev, { ...next, sealed });
};

/** Makes a change during the provider call; returns the result of the resolve. */
const during = async (
  change: (deps: MemoryDeps, world: Refreshing) => Promise<unknown>,
  given: Parameters<typeof refreshing>[0] = {},
) => {
  const world = await refreshing(given);
  world.deps.oauth.script.meanwhile = async ({ to }) => {
    if (to === 'refresh') await change(world.deps, world);
  };
  expireToken(world);
  const outcome = await resolveGrant(world.deps).catch((error: ServiceError) => error.code);
  return { world, outcome };
};

const reconnected = { type: 'oauth2', provider: 'acme', accessToken: 'access-reconnected', scopes: ['read'] } as const;
const replaceWith = (deps: MemoryDeps) =>
  replaceCredential(deps, { userId: ALICE, id: GRANT, credential: { ...reconnected, scopes: ['read'] } });

describe('a change during the provider call', () => {
  it('is kept when it is a reconnection: the caller gets the reconnected token', async () => {
    const { world, outcome } = await during(replaceWith);
    expect(readAccessToken(outcome as never)).toBe('access-reconnected');
    expect((await storedGrant(world.deps)).secret.accessToken).toBe('access-reconnected');
  });

  it('that kept the old refresh token is kept, with the new refresh token in its place', async () => {
    const { world } = await during(replaceWith);
    const { credential, secret } = await storedGrant(world.deps);
    expect(secret).toMatchObject({ accessToken: 'access-reconnected', refreshToken: 'refresh-f0-1' });
    expect(world.provider.isAlive('refresh-f0-1')).toBe(true);
    expect(credential).toMatchObject({ expiresAt: null, brokenReason: null });
  });

  it('with its own refresh token is kept unchanged', async () => {
    const { world } = await during((deps) => {
      const credential = { ...reconnected, scopes: ['read'], refreshToken: 'refresh-reconnected' };
      return replaceCredential(deps, { userId: ALICE, id: GRANT, credential });
    });
    expect((await storedGrant(world.deps)).secret.refreshToken).toBe('refresh-reconnected');
    expect((await storedGrant(world.deps)).credential.version).toBe(2);
  });

  it('that kept a refresh token still valid is left unchanged', async () => {
    const { world } = await during(replaceWith, { kind: 'static' });
    expect((await storedGrant(world.deps)).secret.refreshToken).toBe(world.tokens.refreshToken);
    expect((await storedGrant(world.deps)).credential.version).toBe(2);
  });

  it('is kept when it follows another change during the reconciliation', async () => {
    const { world } = await during(async (deps) => {
      await replaceWith(deps);
      const { storeRefreshed } = deps.refreshes;
      deps.refreshes.storeRefreshed = async (...given) => {
        if (given[1] !== (await storedGrant(deps)).credential.secretRev) return storeRefreshed(...given);
        deps.refreshes.storeRefreshed = storeRefreshed;
        await replaceWith(deps);
        return storeRefreshed(...given);
      };
    });
    const { credential, secret } = await storedGrant(world.deps);
    expect(secret).toMatchObject({ accessToken: 'access-reconnected', refreshToken: 'refresh-f0-1' });
    expect(credential.version).toBe(4);
  });

  it('that keeps the refresh token prevents other calls from sending it', async () => {
    const calls: string[] = [];
    const { outcome, world } = await during(async (deps) => {
      if (calls.push('asked') > 1) return;
      const credential = { ...reconnected, scopes: ['read'], accessTokenExpiresAt: deps.clock.now() };
      await replaceCredential(deps, { userId: ALICE, id: GRANT, credential });
      await resolveGrant(deps).catch((error: ServiceError) => calls.push(error.code));
    });
    expect(calls).toEqual(['asked', 'refresh_unavailable', 'asked']);
    expect(world.deps.oauth.callsTo('refresh').map(({ refreshToken }) => refreshToken)).toEqual([
      'refresh-f0-0',
      'refresh-f0-1',
    ]);
    expect(readAccessToken(outcome as never)).toMatch(/^access-f0-/);
  });

  it('is counted as a conflict', async () => {
    const { world } = await during(replaceWith);
    expect(world.deps.meter.dimensionsFor('Refreshes')).toEqual([{ provider: 'acme', outcome: 'conflict' }]);
  });

  it('that is a reconnection revokes no token: revoking the old ones may end the new', async () => {
    const { world } = await during(replaceWith, { record: { revocationEndpoint: 'https://acme.example/revoke' } });
    expect(world.deps.oauth.callsTo('revoke')).toEqual([]);
  });

  it('that is a deletion is kept, and the tokens stored nowhere are revoked', async () => {
    const { world, outcome } = await during((deps) => deleteCredential(deps, { userId: ALICE, id: GRANT }));
    expect(outcome).toBe('not_connected');
    expect(await world.deps.users.readCredential(ALICE, GRANT)).toBeNull();
  });

  it('that is a deletion: the refresh revokes the tokens the deletion did not see', async () => {
    const world = await refreshing({ record: { revocationEndpoint: 'https://acme.example/revoke' } });
    world.deps.oauth.script.meanwhile = async ({ to }) => {
      if (to === 'refresh') await deleteCredential(world.deps, { userId: ALICE, id: GRANT });
    };
    expireToken(world);
    await resolveGrant(world.deps).catch(() => {});
    const revoked = world.deps.oauth.callsTo('revoke').map(({ token }) => token);
    expect(revoked).toContain(world.tokens.refreshToken);
    expect(revoked).toContain('refresh-f0-1');
  });

  it('that is a deletion and a new grant under the same id is kept, and no token is revoked', async () => {
    const { world, outcome } = await during(async (deps, { provider }) => {
      await deleteCredential(deps, { userId: ALICE, id: GRANT });
      await storeGrant(deps, { ...provider.signIn('strict') });
    });
    expect(readAccessToken(outcome as never)).toMatch(/^access-f1-/);
    expect((await storedGrant(world.deps)).secret.refreshToken).toBe('refresh-f1-0');
    expect(world.deps.oauth.callsTo('revoke')).toEqual([]);
  });

  it('is kept when it is an erasure', async () => {
    const { world, outcome } = await during((deps) => eraseUser(deps, { userId: ALICE }));
    expect(outcome).toBe('not_connected');
    expect(await world.deps.users.readUser(ALICE)).toMatchObject({ rows: [], userRecord: { count: 0 } });
  });

  it('of the title only is kept together with the new token', async () => {
    const { world, outcome } = await during((deps) =>
      renameCredential(deps, { userId: ALICE, id: GRANT, title: 'Renamed' }),
    );
    const { credential, secret } = await storedGrant(world.deps);
    expect(credential).toMatchObject({ title: 'Renamed', version: 3 });
    expect(secret.accessToken).toBe(readAccessToken(outcome as never));
  });

  it('makes resolve choose another credential when there is one', async () => {
    const { outcome } = await during(async (deps) => {
      await deleteCredential(deps, { userId: ALICE, id: GRANT });
      await stored(deps, newApiKey({ provider: 'acme', apiKey: 'key-2' }));
    });
    expect((outcome as { credential: { secret: unknown } }).credential.secret).toEqual({ apiKey: 'key-2' });
  });

  it('that repeats without end is given up in bounded time', async () => {
    const world = await refreshing();
    world.deps.oauth.script.meanwhile = async () => {
      await refreshElsewhere(world, -1);
    };
    expireToken(world);
    await expect(resolveGrantNamed(world.deps, GRANT)).rejects.toBeInstanceOf(ServiceError);
    expect(world.deps.oauth.callsTo('refresh').length).toBeLessThanOrEqual(5);
  });

  it.each([
    [10_000, 3],
    [14_250, 2],
  ])('that comes every %i ms is read %i times, until the time limit', async (milliseconds, times) => {
    const world = await refreshing();
    expireToken(world);
    const { swapLease } = world.deps.refreshes;
    let leases = 0;
    world.deps.refreshes.swapLease = async (key, swap) => {
      if (!swap.to.held) return swapLease(key, swap);
      leases++;
      await refreshElsewhere(world, -1);
      world.deps.clock.advance(milliseconds);
      return swapLease(key, swap);
    };
    await expect(resolveGrantNamed(world.deps, GRANT)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    expect(leases).toBe(times);
  });
});
