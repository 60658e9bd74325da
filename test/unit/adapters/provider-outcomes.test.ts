// Remembers, within bounds, how each provider lately answered refreshes.
import { describe, expect, it } from 'vitest';
import { providerOutcomes } from '../../../lib/adapters/resilience/provider-outcomes.ts';

const START = 1_900_000_000_000;

describe('providerOutcomes', () => {
  it('remembers the last time that each provider granted a refresh', () => {
    const outcomes = providerOutcomes();
    outcomes.noteGranted('a', 1);
    outcomes.noteGranted('a', 2);
    expect([outcomes.lastGrantedAt('a'), outcomes.lastGrantedAt('b')]).toEqual([2, null]);
  });

  it('drops the one that was noted least lately when there are too many', () => {
    const outcomes = providerOutcomes();
    for (let number = 0; number < 1_000; number++) outcomes.noteGranted(`p${number}`, number);
    outcomes.noteGranted('p0', 1_000);
    outcomes.noteGranted('new', 1_001);
    expect([outcomes.lastGrantedAt('p0'), outcomes.lastGrantedAt('p1'), outcomes.lastGrantedAt('new')]).toEqual([
      1_000,
      null,
      1_001,
    ]);
  });

  it('counts the dead grants of each provider apart, and keeps when it last granted', () => {
    const outcomes = providerOutcomes();
    outcomes.noteGranted('a', START);
    const dead = (provider: string) => (number: number) =>
      outcomes.noteDead(provider, { grant: `g${number}`, now: START + 1, sweptSince: undefined });
    expect([1, 2, 3, 4].map(dead('a'))).toEqual(['mark', 'mark', 'mark', 'mark']);
    expect([1, 2, 3, 4].map(dead('b'))).toEqual(['mark', 'mark', 'mark', 'mark']);
    expect([5, 6].map(dead('a'))).toEqual(['mark_and_stop', 'keep']);
    expect(outcomes.lastGrantedAt('a')).toBe(START);
    outcomes.noteGranted('a', START + 2);
    expect(dead('a')(7)).toBe('mark');
  });
});
