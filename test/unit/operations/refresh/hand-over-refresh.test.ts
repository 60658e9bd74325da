// A caller whose token is valid waits for no provider: the refresh is handed to a function of its own. The order may be refused,
// lost, doubled or late.
import { describe, expect, it, vi } from 'vitest';
import type { RefreshDispatcher, RefreshOrder } from '../../../../lib/domain/ports/refresh-dispatcher.ts';
import { type RefreshLease, refreshTokenRev } from '../../../../lib/domain/refresh/lease.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { readRefreshOrder, refreshCredential } from '../../../../lib/operations/refresh/refresh-credential.ts';
import { handOverRefresh } from '../../../../lib/steps/refresh/hand-over-refresh.ts';
import { ALICE } from '../../../support/builders.ts';
import { findUser } from '../../../support/memory/memory-table.ts';
import {
  expireToken,
  findLease,
  GRANT,
  KEY,
  nearlyExpireToken,
  putLease,
  type Refreshing,
  refreshing,
  resolveGrant,
  storedGrant,
} from '../../../support/providers/refreshing.ts';

const MARK_MILLISECONDS = 10_000;
const STAY_MILLISECONDS = 500;
const DAY = 86_400_000;

/** Keeps the orders instead of running them. */
const keepOrders = ({ deps }: Refreshing, accepts = true): RefreshOrder[] => {
  const orders: RefreshOrder[] = [];
  const dispatcher: RefreshDispatcher = {
    dispatch: async (order) => {
      orders.push(order);
      return accepts;
    },
  };
  deps.dispatcher = dispatcher;
  return orders;
};

const nearly = async (accepts = true) => {
  const world = await refreshing();
  nearlyExpireToken(world);
  return { world, orders: keepOrders(world, accepts) };
};

describe('a caller with a valid token that is due', () => {
  it('is answered at once with it, and calls no provider', async () => {
    const { world, orders } = await nearly();
    const startedAt = world.deps.clock.now();
    expect((await resolveGrant(world.deps)).stale).toBe(true);
    expect(world.deps.clock.now() - startedAt).toBeLessThanOrEqual(STAY_MILLISECONDS);
    expect(world.deps.oauth.calls).toEqual([]);
    const { credential } = await storedGrant(world.deps);
    expect(orders).toEqual([{ ...KEY, secretRev: credential.secretRev }]);
  });

  it('hands it over once: others find the mark and do not stay', async () => {
    const { world, orders } = await nearly();
    await resolveGrant(world.deps);
    const startedAt = world.deps.clock.now();
    for (let call = 0; call < 20; call++) expect((await resolveGrant(world.deps)).stale).toBe(true);
    expect(world.deps.clock.now()).toBe(startedAt);
    expect(orders).toHaveLength(1);
  });

  it('hands it over again when the invocation was lost, and the token is in no doubt', async () => {
    const { world, orders } = await nearly();
    await resolveGrant(world.deps);
    world.deps.clock.advance(MARK_MILLISECONDS);
    await resolveGrant(world.deps);
    expect(orders).toHaveLength(2);
    expect(findLease(world.deps)).toMatchObject({ held: false, uncertain: false, failures: 0, dispatched: true });
  });

  it('is answered although the order is refused, without staying', async () => {
    const { world, orders } = await nearly(false);
    const startedAt = world.deps.clock.now();
    expect((await resolveGrant(world.deps)).stale).toBe(true);
    expect(world.deps.clock.now()).toBe(startedAt);
    expect(orders).toHaveLength(1);
  });

  it('gets the new token in the same answer from a provider that is well', async () => {
    const world = await refreshing();
    nearlyExpireToken(world);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });
});

