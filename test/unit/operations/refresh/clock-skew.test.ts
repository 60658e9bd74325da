// Processes whose clocks differ: a grant is refreshed a little early or often for it, and nothing breaks.
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../support/builders.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';
import { providerKinds } from '../../../support/memory/token-provider.ts';
import {
  nearlyExpireToken,
  type Refreshing,
  readAccessToken,
  refreshing,
  resolveGrant,
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
