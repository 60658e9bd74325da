// A provider that refuses every grant, as after a mistake of the operator: the marking stops before all grants are lost.
import { describe, expect, it } from 'vitest';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { sweepRenewals } from '../../../../lib/operations/refresh/sweep-renewals.ts';
import { ALICE, MINUTE } from '../../../support/builders.ts';
import {
  answering,
  type Refreshing,
  refreshing,
  resolveGrantNamed,
  storeGrant,
} from '../../../support/providers/refreshing.ts';

const IDS = ['g', 'a', 'b', 'c', 'd', 'e', 'f', 'h'];
const DEAD = new ProviderFault('dead_grant', {
  status: 400,
  providerCode: 'invalid_grant',
  providerError: 'invalid_grant',
});
const MARKED = 'reconnect_required';
const KEPT = 'refresh_unavailable';

/** Eight grants of one provider; their tokens have expired. */
const eightGrants = async (): Promise<Refreshing> => {
  const world = await refreshing();
  for (const id of IDS.slice(1)) await storeGrant(world.deps, { id, ...world.provider.signIn('strict') });
  world.deps.clock.advance(60 * MINUTE);
  return world;
};

const resolveEach = async ({ deps }: Refreshing, ids: readonly string[] = IDS): Promise<string[]> => {
  const answers: string[] = [];
  for (const id of ids)
    answers.push(
      await resolveGrantNamed(deps, id).then(
        () => 'ok',
        ({ code }) => code,
      ),
    );
  return answers;
};

const marked = async ({ deps }: Refreshing): Promise<string[]> => {
  const { rows } = await deps.users.readUser(ALICE);
  return rows.flatMap((row) => (row.readable && row.credential.brokenReason !== null ? [row.credential.id] : []));
};

const alarms = ({ deps }: Refreshing) => [
  deps.meter.dimensionsFor('OperatorFaults').length,
  deps.log.lines.filter(({ message }) => message === 'marking of dead grants stopped').map(({ fields }) => fields),
];

describe('a provider that refuses every grant', () => {
  it('has five of them marked, and the operator is told', async () => {
    const world = await eightGrants();
    answering(world.deps, DEAD);
    expect(await resolveEach(world)).toEqual([MARKED, MARKED, MARKED, MARKED, MARKED, KEPT, KEPT, KEPT]);
    expect(await marked(world)).toHaveLength(5);
    expect(alarms(world)).toEqual([1, [{ provider: 'acme' }]]);
  });

  it('has the others work again at once when it accepts one', async () => {
    const world = await eightGrants();
    const { refreshed } = world.deps.oauth.script;
    answering(world.deps, DEAD);
    await resolveEach(world);
    world.deps.oauth.script.refreshed = refreshed;
    world.deps.clock.advance(15_000);
    expect(await resolveEach(world)).toEqual([...Array(5).fill(MARKED), 'ok', 'ok', 'ok']);
    answering(world.deps, DEAD);
    world.deps.clock.advance(60 * MINUTE);
    expect(await resolveEach(world, ['e', 'f', 'h'])).toEqual([MARKED, MARKED, MARKED]);
  });

  it('has one more marked each minute, so that dead grants are told in the end', async () => {
    const world = await eightGrants();
    answering(world.deps, DEAD);
    await resolveEach(world);
    for (const count of [6, 7, 8]) {
      world.deps.clock.advance(MINUTE);
      await resolveEach(world);
      expect(await marked(world)).toHaveLength(count);
    }
    expect(alarms(world)).toMatchObject([4, { length: 4 }]);
  });

  it('backs off with the grants that keep their state', async () => {
    const world = await eightGrants();
    answering(world.deps, DEAD);
    await resolveEach(world);
    const calls = world.deps.oauth.callsTo('refresh').length;
    await resolveEach(world);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(calls);
  });

  it('has them marked by what happened to each, once that may be', async () => {
    const world = await eightGrants();
    answering(world.deps, new ProviderFault('transient', { lostAnswer: 'cut' }));
    await resolveEach(world, ['h']);
    answering(world.deps, DEAD);
    world.deps.clock.advance(15_000);
    await resolveEach(world);
    world.deps.clock.advance(MINUTE);
    await expect(resolveGrantNamed(world.deps, 'h')).rejects.toMatchObject({
      members: { reason: 'uncertain_refresh' },
    });
  });

  it('does not stop the marking over more than a minute', async () => {
    const world = await eightGrants();
    answering(world.deps, DEAD);
    for (const id of IDS) {
      expect(await resolveEach(world, [id])).toEqual([MARKED]);
      world.deps.clock.advance(16_000);
    }
    expect(alarms(world)).toEqual([0, []]);
  });

  it('does not stop that of another provider', async () => {
    const world = await eightGrants();
    answering(world.deps, DEAD);
    await resolveEach(world);
    const found = { grant: 'x', now: world.deps.clock.now(), sweptSince: undefined };
    expect(world.deps.outcomes.noteDead('other', found)).toBe('mark');
  });
});

describe('a sweep over a provider that refuses every grant', () => {
  it('marks five, however long it takes, and postpones the others', async () => {
    const world = await eightGrants();
    const { deps } = world;
    for (const id of IDS) await resolveGrantNamed(deps, id);
    deps.clock.advance(59 * MINUTE);
    deps.oauth.script.meanwhile = async () => deps.clock.advance(16_000);
    deps.budget = { ...deps.budget, answerMilliseconds: 60 * MINUTE };
    answering(deps, DEAD);
    const swept = await sweepRenewals(deps);
    expect(swept.unusable + swept.postponed).toBe(8);
    expect(await marked(world)).toHaveLength(5);
  });
});