describe('handing over', () => {
  /** Hands the refresh over; `meanwhile` is done when the order has come. Counts the pauses of the caller. */
  const handOver = async (meanwhile: (world: Refreshing) => void = () => {}) => {
    const { world, orders } = await nearly();
    const { deps } = world;
    const { dispatch } = deps.dispatcher;
    deps.dispatcher.dispatch = async (order) => {
      meanwhile(world);
      return dispatch(order);
    };
    const sleep = vi.spyOn(deps, 'sleep');
    const { credential } = await storedGrant(deps);
    const startedAt = deps.clock.now();
    const run = async (changed: object = {}) => {
      const request = {
        credential: { ...credential, ...changed },
        finishBy: deps.clock.elapsed() + 20_000,
        inUse: true,
      };
      const outcome = await handOverRefresh(deps, request);
      return { outcome, orders: orders.length, pauses: sleep.mock.calls.length, took: deps.clock.now() - startedAt };
    };
    return { world, credential, run };
  };
  const lease = (given: Partial<RefreshLease>): RefreshLease => ({
    ...{ id: 'l', tokenRev: 'r', until: 0, held: false, rotates: true, uncertain: false, failures: 0, ...given },
  });

  it('waits as long as the refresh is to come or under way, half a second at most', async () => {
    for (const given of [{ dispatched: true }, { held: true }]) {
      const { run } = await handOver(({ deps }) => {
        const { tokenRev } = findLease(deps) as RefreshLease;
        putLease(deps, lease({ tokenRev, until: deps.clock.now() + 20_000, ...given }));
      });
      const { outcome, pauses, took } = await run();
      expect([outcome, took]).toEqual(['valid', STAY_MILLISECONDS]);
      expect(pauses).toBeGreaterThan(4);
    }
  });

  it('waits no longer once the refresh has failed, which the fourth look sees', async () => {
    const { run } = await handOver(({ deps }) => {
      const { tokenRev } = findLease(deps) as RefreshLease;
      putLease(deps, lease({ tokenRev, until: deps.clock.now() + 20_000, failures: 1 }));
    });
    const { outcome, pauses, took } = await run();
    expect([outcome, pauses]).toEqual(['valid', 4]);
    expect(took).toBeLessThan(STAY_MILLISECONDS);
  });

  it('has the row read again where its secret is another by now', async () => {
    const { world, run } = await handOver();
    putLease(world.deps, lease({ tokenRev: 'newer' }));
    expect(await run({ secretRev: 'older', tokenRev: null })).toMatchObject({ outcome: 'conflict', orders: 0 });
  });

  it('has the row read again where it changes just before the fourth look, which meets a newer lease', async () => {
    const { world, run } = await handOver();
    const { deps } = world;
    let looks = 0;
    deps.sleep = async (milliseconds) => {
      deps.clock.advance(Math.ceil(milliseconds));
      if (++looks < 4) return;
      putLease(deps, lease({ tokenRev: 'newest' }));
      const { credentials } = findUser(deps.table, ALICE);
      credentials.set(GRANT, { ...credentials.get(GRANT), secretRev: 'newer' } as never);
    };
    expect([(await run()).outcome, looks]).toEqual(['conflict', 4]);
  });

  it('sends no order where another took the lease first', async () => {
    const { world, run } = await handOver();
    world.deps.refreshes.swapLease = async () => false;
    expect(await run()).toEqual({ outcome: 'valid', orders: 0, pauses: 0, took: 0 });
  });

  it.each([true, false])(
    'says of the token what the lease before it said: may be spent by one use, %s',
    async (rotates) => {
      const { world, credential, run } = await handOver();
      putLease(world.deps, lease({ tokenRev: refreshTokenRev(credential), rotates }));
      await run();
      expect(findLease(world.deps)).toMatchObject({ dispatched: true, rotates });
    },
  );

  it('takes a token of which nothing is known for one that may be spent by one use', async () => {
    const { world, run } = await handOver();
    await run();
    expect(findLease(world.deps)).toMatchObject({ rotates: true });
  });

  it('leaves the token to its caller when the store fails, and hides no fault of the program', async () => {
    for (const fault of [new ServiceError('store_busy'), new Error('a fault of the program')]) {
      const { world, run } = await handOver();
      world.deps.refreshes.readLease = () => Promise.reject(fault);
      const ran = run();
      if (fault instanceof ServiceError) expect(await ran).toMatchObject({ outcome: 'valid', orders: 0 });
      else await expect(ran).rejects.toBe(fault);
    }
  });
});

