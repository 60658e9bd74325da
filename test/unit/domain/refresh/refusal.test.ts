// When refusals in words that no rule knows count as final.
import { describe, expect, it } from 'vitest';
import { countRefusal, isRefusedForGood, refusalWord } from '../../../../lib/domain/refresh/refusal.ts';
import { START } from '../../../support/builders.ts';

const DAY = 86_400_000;

describe('refusalWord', () => {
  it.each<[number | null, string | null, string | null]>([
    [400, 'invalid_request', '400 invalid_request'],
    [403, null, '403'],
    [499, 'x', '499 x'],
    [408, 'x', null],
    [425, 'x', null],
    [429, 'x', null],
    [399, 'x', null],
    [500, 'x', null],
    [200, 'x', null],
    [null, null, null],
  ])('of status %j and word %j is %j', (status, word, expected) => {
    expect(refusalWord(status, word)).toBe(expected);
  });
});

describe('countRefusal', () => {
  it('counts one and the same word from the first on', () => {
    const first = countRefusal(undefined, '400 a', START);
    expect(countRefusal(first, '400 a', START + 5)).toEqual({ word: '400 a', count: 2, since: START });
  });

  it('starts anew with another word', () => {
    const first = countRefusal(undefined, '400 a', START);
    expect(countRefusal(first, '400 b', START + 5)).toEqual({ word: '400 b', count: 1, since: START + 5 });
  });
});

describe('isRefusedForGood', () => {
  const run = { word: '400', count: 10, since: START };

  it.each<[string, Partial<typeof run>, number, number | null, boolean]>([
    ['ten times, a day after the first', {}, START + DAY, START + 1, true],
    ['nine times', { count: 9 }, START + DAY, START + 1, false],
    ['a millisecond before a day is over', {}, START + DAY - 1, START + 1, false],
    ['by a provider that served no other since', {}, START + DAY, START, false],
    ['by a provider of which nothing is known', {}, START + DAY, null, false],
  ])('%s', (_, given, now, servedAt, expected) => {
    expect(isRefusedForGood({ ...run, ...given }, now, servedAt)).toBe(expected);
  });
});
