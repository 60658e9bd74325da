// Caches a fetched value. Concurrent readers share one fetch; while fetching fails, the last good value is used, up to a limit.
// With a maximum age of 0 every call fetches.
import type { Clock } from '../../domain/ports/runtime.ts';

interface CachedValue<T> {
  fetch: () => Promise<T>;
  maxAgeMilliseconds: number;
  clock: Clock;
  /** How old the last good value may be while fetching fails; default: an hour. */
  lastGoodMilliseconds?: number;
  /** How long the error of a failed fetch is repeated where there is no value to use; default 0. */
  pauseWithoutValueMilliseconds?: number;
  /** Called for each failed fetch, even if the last good value is returned instead. */
  onFailure?: (error: unknown) => void;
}

const LAST_GOOD_MILLISECONDS = 3_600_000;
/** The pause between two fetches while fetching fails. */
const PAUSE_AFTER_FAILURE_MILLISECONDS = 30_000;

interface Good<T> {
  value: T;
  fetchedAt: number;
}

/** Reads the value; with `pastCache` it is fetched now, at any age. */
export type CachedReader<T> = (options?: { pastCache: boolean }) => Promise<T>;

/** Makes a reader of the value. It throws the error of the fetch if there is no good value young enough. */
export const cachedValue = <T>({
  fetch,
  maxAgeMilliseconds,
  clock,
  lastGoodMilliseconds = LAST_GOOD_MILLISECONDS,
  pauseWithoutValueMilliseconds = 0,
  onFailure,
}: CachedValue<T>): CachedReader<T> => {
  let good: Good<T> | undefined;
  let failed: { error: unknown; until: number } | undefined;
  let tryAgainAt = 0;
  let flight: Promise<T> | undefined;

  const lastGood = (now: number, error: unknown): T => {
    onFailure?.(error);
    if (!good || now - good.fetchedAt >= lastGoodMilliseconds) {
      failed = { error, until: now + pauseWithoutValueMilliseconds };
      throw error;
    }
    tryAgainAt = now + Math.min(PAUSE_AFTER_FAILURE_MILLISECONDS, maxAgeMilliseconds);
    return good.value;
  };

  const refetch = async (): Promise<T> => {
    try {
      const value = await fetch();
      good = { value, fetchedAt: clock.now() };
      failed = undefined;
      tryAgainAt = good.fetchedAt + maxAgeMilliseconds;
      return value;
    } catch (error) {
      return lastGood(clock.now(), error);
    }
  };

  return ({ pastCache } = { pastCache: false }) => {
    if (good && !pastCache && clock.now() < tryAgainAt) return Promise.resolve(good.value);
    if (failed && !pastCache && clock.now() < failed.until) return Promise.reject(failed.error);
    flight ??= refetch().finally(() => {
      flight = undefined;
    });
    return flight;
  };
};
