// The checker on small histories of a register, for which linearizability is obvious.
import { describe, expect, it } from 'vitest';
import { findLinearization, type Model, type Operation } from './linearizability.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** A register with read, write and compare-and-swap. */
interface RegisterOperation extends Operation {
  read?: number;
  write?: number;
  from?: number;
  refused?: boolean;
}

const register: Model<number, RegisterOperation> = {
  initial: 0,
  step: (state, { write, read, from, refused = false }) => {
    if (write === undefined) return { state, accepts: read === state };
    const happens = from === undefined || from === state;
    return { state: happens ? write : state, accepts: happens !== refused };
  },
  key: String,
};

const read = (start: number, end: number, value: number): RegisterOperation => ({ start, end, read: value });
const write = (start: number, end: number, value: number): RegisterOperation => ({ start, end, write: value });
const swap = (start: number, end: number, [from, to]: [number, number]): RegisterOperation => ({
  start,
  end,
  from,
  write: to,
});
const refusedSwap = (...given: Parameters<typeof swap>): RegisterOperation => ({ ...swap(...given), refused: true });
/** The same operation with an unknown outcome. */
const unknown = <O extends Operation>(operation: O): O => ({ ...operation, end: NEVER });

const isLinearizable = (...operations: RegisterOperation[]) => findLinearization(register, operations).linearizable;

describe('a linearizable history', () => {
  it.each<[string, RegisterOperation[]]>([
    ['an empty history', []],
    ['sequential operations', [write(0, 1, 7), read(2, 3, 7)]],
    ['a read during a write that returns the old value', [write(0, 9, 7), read(1, 2, 0)]],
    ['a read during a write that returns the new value', [write(0, 9, 7), read(1, 2, 7)]],
    ['two reads during a write, one before and one after it', [write(0, 9, 7), read(1, 2, 0), read(3, 4, 7)]],
    ['two concurrent writes, in the order a read shows', [write(0, 9, 7), write(0, 9, 8), read(10, 11, 7)]],
    ['two concurrent swaps, one refused', [swap(0, 9, [0, 7]), refusedSwap(1, 8, [0, 8]), read(10, 11, 7)]],
    ['an unknown write that took effect at once', [unknown(write(0, 1, 7)), read(2, 3, 7)]],
    ['an unknown write that took effect late', [unknown(write(0, 1, 7)), read(2, 3, 0), read(4, 5, 7)]],
    ['an unknown write that never took effect', [unknown(write(0, 1, 7)), read(2, 3, 0), read(4, 5, 0)]],
    ['an unknown swap on another value', [unknown(swap(0, 1, [3, 7])), read(2, 3, 0), write(4, 5, 9)]],
    [
      'unknown writes in the order that reads show',
      [...[unknown(write(0, 1, 7)), unknown(write(2, 3, 8))], ...[read(4, 5, 8), read(6, 7, 7)]],
    ],
  ])('is accepted: %s', (_, operations) => {
    expect(isLinearizable(...operations)).toBe(true);
  });
});

describe('a history that is not linearizable', () => {
  it.each<[string, RegisterOperation[]]>([
    ['a stale read', [write(0, 1, 7), read(2, 3, 0)]],
    ['a value that was never written', [write(0, 1, 7), read(0, 3, 5)]],
    ['a lost update: two swaps from one value', [swap(0, 9, [0, 7]), swap(0, 9, [0, 8])]],
    ['a write that is undone', [write(0, 1, 7), read(2, 3, 7), read(4, 5, 0)]],
    ['a write that takes effect twice', [write(0, 1, 7), write(2, 3, 8), read(4, 5, 7)]],
    [
      'an unknown write that took effect twice',
      [unknown(write(0, 1, 7)), ...[read(2, 3, 7), write(4, 5, 8), read(6, 7, 7)]],
    ],
    ['an unknown write that took effect before it began', [read(0, 1, 7), unknown(write(2, 3, 7))]],
    ['a refused write that took effect', [refusedSwap(0, 1, [0, 7]), read(2, 3, 7)]],
    ['a refusal without a reason', [write(0, 1, 7), refusedSwap(2, 3, [7, 8])]],
    [
      'two readers that see different orders',
      [...[write(0, 20, 7), write(0, 20, 8)], ...[read(1, 2, 7), read(3, 4, 8), read(5, 6, 7)]],
    ],
    ['a read that goes back in time', [write(0, 9, 7), read(1, 2, 7), read(3, 4, 0)]],
  ])('is rejected: %s', (_, operations) => {
    expect(isLinearizable(...operations)).toBe(false);
  });

  it('yields the longest partial linearization', () => {
    const operations = [write(0, 1, 7), read(2, 3, 7), read(4, 5, 0), read(6, 7, 7)];
    expect(findLinearization(register, operations).order).toEqual(operations.slice(0, 2));
  });
});

describe('a call of two ordered reads', () => {
  const during = [write(0, 20, 7)];

  it('may see a write that happens between them', () => {
    const first = read(1, 10, 0);
    expect(isLinearizable(...during, first, { ...read(1, 10, 7), after: first })).toBe(true);
  });

  it('never sees the older value in the second read', () => {
    const first = read(1, 10, 7);
    expect(isLinearizable(...during, first, { ...read(1, 10, 0), after: first })).toBe(false);
  });
});

describe('the search', () => {
  const writesAtOnce = (count: number) => Array.from({ length: count }, (_, index) => write(0, 100, index + 1));

  /** Sixty operations that follow each other closely, then a read of the last value. */
  const sixty = Array.from({ length: 30 }, (_, index) => [
    write(10 * index, 10 * index + 12, index + 100),
    read(10 * index + 13, 10 * index + 14, index + 100),
  ]).flat();

  it('finds an order of sixty operations and twelve unknown ones at once', () => {
    const unknowns = writesAtOnce(12).map(unknown);
    const { linearizable, visited } = findLinearization(register, [...sixty, ...unknowns, read(400, 401, 12)]);
    expect(linearizable).toBe(true);
    expect(visited).toBeLessThan(1000);
  });

  it('rejects sixty operations and six unknown ones within a bounded search', () => {
    const unknowns = writesAtOnce(6).map(unknown);
    const { linearizable, visited } = findLinearization(register, [...sixty, ...unknowns, read(400, 401, 99)]);
    expect(linearizable).toBe(false);
    expect(visited).toBeLessThan(60 * 2 ** 6 * 10);
  });

  it('visits each configuration once', () => {
    const { linearizable, visited } = findLinearization(register, [...writesAtOnce(8), read(101, 102, 99)]);
    expect(linearizable).toBe(false);
    expect(visited).toBeLessThanOrEqual(2 ** 8 * 9);
  });
});
