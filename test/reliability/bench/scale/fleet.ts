// The size that docs/scale.md plans for, and DynamoDB's limits of one partition. Every number is an assumption that a reader may change.

/** The deployment: 100 million users in one region. */
export const FLEET = {
  users: 100_000_000,
  credentials: 3,
  storedBytes: 1_500,
  /** Of a user in a month. */
  resolves: 1_000,
  /** The busiest second over the mean. */
  peak: 3,
  /** Read units of a resolve by provider: the index and the row. */
  readUnits: 2,
  /** Write units of a refresh with its lease. */
  refreshWriteUnits: 6,
} as const;

/** Of one partition (DynamoDB Developer Guide, "Best practices for designing partition keys"). */
export const PARTITION = { readUnits: 3_000, writeUnits: 1_000, bytes: 10e9 } as const;

const MONTH_SECONDS = 30 * 86_400;

/** Resolves in the busiest second. */
export const peakResolves = (FLEET.users * FLEET.resolves * FLEET.peak) / MONTH_SECONDS;

/** A generator of fractions from a seed, so that every run is the same (mulberry32). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
