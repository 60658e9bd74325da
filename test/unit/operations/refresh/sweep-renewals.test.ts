// Which grants the sweep renews, and that one failing grant does not prevent the renewal of the others.
import { describe, expect, it, vi } from 'vitest';
import type { DueCredential } from '../../../../lib/domain/ports/credential-refresh-store.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { refreshTokenRev } from '../../../../lib/domain/refresh/lease.ts';
import { planRenewal, type RenewalPolicy } from '../../../../lib/domain/refresh/schedule.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { sweepRenewals, sweepUntilDone } from '../../../../lib/operations/refresh/sweep-renewals.ts';
import { openCredential } from '../../../../lib/steps/credential/open-credential.ts';
import { ALICE, MINUTE } from '../../../support/builders.ts';
import { findUser } from '../../../support/memory/memory-table.ts';
import {
  GRANT,
  KEY,
  type Refreshing,
  refreshing,
  resolveGrant,
  resolveGrantNamed,
  storedGrant,
  storeGrant,
} from '../../../support/providers/refreshing.ts';

const DAY = 86_400_000;
const refreshes = ({ deps }: Refreshing) => deps.oauth.callsTo('refresh').length;

/** In use, one minute before the token expires. */
const due = async (given: Parameters<typeof refreshing>[0] = {}): Promise<Refreshing> => {
  const world = await refreshing(given);
  await resolveGrant(world.deps);
  world.deps.clock.advance(59 * MINUTE);
  return world;
};

