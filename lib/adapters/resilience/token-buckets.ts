// A token bucket per caller, in the memory of one process. It bounds what one caller takes of the process without a request to
// anything else. Its memory is bounded: the bucket that was not used for longest is dropped, and begins full again.
import type { CallLimit } from '../../domain/ports/call-limit.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { sha256 } from '../../domain/values/digest.ts';

/** A bucket holds the calls of so many seconds, for callers that send many at once. */
const BURST_SECONDS = 5;
/** About 2 MB. */
const MAX_BUCKETS = 10_000;

interface Bucket {
  tokens: number;
  /** When `tokens` was computed, by the clock's `elapsed`. */
  at: number;
}

const unlimited: CallLimit = { take: () => 0, giveBack: () => {} };

/** Buckets by key; the one used last is the last. */
const openBuckets = (capacity: number, maxBuckets: number) => {
  const buckets = new Map<string, Bucket>();
  return {
    get: (key: string, now: number): Bucket => buckets.get(key) ?? { tokens: capacity, at: now },
    set: (key: string, bucket: Bucket): void => {
      buckets.delete(key);
      buckets.set(key, bucket);
      const [oldest] = buckets.keys();
      if (buckets.size > maxBuckets && oldest !== undefined) buckets.delete(oldest);
    },
  };
};

/** Options of `tokenBuckets`. */
interface BucketOptions {
  /** How many keys are remembered. */
  maxBuckets?: number | undefined;
  /** How many calls at once; default: five seconds' worth. */
  burst?: number | undefined;
}

/**
 * Limits each key to `perSecond` calls, and to `burst` at once; 0: no limit. Keys are kept as digests. A clock that goes back adds
 * no tokens and takes none.
 */
export const tokenBuckets = (
  perSecond: number,
  clock: Clock,
  { maxBuckets = MAX_BUCKETS, burst = perSecond * BURST_SECONDS }: BucketOptions = {},
): CallLimit => {
  if (perSecond === 0) return unlimited;
  const capacity = burst;
  const buckets = openBuckets(capacity, maxBuckets);
  const add = (key: string, given: number): number => {
    const digest = sha256(key, 'base64url');
    const now = clock.elapsed();
    const { tokens, at } = buckets.get(digest, now);
    const gained = (Math.max(0, now - at) / 1000) * perSecond;
    const refilled = Math.min(capacity, tokens + gained);
    const left = Math.min(capacity, refilled + given);
    buckets.set(digest, { tokens: left < 0 ? refilled : left, at: now });
    return left;
  };
  return {
    take: (key) => {
      const left = add(key, -1);
      return left < 0 ? Math.ceil(-left / perSecond) : 0;
    },
    giveBack: (key) => {
      add(key, 1);
    },
  };
};
