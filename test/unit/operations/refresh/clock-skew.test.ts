// Processes whose clocks differ: a grant is refreshed a little early or often for it, and nothing breaks.
import { describe, expect, it } from 'vitest';
import { type TableClock, tableClock } from '../../../../lib/adapters/dynamodb/table-clock.ts';
import type { Clock } from '../../../../lib/domain/ports/runtime.ts';
import { createOAuthState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import { startConnection } from '../../../../lib/operations/connect/start-connection.ts';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../../../lib/platform.ts';
import { ALICE, MINUTE } from '../../../support/builders.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';
import { providerKinds } from '../../../support/memory/token-provider.ts';
import {
  expireToken,
  findLease,
  GRANT,
  nearlyExpireToken,
  type Refreshing,
  readAccessToken,
  refreshing,
  resolveGrant,
  resolveGrantNamed,
  storedGrant,
} from '../../../support/providers/refreshing.ts';

const DAY_MINUTES = 24 * 60;

/** The same service in a process whose clock is off by so much. */
const skewed = ({ deps }: Refreshing, milliseconds: number): MemoryDeps => ({
  ...deps,
  clock: { ...deps.clock, now: () => deps.clock.now() + milliseconds },
});

describe.each(providerKinds)('at a provider that is %s', (kind) => {
  it.each([
    ['right and ten minutes fast', [0, 10]],
    ['right and ten minutes slow', [0, -10]],
    ['ten minutes slow and ten minutes fast', [-10, 10]],
  ])('clocks that are %s cost at most twice the calls in a day, and no grant', async (_, minutes) => {
    const world = await refreshing({ kind });
    const processes = minutes.map((off) => skewed(world, off * MINUTE));
    for (let minute = 0; minute < DAY_MINUTES; minute += 2) {
      for (const deps of processes) expect(world.provider.works(readAccessToken(await resolveGrant(deps)))).toBe(true);
      world.deps.clock.advance(2 * MINUTE);
    }
    expect((await storedGrant(world.deps)).credential.brokenReason).toBeNull();
    const calls = world.deps.oauth.callsTo('refresh').length;
    expect(calls).toBeGreaterThanOrEqual(DAY_MINUTES / 60);
    expect(calls).toBeLessThanOrEqual(DAY_MINUTES / 30);
  });
});

/** The stores of a process: each answer tells it the time, as the table's do. */
const addDates = <P extends object>(port: P, process: TableClock, time: Clock): P =>
  Object.fromEntries(
    Object.entries(port).map(([name, method]) => [
      name,
      async (...parameters: unknown[]) => {
        const sent = process.read();
        const answer = await method.apply(port, parameters);
        process.noteAnswer(sent, new Date(time.now()).toUTCString());
        return answer;
      },
    ]),
  ) as P;

/** The service in a process that has not spoken to the table yet, with a clock off by so much. `onNow` gets each time it reads. */
const coldProcess = (
  { deps }: Refreshing,
  milliseconds: number,
  onNow: (time: number) => void = () => {},
): MemoryDeps => {
  const { clock: time, users, states, refreshes } = deps;
  const clock = tableClock({ ...time, now: () => time.now() + milliseconds });
  return {
    ...deps,
    clock: {
      ...time,
      now: () => {
        const now = clock.now();
        onNow(now);
        return now;
      },
    },
    users: addDates(users, clock, time),
    states: addDates(states, clock, time),
    refreshes: addDates(refreshes, clock, time),
  };
};

describe('a process with a wrong clock that has not spoken to the table yet', () => {
  it.each([10, -10])('does not send a token that another holds the lease on (%i minutes)', async (minutes) => {
    const world = await refreshing({ kind: 'strict' });
    expireToken(world);
    const cold = coldProcess(world, minutes * MINUTE);
    world.deps.oauth.script.meanwhile = async () => {
      world.deps.oauth.script.meanwhile = async () => undefined;
      await expect(resolveGrant(cold)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    };
    expect(world.provider.works(readAccessToken(await resolveGrant(world.deps)))).toBe(true);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
    expect((await storedGrant(world.deps)).credential.brokenReason).toBeNull();
  });

  it.each([10, -10])('takes a lease that others judge rightly (%i minutes)', async (minutes) => {
    const world = await refreshing({ kind: 'strict' });
    expireToken(world);
    const cold = coldProcess(world, minutes * MINUTE);
    world.deps.oauth.script.meanwhile = async () => {
      world.deps.oauth.script.meanwhile = async () => undefined;
      const left = (findLease(world.deps)?.until ?? 0) - world.deps.clock.now();
      const { leaseMilliseconds } = world.deps.budget;
      expect(Math.abs(left - leaseMilliseconds - CLOCK_ERROR_MILLISECONDS)).toBeLessThanOrEqual(
        CLOCK_ERROR_MILLISECONDS,
      );
      await expect(resolveGrant(world.deps)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    };
    expect(world.provider.works(readAccessToken(await resolveGrant(cold)))).toBe(true);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });

  it.each<[string, (deps: MemoryDeps) => Promise<unknown>]>([
    ['resolve', resolveGrant],
    ['resolve by id', (deps) => resolveGrantNamed(deps, GRANT)],
    ['create a state', (deps) => createOAuthState(deps, { userId: ALICE, provider: 'acme', scopes: [] })],
    ['start a connection', (deps) => startConnection(deps, { userId: ALICE, provider: 'acme' })],
    ['list', (deps) => listCredentials(deps, { userId: ALICE })],
  ])('reads the table before it looks at the time: %s', async (_, operation) => {
    const world = await refreshing();
    nearlyExpireToken(world);
    const errors: number[] = [];
    const cold = coldProcess(world, 10 * MINUTE, (time) => errors.push(Math.abs(time - world.deps.clock.now())));
    await operation(cold);
    expect(errors.length).toBeGreaterThan(0);
    expect(Math.max(...errors)).toBeLessThanOrEqual(CLOCK_ERROR_MILLISECONDS);
  });
});

describe('a process that is frozen', () => {
  it('under its lease for an hour sends nothing when it thaws', async () => {
    const world = await refreshing({ kind: 'strict' });
    expireToken(world);
    const frozen = coldProcess(world, 10 * MINUTE);
    // The monotonic clock stops too.
    frozen.clock = { ...frozen.clock, elapsed: () => 0 };
    const { openToReseal } = frozen.sealer;
    frozen.sealer = {
      ...frozen.sealer,
      openToReseal: async (...asked) => {
        world.deps.clock.advance(60 * MINUTE);
        return openToReseal(...asked);
      },
    };
    await expect(resolveGrant(frozen)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(0);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
  });
});

describe('a fast clock', () => {
  it('does not take over a held lease while the token is valid', async () => {
    const world = await refreshing();
    nearlyExpireToken(world);
    const fast = skewed(world, 2 * MINUTE);
    const tokens: string[] = [];
    world.deps.oauth.script.meanwhile = async () => {
      tokens.push(readAccessToken(await resolveGrant(fast)));
    };
    tokens.push(readAccessToken(await resolveGrant(world.deps)));
    expect(tokens[0]).toBe(world.tokens.accessToken);
    expect(world.provider.works(tokens[1] ?? '')).toBe(true);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });
});