describe('sweepRenewals', () => {
  it('renews a grant in use before it expires, so that no caller waits', async () => {
    const world = await due();
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 1, hasMore: false });
    expect(refreshes(world)).toBe(1);
    await resolveGrant(world.deps);
    expect(refreshes(world)).toBe(1);
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 0, notDue: 0 });
  });

  it('does not renew a grant that is not due', async () => {
    const world = await refreshing();
    await resolveGrant(world.deps);
    world.deps.clock.advance(30 * MINUTE);
    expect(await sweepRenewals(world.deps)).toEqual({
      refreshed: 0,
      notDue: 0,
      postponed: 0,
      unusable: 0,
      hasMore: false,
    });
  });

  it('does not read a grant that was never used', async () => {
    const world = await refreshing();
    world.deps.clock.advance(59 * MINUTE);
    await sweepRenewals(world.deps);
    expect(refreshes(world)).toBe(0);
  });

  it('renews for seven days after the last use, then stops', async () => {
    const world = await due();
    for (let hour = 0; hour < 9 * 24; hour++) {
      await sweepRenewals(world.deps);
      world.deps.clock.advance(50 * MINUTE);
    }
    const days = (refreshes(world) * 50) / (24 * 60);
    expect(days).toBeGreaterThan(6);
    expect(days).toBeLessThan(7.1);
    expect((await storedGrant(world.deps)).credential.dueAt).toBeNull();
  });

  it('renews an unused grant before its refresh token expires', async () => {
    const world = await refreshing({ refreshTokenExpiresAt: Date.UTC(2030, 0, 1) + 30 * DAY });
    world.deps.clock.advance(28 * DAY);
    await sweepRenewals(world.deps);
    expect(refreshes(world)).toBe(0);
    world.deps.clock.advance(1.9 * DAY);
    await sweepRenewals(world.deps);
    expect(refreshes(world)).toBe(1);
  });

  it('renews a refresh token with a fixed expiry fewer than twelve times in 40 days', async () => {
    const world = await refreshing({ kind: 'static', refreshTokenExpiresAt: Date.UTC(2030, 0, 1) + 30 * DAY });
    for (let step = 0; step < 40 * 24; step++) {
      await sweepRenewals(world.deps);
      world.deps.clock.advance(60 * MINUTE);
    }
    expect(refreshes(world)).toBeGreaterThan(0);
    expect(refreshes(world)).toBeLessThan(12);
  });

  it('continues past a grant refused with invalid_grant and does not read it again', async () => {
    const world = await due();
    const { refreshed } = world.deps.oauth.script;
    for (let grant = 0; grant < 30; grant++) {
      const [id, tokens] = [`other-${grant}`, world.provider.signIn('strict')];
      // Never five in a row, which would stop the marking.
      if (grant % 4 === 3) world.provider.revoke(tokens.refreshToken);
      await storeGrant(world.deps, { id, ...tokens, livesMilliseconds: 60 * MINUTE });
      await resolveGrantNamed(world.deps, id);
    }
    world.deps.oauth.script.refreshed = refreshed;
    world.deps.clock.advance(59 * MINUTE);
    const swept = await sweepRenewals(world.deps);
    expect(swept).toMatchObject({ refreshed: 24, unusable: 7, postponed: 0 });
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 0, unusable: 0, notDue: 0 });
  });

  it('postpones failed grants, and calls an unavailable provider a few times only', async () => {
    const world = await due();
    world.deps.oauth.script.refreshed = () => new ProviderFault('transient');
    for (let grant = 0; grant < 30; grant++) {
      await storeGrant(world.deps, { id: `g${grant}`, ...world.provider.signIn('strict') });
      await resolveGrantNamed(world.deps, `g${grant}`);
    }
    world.deps.clock.advance(59 * MINUTE);
    expect(await sweepRenewals(world.deps)).toMatchObject({ postponed: 31 });
    expect(refreshes(world)).toBeLessThan(20);
    const asked = refreshes(world);
    expect(await sweepRenewals(world.deps)).toMatchObject({ postponed: 0, notDue: 0 });
    expect(refreshes(world)).toBe(asked);
    world.deps.clock.advance(10 * MINUTE);
    expect(await sweepRenewals(world.deps)).toMatchObject({ postponed: 31 });
  });

  it('decides by the row, not by the index', async () => {
    const world = await due();
    const { findDue } = world.deps.refreshes;
    const seen = await Promise.all(
      Array.from({ length: 16 }, (_, shard) => findDue(`DUE#${shard}`, Number.MAX_SAFE_INTEGER)),
    );
    const credentials = seen.flatMap((page) => page.credentials);
    await sweepRenewals(world.deps);
    world.deps.refreshes.findDue = async (shard) => ({ credentials: shard === 'DUE#0' ? credentials : [], next: null });
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 0, notDue: 1 });
    findUser(world.deps.table, ALICE).credentials.delete(GRANT);
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 0, unusable: 1 });
    expect(refreshes(world)).toBe(1);
  });

  it('skips a grant whose lease is held', async () => {
    const world = await due();
    const { secretRev } = (await storedGrant(world.deps)).credential;
    const until = world.deps.clock.now() + MINUTE;
    const lease = { id: 'x', tokenRev: secretRev, until, held: true, rotates: true, uncertain: false, failures: 0 };
    await world.deps.refreshes.swapLease(KEY, { from: null, to: lease, ttlSeconds: 1 });
    const { dueAt } = (await storedGrant(world.deps)).credential;
    expect(await sweepRenewals(world.deps)).toMatchObject({ notDue: 1 });
    expect(refreshes(world)).toBe(0);
    expect((await storedGrant(world.deps)).credential.dueAt).toBe(dueAt);
  });

  it('ends within its time, reports that there is more, and the next run continues', async () => {
    const world = await due();
    for (let grant = 0; grant < 60; grant++) {
      await storeGrant(world.deps, { id: `g${grant}`, ...world.provider.signIn('strict') });
      await resolveGrantNamed(world.deps, `g${grant}`);
    }
    world.deps.clock.advance(59 * MINUTE);
    slowly(world, 9_000);
    const began = world.deps.clock.now();
    expect((await sweepRenewals(world.deps)).hasMore).toBe(true);
    expect(world.deps.clock.now() - began).toBeLessThan(29_000);
    for (let run = 0; run < 10; run++) await sweepRenewals(world.deps);
    expect(refreshes(world)).toBe(61);
  });

  it('continues when one row cannot be read now', async () => {
    const world = await due();
    await storeGrant(world.deps, { id: 'second', ...world.provider.signIn('strict') });
    await resolveGrantNamed(world.deps, 'second');
    world.deps.clock.advance(59 * MINUTE);
    const { readCredential } = world.deps.users;
    world.deps.users.readCredential = async (userId, id) => {
      if (id === GRANT) throw new ServiceError('store_unavailable');
      return readCredential(userId, id);
    };
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 1, postponed: 1 });
  });

  it('records its lag', async () => {
    const world = await due();
    await sweepRenewals(world.deps);
    const [lag] = world.deps.meter.records.filter(({ name }) => name === 'SweepLag');
    expect(lag?.value).toBeGreaterThan(0);
    expect(lag?.value).toBeLessThan(59 * 60);
  });
});