describe('a caller without a valid token', () => {
  it('refreshes itself, whatever was handed over', async () => {
    const { world, orders } = await nearly();
    await resolveGrant(world.deps);
    world.deps.clock.set((await storedGrant(world.deps)).credential.expiresAt ?? 0);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
    expect(orders).toHaveLength(1);
  });

  it('does not wait for a mark', async () => {
    const world = await refreshing();
    const orders = keepOrders(world);
    await resolveGrant(world.deps, { minTtlSeconds: 3600 - 1 });
    expireToken(world);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(orders).toEqual([]);
  });
});

describe('the function that refreshes', () => {
  it('calls no provider when its time is nearly over', async () => {
    const { world, orders } = await nearly();
    await resolveGrant(world.deps);
    const [order] = orders as [RefreshOrder];
    const { users, clock, budget } = world.deps;
    let reads = 0;
    const readCredential: typeof users.readCredential = (...key) => {
      if (reads++ === 0) clock.advance(budget.answerMilliseconds - budget.exchangeMilliseconds);
      return users.readCredential(...key);
    };
    const slow = { ...world.deps, users: { ...users, readCredential } };
    expect(await refreshCredential(slow, order)).toBe('postponed');
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(0);
  });

  it('refreshes once: an order that comes twice or late does nothing', async () => {
    const { world, orders } = await nearly();
    await resolveGrant(world.deps);
    const [order] = orders as [RefreshOrder];
    expect(await refreshCredential(world.deps, order)).toBe('refreshed');
    for (let again = 0; again < 2; again++) expect(await refreshCredential(world.deps, order)).toBe('notDue');
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });

  it('takes an event that names user, credential and secret, and repeats no other', () => {
    const order = { userId: 'alice', credentialId: 'grant', secretRev: 'rev' };
    expect(readRefreshOrder({ ...order, more: 1 })).toEqual(order);
    for (const event of [
      null,
      {},
      'x',
      { ...order, secretRev: '' },
      { ...order, credentialId: '' },
      { userId: 'alice' },
    ])
      expect(() => readRefreshOrder(event)).toThrow('not an order');
  });

  it.each([
    ['that is marked', { brokenReason: 'invalid_grant' }],
    ['without a refresh token', { hasRefreshToken: false }],
  ])('leaves a credential alone %s: it takes no lease', async (_, changed) => {
    const { deps } = await refreshing();
    const { credential } = await storedGrant(deps);
    const { credentials } = findUser(deps.table, ALICE);
    credentials.set(GRANT, { ...credentials.get(GRANT), ...changed } as never);
    expect((await storedGrant(deps)).credential).toMatchObject(changed);
    expect(await refreshCredential(deps, { ...KEY, secretRev: credential.secretRev })).toBe('notDue');
    expect(findLease(deps)).toBeUndefined();
  });

  it('counts the refresh as a use: a caller wanted the token', async () => {
    const world = await refreshing();
    const { secretRev } = (await storedGrant(world.deps)).credential;
    world.deps.clock.advance(3 * DAY);
    expect(await refreshCredential(world.deps, { ...KEY, secretRev })).toBe('refreshed');
    expect((await storedGrant(world.deps)).credential.usedDay).toBe(Math.floor(world.deps.clock.now() / DAY));
  });

  it('postpones it when the store fails, and hides no fault of the program', async () => {
    const { deps } = await refreshing();
    const order = { ...KEY, secretRev: 'r' };
    for (const fault of [new ServiceError('store_unavailable'), new Error('a fault of the program')]) {
      deps.users.readCredential = () => Promise.reject(fault);
      const refreshed = refreshCredential(deps, order);
      if (fault instanceof ServiceError) expect(await refreshed).toBe('postponed');
      else await expect(refreshed).rejects.toBe(fault);
    }
  });

  it('leaves a credential alone that is gone', async () => {
    const { deps } = await refreshing();
    expect(await refreshCredential(deps, { ...KEY, credentialId: 'other', secretRev: 'r' })).toBe('notDue');
  });
});
