// A value fetched from elsewhere, kept for a while: one fetch at a time however many ask, and the last good value served
// on while fetching fails, up to a limit. With a maximum age of 0 every call fetches.
import type { Clock } from '../../domain/ports/runtime.ts';

interface CachedValue<T> {
  fetch: () => Promise<T>;
  maxAgeMilliseconds: number;
  clock: Clock;
  /** Told of each failed fetch, also when the last good value hides it. */
  onFailure?: (error: unknown) => void;
}

const LAST_GOOD_MILLISECONDS = 3_600_000;
/** While fetching fails, the last good value is served for so long between two tries. */
const PAUSE_AFTER_FAILURE_MILLISECONDS = 30_000;

interface Good<T> {
  value: T;
  fetchedAt: number;
}

/** `pastCache`: fetches now, however young the good value is. */
export type CachedReader<T> = (options?: { pastCache: boolean }) => Promise<T>;

/** Makes a reader of the value. It throws what the fetch threw when there is no good value young enough. */
export const cachedValue = <T>({ fetch, maxAgeMilliseconds, clock, onFailure }: CachedValue<T>): CachedReader<T> => {
  let good: Good<T> | undefined;
  let tryAgainAt = 0;
  let flight: Promise<T> | undefined;

  const lastGood = (now: number, error: unknown): T => {
    onFailure?.(error);
    if (!good || now - good.fetchedAt >= LAST_GOOD_MILLISECONDS) throw error;
    tryAgainAt = now + Math.min(PAUSE_AFTER_FAILURE_MILLISECONDS, maxAgeMilliseconds);
    return good.value;
  };

  const refetch = async (): Promise<T> => {
    try {
      const value = await fetch();
      good = { value, fetchedAt: clock.now() };
      tryAgainAt = good.fetchedAt + maxAgeMilliseconds;
      return value;
    } catch (error) {
      return lastGood(clock.now(), error);
    }
  };

  return ({ pastCache } = { pastCache: false }) => {
    if (good && !pastCache && clock.now() < tryAgainAt) return Promise.resolve(good.value);
    flight ??= refetch().finally(() => {
      flight = undefined;
    });
    return flight;
  };
};