/** Each provider call takes the given time; concurrent calls overlap. */
const slowly = ({ deps }: Refreshing, milliseconds: number): void => {
  deps.oauth.script.meanwhile = async () => {
    const end = deps.clock.now() + milliseconds;
    await new Promise((resolve) => setImmediate(resolve));
    if (deps.clock.now() < end) deps.clock.set(end);
  };
};

/** The index as it was when it named these grants: in pages of so many, in the first shard. */
const indexNames = ({ deps }: Refreshing, grants: readonly DueCredential[], pageSize = grants.length): void => {
  deps.refreshes.findDue = async (shard, _until, after = '0') => {
    if (shard !== 'DUE#0') return { credentials: [], next: null };
    const end = Number(after) + pageSize;
    return { credentials: grants.slice(Number(after), end), next: end < grants.length ? String(end) : null };
  };
};

const many = async (world: Refreshing, count: number): Promise<DueCredential[]> => {
  const ids = Array.from({ length: count }, (_, number) => `g${number}`);
  for (const id of ids) {
    await storeGrant(world.deps, { id, ...world.provider.signIn('strict') });
    await resolveGrantNamed(world.deps, id);
  }
  world.deps.clock.advance(59 * MINUTE);
  return ids.map((credentialId) => ({ userId: ALICE, credentialId, dueAt: 0 }));
};

describe('the due time in the index', () => {
  const named: DueCredential[] = [{ ...KEY, dueAt: 0 }];
  const readDueAt = async ({ deps }: Refreshing) => (await storedGrant(deps)).credential.dueAt;

  it.each([
    [-1, 0],
    [0, 1],
  ])('takes effect at exactly the row’s dueAt: %i ms after it, %i refreshed', async (after, refreshed) => {
    const world = await refreshing();
    await resolveGrant(world.deps);
    const dueAt = await readDueAt(world);
    world.deps.clock.set((dueAt ?? 0) + after);
    indexNames(world, named);
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed, notDue: 1 - refreshed });
    if (refreshed === 0) expect(await readDueAt(world)).toBe(dueAt);
  });

  it.each(['that is due nowhere', 'that is due later'])('does not reschedule a row %s', async (which) => {
    const world = await refreshing();
    if (which === 'that is due later') await resolveGrant(world.deps);
    const move = vi.spyOn(world.deps.refreshes, 'rescheduleRenewal');
    indexNames(world, named);
    expect(await sweepRenewals(world.deps)).toMatchObject({ notDue: 1 });
    expect(move).not.toHaveBeenCalled();
  });

  it.each([
    [-1, 0],
    [0, 1],
  ])(
    'is checked against the earliest that the grant can be due: %i ms after it, %i refreshed',
    async (after, refreshed) => {
      const world = await refreshing();
      await resolveGrant(world.deps);
      const policy: RenewalPolicy & { fraction: number } = { ...world.deps.limits, fraction: 1 };
      const { credential } = await storedGrant(world.deps);
      const earliest = planRenewal(credential, world.deps.clock.now(), policy);
      await world.deps.refreshes.rescheduleRenewal(KEY, credential.dueAt ?? 0, {
        dueShard: 'DUE#0',
        dueAt: world.deps.clock.now(),
      });
      world.deps.clock.set((earliest?.dueAt ?? 0) + after);
      expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed, notDue: 1 - refreshed });
      if (refreshed === 0) expect(await readDueAt(world)).toBe(earliest?.dueAt);
    },
  );
});

describe('a grant that the sweep cannot renew now', () => {
  it.each<[string, (world: Refreshing) => object]>([
    [
      'the provider does not answer',
      ({ deps }) => Object.assign(deps.oauth.script, { refreshed: () => new ProviderFault('transient') }),
    ],
    ['its secret cannot be read', ({ deps }) => Object.assign(deps.sealer, { openToReseal: unreadable })],
  ])('is due again in five to ten minutes when %s', async (_, breakIt) => {
    const world = await due();
    breakIt(world);
    world.deps.random.fraction = () => 0.5;
    expect(await sweepRenewals(world.deps)).toMatchObject({ postponed: 1 });
    const row = await world.deps.users.readCredential(ALICE, GRANT);
    expect(row?.readable && row.credential.dueAt).toBe(world.deps.clock.now() + 450_000);
  });

  it('ends the run when the error is a bug', async () => {
    const world = await due();
    world.deps.oauth.refresh = async () => {
      throw new TypeError('a bug');
    };
    await expect(sweepRenewals(world.deps)).rejects.toThrow('a bug');
  });

  it('stops the calls to its provider in this run after five in a row', async () => {
    const world = await refreshing();
    indexNames(world, await many(world, 60), 1);
    world.deps.oauth.script.refreshed = () => new ProviderFault('transient');
    expect(await sweepRenewals(world.deps)).toMatchObject({ postponed: 60 });
    // Those under way when the fifth failed are not taken back.
    expect(refreshes(world)).toBeLessThan(5 + 10);
  });
});

