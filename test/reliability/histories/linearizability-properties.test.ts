// The checker on histories that are linearizable by construction, and compared with a brute-force search.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLinearization, isKnown, type Model, type Operation } from './linearizability.ts';

/** A counter whose additions return the new sum. */
interface Addition extends Operation {
  by: number;
  sum: number;
}

const counter: Model<number, Addition> = {
  initial: 0,
  step: (state, { by, sum, ...operation }) => ({
    state: by === 0 ? state : state + by,
    accepts: !isKnown(operation) || sum === state + by,
  }),
  key: String,
};

const NEVER = Number.POSITIVE_INFINITY;
const isLinearizable = (operations: readonly Addition[]) => findLinearization(counter, operations).linearizable;

interface Drawn {
  by: number;
  early: number;
  late: number;
  fate: 'known' | 'unknown, done' | 'unknown, not done';
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  by: fc.nat(3),
  // Overlaps up to four other operations on each side.
  early: fc.nat(40),
  late: fc.nat(40),
  fate: fc.constantFrom('known', 'known', 'known', 'unknown, done', 'unknown, not done'),
});

/** Builds a history from a sequential execution: each operation starts before its position and ends after it. */
const toHistory = (all: readonly Drawn[]): Addition[] => {
  let sum = 0;
  return all.map(({ by, early, late, fate }, index) => {
    if (fate !== 'unknown, not done') sum += by;
    const position = index * 10;
    return { by, sum, start: position - early - 0.5, end: fate === 'known' ? position + late : NEVER };
  });
};

describe('the checker', () => {
  it('accepts a history built from a sequential execution', () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 40 }), (all) => {
        expect(isLinearizable(toHistory(all))).toBe(true);
      }),
    );
  });

  it('rejects it with an answer that no order gives', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 15 }), fc.nat(), fc.integer(), (all, at, change) => {
        const most = all.reduce((sum, { by }) => sum + by, 0);
        const history = toHistory(all.map((one) => ({ ...one, fate: 'known' })));
        const wrong = history.map((one, index) =>
          index === at % all.length ? { ...one, sum: one.sum + change } : one,
        );
        fc.pre(change > most || change < -most);
        expect(isLinearizable(wrong)).toBe(false);
      }),
    );
  });

  it('rejects any wrong answer in a sequential history', () => {
    fc.assert(
      fc.property(
        fc.array(drawn, { minLength: 1, maxLength: 15 }),
        fc.nat(),
        fc.constantFrom(-1, 1),
        (all, at, change) => {
          const history = toHistory(all.map((one) => ({ ...one, early: 1, late: 1, fate: 'known' })));
          const wrong = history.map((one, index) =>
            index === at % all.length ? { ...one, sum: one.sum + change } : one,
          );
          expect(isLinearizable(wrong)).toBe(false);
        },
      ),
    );
  });
});

const precedes = (a: Operation, b: Operation): boolean => a.end < b.start;

/** Tries every order of every subset of unknown operations. */
const isLinearizableByBruteForce = (left: readonly Addition[], sum = 0): boolean => {
  if (!left.some(isKnown)) return true;
  return left.some((one) => {
    if (left.some((other) => precedes(other, one))) return false;
    const { state, accepts } = counter.step(sum, one);
    return (
      accepts &&
      isLinearizableByBruteForce(
        left.filter((other) => other !== one),
        state,
      )
    );
  });
};

const anyAddition: fc.Arbitrary<Addition> = fc
  .record({ by: fc.nat(2), sum: fc.nat(5), start: fc.nat(20), lasts: fc.nat(15), isUnknown: fc.boolean() })
  .map(({ by, sum, start, lasts, isUnknown }) => ({ by, sum, start, end: isUnknown ? NEVER : start + lasts + 0.5 }));

describe('the search', () => {
  it('agrees with a brute-force search', () => {
    const verdicts = { true: 0, false: 0 };
    fc.assert(
      fc.property(fc.array(anyAddition, { maxLength: 5 }), (history) => {
        const possible = isLinearizable(history);
        verdicts[`${possible}`]++;
        expect(possible).toBe(isLinearizableByBruteForce(history));
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(verdicts.true, verdicts.false)).toBeGreaterThan(100);
  });
});
