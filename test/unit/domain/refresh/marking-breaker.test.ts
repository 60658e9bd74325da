// When the marking of dead grants stops, and when it goes on.
import { describe, expect, it } from 'vitest';
import { decideMarking, type MarkingState, NO_DEAD_GRANTS } from '../../../../lib/domain/refresh/marking-breaker.ts';

const START = 1_900_000_000_000;
const MINUTE = 60_000;

type Found = [grant: string, after: number, sweptAfter?: number];

/** The decisions for grants found dead one after the other, so long after the start. */
const decide = (found: readonly Found[], given: MarkingState = NO_DEAD_GRANTS) => {
  let state = given;
  return found.map(([grant, after, sweptAfter]) => {
    const sweptSince = sweptAfter === undefined ? undefined : START + sweptAfter;
    const decided = decideMarking(state, { grant, now: START + after, sweptSince });
    state = decided.state;
    return decided.decision;
  });
};

const every = (milliseconds: number, count: number, sweptAfter?: number): Found[] =>
  Array.from({ length: count }, (_, index) => [`g${index}`, index * milliseconds, sweptAfter]);

const MARKED = ['mark', 'mark', 'mark', 'mark'];

describe('the marking of dead grants', () => {
  it('remembers no more grants than it takes to stop', () => {
    let state = NO_DEAD_GRANTS;
    for (const [grant, after] of every(MINUTE, 50))
      state = decideMarking(state, { grant, now: START + after, sweptSince: undefined }).state;
    expect(state.dead.map(({ grant }) => grant)).toEqual(['g45', 'g46', 'g47', 'g48', 'g49']);
  });

  it.each<[string, Found[]]>([
    ['at once', every(0, 8)],
    ['within a minute', every(10_000, 8)],
    [
      'within a sweep of any length',
      every(10 * MINUTE, 5, 0).concat(every(0, 3).map(([g]) => [`x${g}`, 40 * MINUTE, 0])),
    ],
  ])('stops with the fifth in a row, %s', (_, found) => {
    expect(decide(found)).toEqual([...MARKED, 'mark_and_stop', 'keep', 'keep', 'keep']);
  });

  it.each<[string, Found[]]>([
    ['over more than a minute', every(15_001, 20)],
    ['in sweeps that each find four', every(20_000, 20).map(([grant, after]) => [grant, after, after])],
    ['of one and the same grant', Array.from({ length: 20 }, (): Found => ['g', 0])],
  ])('goes on %s', (_, found) => {
    expect(decide(found)).toEqual(found.map(() => 'mark'));
  });

  const stopped: MarkingState = { dead: [], stoppedAt: START };

  it.each<[string, Found[], string[]]>([
    [
      'keeps every grant for a minute',
      [
        ['a', 0],
        ['b', MINUTE - 1],
      ],
      ['keep', 'keep'],
    ],
    [
      'marks one after a minute, and stops for another',
      [
        ['a', MINUTE],
        ['b', MINUTE],
        ['c', 2 * MINUTE - 1],
      ],
      ['mark_and_stop', 'keep', 'keep'],
    ],
    [
      'marks one a minute from then on',
      [
        ['a', MINUTE],
        ['b', 2 * MINUTE],
        ['c', 9 * MINUTE],
      ],
      ['mark_and_stop', 'mark_and_stop', 'mark_and_stop'],
    ],
    [
      'does not last longer for a clock that was set back',
      [
        ['a', -1],
        ['b', 0],
      ],
      ['mark_and_stop', 'keep'],
    ],
    ['stops a sweep too', [['a', 1, -MINUTE]], ['keep']],
  ])('once stopped %s', (_, found, decisions) => {
    expect(decide(found, stopped)).toEqual(decisions);
  });
});