/** 40 of them fail, each for the given reason, and all are due beside 400 that nothing is wrong with. */
const withBad = async (answer: () => ProviderFault | null): Promise<Refreshing & { bad: Set<string> }> => {
  const world = await refreshing();
  const grants = await many(world, 440);
  const bad = new Set(grants.filter((_, place) => place % 11 === 0).map(({ credentialId }) => credentialId));
  const spent = new Set<string>();
  for (const id of bad) {
    const row = await world.deps.users.readCredential(ALICE, id);
    const secret = row?.readable ? await openCredential(world.deps, row.credential) : {};
    if ('refreshToken' in secret) spent.add(String(secret.refreshToken));
  }
  world.deps.oauth.script.refreshed = (token) => (spent.has(token) ? answer() : null) ?? world.provider.exchange(token);
  return { ...world, bad };
};

/** The bad ones are looked at first. */
const badFirst = ({ deps, bad }: Refreshing & { bad: Set<string> }): void => {
  const grants = Array.from({ length: 440 }, (_, number) => ({ userId: ALICE, credentialId: `g${number}`, dueAt: 0 }));
  const isBad = (grant: DueCredential) => Number(bad.has(grant.credentialId));
  indexNames(
    { deps } as Refreshing,
    grants.toSorted((a, b) => isBad(b) - isBad(a)),
    50,
  );
};

describe('40 failing grants do not prevent the renewal of 400 healthy ones', () => {
  it.each(['dead_grant', 'denied', 'client_fault', 'rejected'] as const)(
    'when the provider answers %s',
    async (kind) => {
      const world = await withBad(() => new ProviderFault(kind));
      badFirst(world);
      expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 400, hasMore: false });
    },
  );

  it('when their provider is not configured', async () => {
    const world = await withBad(() => null);
    badFirst(world);
    const { readCredential } = world.deps.users;
    world.deps.users.readCredential = async (userId, id) => {
      const row = await readCredential(userId, id);
      if (!row?.readable || !world.bad.has(id)) return row;
      return { ...row, credential: { ...row.credential, provider: 'gone' } };
    };
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 400, postponed: 40 });
  });

  it('when their secrets cannot be decrypted', async () => {
    const world = await withBad(() => null);
    badFirst(world);
    const { openToReseal } = world.deps.sealer;
    world.deps.sealer.openToReseal = async (context, sealed) =>
      'credentialId' in context && world.bad.has(context.credentialId) ? unreadable() : openToReseal(context, sealed);
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 400, postponed: 40 });
  });

  it('when they are backing off', async () => {
    const world = await withBad(() => null);
    badFirst(world);
    const until = world.deps.clock.now() + MINUTE;
    for (const credentialId of world.bad) {
      const row = await world.deps.users.readCredential(ALICE, credentialId);
      const tokenRev = row?.readable ? refreshTokenRev(row.credential) : '';
      const lease = { id: 'x', tokenRev, until, held: false, rotates: true, uncertain: false, failures: 3 };
      await world.deps.refreshes.swapLease({ userId: ALICE, credentialId }, { from: null, to: lease, ttlSeconds: 1 });
    }
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 400, postponed: 40 });
  });

  it('when their tenants do not answer, while the provider answers others in between', async () => {
    const world = await withBad(() => new ProviderFault('transient'));
    const grants = [...Array(440).keys()].map((number) => ({ userId: ALICE, credentialId: `g${number}`, dueAt: 0 }));
    indexNames(world, grants, 50);
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 400, postponed: 40 });
  });
});

