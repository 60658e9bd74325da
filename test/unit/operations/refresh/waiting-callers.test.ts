// What a refresh and a wait for one cost: callers of one process share one attempt, and one that waits for another process reads the
// row alone. Counted at the ports, each call of which is one request.
import { describe, expect, it } from 'vitest';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';
import {
  expireToken,
  findLease,
  inOwnProcess,
  putLease,
  type Refreshing,
  readAccessToken,
  refreshing,
  resolveGrant,
  storedGrant,
} from '../../../support/providers/refreshing.ts';

type Method = (...given: unknown[]) => unknown;

/** The same dependencies with a list of the requests that are sent to the table. */
const counting = (deps: MemoryDeps): { deps: MemoryDeps; requests: string[] } => {
  const requests: string[] = [];
  const counted = <P extends object>(port: P): P =>
    Object.fromEntries(
      Object.entries(port as Record<string, Method>).map(([name, method]) => [
        name,
        (...given: unknown[]) => {
          requests.push(name);
          return method(...given);
        },
      ]),
    ) as P;
  return { deps: { ...deps, users: counted(deps.users), refreshes: counted(deps.refreshes) }, requests };
};

const countOf = (requests: string[], name: string): number => requests.filter((request) => request === name).length;

const CHOICE = ['readFirst', 'readCredential'];
const withoutChoice = (requests: string[]): string[] => requests.slice(CHOICE.includes(requests[0] ?? '') ? 1 : 0);

/** The provider answers after so many polls of all processes together; sleeping takes turns and no time. */
const answerAfterPolls = ({ deps }: Refreshing, polls: number): void => {
  const { promise, resolve } = Promise.withResolvers<void>();
  deps.oauth.script.meanwhile = () => promise;
  const { readSecretRev } = deps.refreshes;
  let seen = 0;
  deps.refreshes.readSecretRev = (key) => {
    if (++seen === polls) resolve();
    return readSecretRev(key);
  };
  deps.sleep = () => new Promise((done) => setImmediate(done));
};

const heldLease = async ({ deps }: Refreshing) => ({
  id: 'another',
  tokenRev: (await storedGrant(deps)).credential.secretRev,
  until: deps.clock.now() + 60_000,
  held: true,
  rotates: true,
  uncertain: false,
  failures: 0,
});

describe('a refresh', () => {
  it('of a token that was refreshed before makes five requests, two of them writes', async () => {
    const world = await refreshing();
    for (let round = 0; round < 2; round++) {
      expireToken(world);
      await resolveGrant(world.deps);
    }
    expireToken(world);
    const { deps, requests } = counting(world.deps);
    await resolveGrant(deps);
    expect(withoutChoice(requests)).toEqual(['readLease', 'swapLease', 'readCredential', 'storeRefreshed']);
  });

  it('stores the new token under the secretRev that its lease names', async () => {
    const world = await refreshing();
    expireToken(world);
    await resolveGrant(world.deps);
    expect(findLease(world.deps)?.nextRev).toBe((await storedGrant(world.deps)).credential.secretRev);
  });
});

describe('two hundred callers of an expired token', () => {
  it.each([1, 2])('over %i processes make one provider call and at most four requests each', async (processes) => {
    const world = await refreshing();
    expireToken(world);
    answerAfterPolls(world, 6);
    // One process has no one to poll for.
    if (processes === 1) world.deps.oauth.script.meanwhile = () => new Promise((done) => setImmediate(done));
    const hosts = Array.from({ length: processes }, () => counting(inOwnProcess(world.deps)));
    const callers = Array.from({ length: 200 }, (_, caller) =>
      resolveGrant(hosts[caller % processes]?.deps as MemoryDeps),
    );
    const tokens = new Set((await Promise.all(callers)).map(readAccessToken));
    expect([...tokens]).toEqual([(await storedGrant(world.deps)).secret.accessToken]);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
    const requests = hosts.flatMap((host) => host.requests);
    expect(requests.length).toBeLessThanOrEqual(4 * 200);
    expect(countOf(requests, 'swapLease')).toBeLessThanOrEqual(processes);
  });

  it('in a process each make one provider call and all get its token', async () => {
    const world = await refreshing();
    expireToken(world);
    answerAfterPolls(world, 1_000);
    const callers = Array.from({ length: 200 }, () => resolveGrant(inOwnProcess(world.deps)));
    const tokens = new Set((await Promise.all(callers)).map(readAccessToken));
    expect([...tokens]).toEqual([(await storedGrant(world.deps)).secret.accessToken]);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });
});

describe('a caller that waits for another process', () => {
  it('reads the secretRev alone with each poll, and the lease with every fourth', async () => {
    const world = await refreshing();
    expireToken(world);
    putLease(world.deps, await heldLease(world));
    const { deps, requests } = counting(world.deps);
    await resolveGrant(deps).catch(() => {});
    const poll = ['readSecretRev', 'readSecretRev', 'readSecretRev', 'readSecretRev', 'readLease'];
    expect(withoutChoice(requests).slice(0, 11)).toEqual(['readLease', ...poll, ...poll]);
    expect(new Set(withoutChoice(requests))).toEqual(new Set(['readLease', 'readSecretRev']));
  });

  it('records its wait once, however often it polls', async () => {
    const world = await refreshing();
    expireToken(world);
    putLease(world.deps, await heldLease(world));
    await resolveGrant(world.deps).catch(() => {});
    expect(world.deps.meter.records.map(({ name }) => name)).toEqual(['LeaseWait', 'Resolves']);
  });
});

describe('a caller that joins another of its process', () => {
  it('waits at most three seconds, then gets refresh_unavailable with Retry-After', async () => {
    const world = await refreshing();
    const { deps } = world;
    expireToken(world);
    const { promise, resolve } = Promise.withResolvers<void>();
    deps.oauth.script.meanwhile = () => promise;
    const first = resolveGrant(deps);
    const began = deps.clock.now();
    await expect(resolveGrant(deps)).rejects.toMatchObject({ code: 'refresh_unavailable', retryAfterSeconds: 1 });
    expect(deps.clock.now() - began).toBeGreaterThanOrEqual(3_000);
    expect(deps.clock.now() - began).toBeLessThan(3_300);
    resolve();
    expect((await first).stale).toBe(false);
    expect(deps.oauth.callsTo('refresh')).toHaveLength(1);
  });

  it('gets its failure with the same Retry-After, and no failure is kept', async () => {
    const world = await refreshing();
    expireToken(world);
    world.deps.oauth.script.refreshed = () => new ProviderFault('transient', { retryAfterSeconds: 30 });
    const refused = { code: 'refresh_unavailable', retryAfterSeconds: 30 };
    const outcomes = await Promise.allSettled([resolveGrant(world.deps), resolveGrant(world.deps)]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: refused });
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
    world.deps.clock.advance(30_000);
    await resolveGrant(world.deps).catch(() => {});
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(2);
  });

  it('tries itself when the other has waited in vain', async () => {
    const world = await refreshing();
    const { deps } = world;
    expireToken(world);
    const lease = await heldLease(world);
    putLease(deps, lease);
    const began = deps.clock.elapsed();
    const first = resolveGrant(deps).catch((error) => error);
    const { sleep } = deps;
    let second: Promise<unknown> | undefined;
    deps.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      if (deps.clock.elapsed() - began > 2_000) second ??= resolveGrant(deps);
    };
    expect(await first).toMatchObject({ code: 'refresh_unavailable' });
    putLease(deps, { ...lease, held: false, until: deps.clock.now() });
    expect(await second).toMatchObject({ stale: false });
  });
});
