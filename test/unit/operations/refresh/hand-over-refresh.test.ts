// A caller whose token is valid waits for no provider: the refresh is handed to a function of its own. The order may be refused,
// lost, doubled or late.
import { describe, expect, it } from 'vitest';
import type { RefreshDispatcher, RefreshOrder } from '../../../../lib/domain/ports/refresh-dispatcher.ts';
import { readRefreshOrder, refreshCredential } from '../../../../lib/operations/refresh/refresh-credential.ts';
import {
  expireToken,
  findLease,
  KEY,
  nearlyExpireToken,
  type Refreshing,
  refreshing,
  resolveGrant,
  storedGrant,
} from '../../../support/providers/refreshing.ts';

const MARK_MILLISECONDS = 10_000;
const STAY_MILLISECONDS = 500;

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
    const order = { userId: 'alice', credentialId: 'g', secretRev: 'r' };
    expect(readRefreshOrder({ ...order, more: 1 })).toEqual(order);
    for (const event of [null, {}, 'x', { ...order, secretRev: '' }, { userId: 'alice' }])
      expect(() => readRefreshOrder(event)).toThrow('not an order');
  });

  it('leaves a credential alone that is gone', async () => {
    const { deps } = await refreshing();
    expect(await refreshCredential(deps, { ...KEY, credentialId: 'other', secretRev: 'r' })).toBe('notDue');
  });
});