describe('runs are chained', () => {
  it('while work is left, and stop when none is', async () => {
    const world = await refreshing();
    indexNames(world, await many(world, 100));
    slowly(world, 9_000);
    expect((await sweepRenewals(world.deps)).hasMore).toBe(true);
    const left = 100 - refreshes(world);
    expect(await sweepUntilDone(world.deps)).toMatchObject({ refreshed: left, hasMore: false });
    expect(world.deps.meter.records.filter(({ name }) => name === 'SweepLag').length).toBeGreaterThan(3);
  });

  it('ten times at most', async () => {
    const { deps } = await refreshing();
    deps.refreshes.findDue = async (shard) => {
      deps.clock.advance(20_000);
      return { credentials: shard === 'DUE#0' ? [{ ...KEY, dueAt: 0 }] : [], next: null };
    };
    expect((await sweepUntilDone(deps)).hasMore).toBe(true);
    expect(deps.meter.records.filter(({ name }) => name === 'SweepLag')).toHaveLength(10);
  });

  it('and each records its end, with a lag of 0 when nothing was due', async () => {
    const { deps } = await refreshing();
    await sweepUntilDone(deps);
    expect(deps.meter.records.filter(({ name }) => name === 'SweepLag').map(({ value }) => value)).toEqual([0]);
  });
});

describe('a grant for which the run has no time left', () => {
  it('stays due, so that the next run renews it', async () => {
    const world = await due();
    const { openToReseal } = world.deps.sealer;
    world.deps.sealer.openToReseal = async (...given) => {
      world.deps.clock.advance(20_000);
      return openToReseal(...given);
    };
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 0, postponed: 1, hasMore: true });
    world.deps.sealer.openToReseal = openToReseal;
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 1, hasMore: false });
  });
});

describe('a row that cannot be read', () => {
  it('is postponed by one hour in the index', async () => {
    const world = await due();
    const { credential } = await storedGrant(world.deps);
    const row = findUser(world.deps.table, ALICE).credentials.get(GRANT);
    findUser(world.deps.table, ALICE).credentials.set(GRANT, { ...row, type: 'nonsense' });
    const move = vi.spyOn(world.deps.refreshes, 'rescheduleRenewal');
    expect(await sweepRenewals(world.deps)).toMatchObject({ unusable: 1 });
    const later = { dueShard: credential.dueShard, dueAt: world.deps.clock.now() + 60 * MINUTE };
    expect(move).toHaveBeenCalledWith(expect.objectContaining(KEY), credential.dueAt, later);
    expect(await sweepRenewals(world.deps)).toMatchObject({ unusable: 0 });
  });
});

const unreadable = async (): Promise<never> => {
  throw new ServiceError('credential_unreadable');
};

describe('a run of the sweep', () => {
  it('renews ten concurrently, each once', async () => {
    const world = await refreshing();
    indexNames(world, await many(world, 12));
    let [now, most] = [0, 0];
    world.deps.oauth.script.meanwhile = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
    };
    expect(await sweepRenewals(world.deps)).toMatchObject({ refreshed: 12, notDue: 0 });
    expect([refreshes(world), most]).toEqual([12, 10]);
  });

  it('starts at a random shard and visits all', async () => {
    const { deps } = await refreshing();
    const shards: string[] = [];
    deps.random.fraction = () => 0.5;
    deps.refreshes.findDue = async (shard) => {
      shards.push(shard);
      return { credentials: [], next: null };
    };
    await sweepRenewals(deps);
    expect(shards.slice(7, 9)).toEqual(['DUE#15', 'DUE#0']);
    expect(new Set(shards).size).toBe(16);
  });

  it.each([
    [18_500, { refreshed: 1, hasMore: false }],
    [18_501, { refreshed: 0, hasMore: true }],
  ])('starts a refresh only if it can be stored in time, %i ms after its start: %j', async (passed, swept) => {
    const world = await due();
    indexNames(world, [{ ...KEY, dueAt: 0 }]);
    const { findDue } = world.deps.refreshes;
    world.deps.refreshes.findDue = async (shard, ...given) => {
      if (shard === 'DUE#0') world.deps.clock.advance(passed);
      return findDue(shard, ...given);
    };
    expect(await sweepRenewals(world.deps)).toMatchObject(swept);
  });

  it('reports no more work when nothing is due, however long the query took', async () => {
    const { deps } = await refreshing();
    deps.refreshes.findDue = async () => {
      deps.clock.advance(20_000);
      return { credentials: [], next: null };
    };
    expect((await sweepRenewals(deps)).hasMore).toBe(false);
  });
});
