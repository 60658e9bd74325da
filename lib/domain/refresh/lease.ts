// The lease under which one caller refreshes a credential, and the back-off after a failure. The lease only avoids duplicate calls;
// correctness comes from the secretRev condition of every write. A lease is about one refresh token: for another it is ignored.
import * as z from 'zod';
import { CLOCK_ERROR_MILLISECONDS } from '../../platform.ts';
import type { StoredCredential } from '../credential/credential.ts';
import { isExpired } from '../values/expiry.ts';
import { RefusalRun } from './refusal.ts';

/** The lease item of one credential as stored: who may refresh it, or how long to wait after a failure. */
export const RefreshLease = z.object({
  /** New with every change: a lease is replaced only if it still has the id that was read. */
  id: z.string(),
  /** The refresh token that is, or was to be, exchanged (`refreshTokenRev`). */
  tokenRev: z.string(),
  /** The secretRev that the new token is stored under. A row that has it was refreshed under this lease, which has ended so. */
  nextRev: z.string().optional(),
  /** Epoch milliseconds: held until then, or no call to the provider until then. */
  until: z.number(),
  held: z.boolean(),
  /** Whether the provider may accept a refresh token only once: then the holder of an expired lease may have spent it. */
  rotates: z.boolean(),
  /** An earlier lease on this token expired, or an answer was lost: that alone can be why the provider refuses the token. */
  uncertain: z.boolean(),
  /** Transient failures in a row. */
  failures: z.int().nonnegative(),
  /** Not a lease but a mark, until then: a refresh was handed to the function that refreshes, which takes the lease itself. */
  dispatched: z.boolean().optional(),
  /** How the provider refused this token lately, in words that no rule knows. */
  refusal: RefusalRun.optional(),
});
export type RefreshLease = z.infer<typeof RefreshLease>;

/** What a lease means for a caller: `until` in epoch milliseconds; `uncertain` and `failures` as in the lease. */
export type LeaseState =
  | { kind: 'free'; uncertain: boolean; failures: number }
  | { kind: 'held' }
  | { kind: 'backing_off'; until: number }
  /** The function that refreshes was invoked, and may take the lease; so may a caller that cannot wait for it. */
  | { kind: 'dispatched'; uncertain: boolean; failures: number }
  /** The refresh token may be spent, and the access token is still valid: no refresh is tried until it expires. */
  | { kind: 'in_doubt' };

type Exchangeable = Pick<StoredCredential, 'secretRev' | 'tokenRev' | 'expiresAt'>;

/** Identifies a credential's refresh token: new with every refresh, kept by a replacement that keeps the token. */
export const refreshTokenRev = ({ tokenRev, secretRev }: Pick<StoredCredential, 'secretRev' | 'tokenRev'>): string =>
  tokenRev ?? secretRev;

/** Whether a lease is known to be no newer than the credential: it is about the same refresh token, or about the one before it. */
export const isLeaseKnown = (
  { tokenRev, nextRev }: RefreshLease,
  credential: Pick<StoredCredential, 'secretRev' | 'tokenRev'>,
): boolean => [tokenRev, nextRev].includes(refreshTokenRev(credential));

/**
 * Whether the holder of a lease has just stored the same access token again, and is about to put the back-off of its forced refresh
 * in place of the lease.
 */
export const isPausePending = (
  lease: RefreshLease | null,
  credential: Pick<StoredCredential, 'secretRev' | 'tokenRev' | 'accessRev'>,
  now: number,
): boolean =>
  lease?.held === true &&
  credential.accessRev !== null &&
  lease.nextRev === refreshTokenRev(credential) &&
  now < lease.until + CLOCK_ERROR_MILLISECONDS;

/** What the next lease on the same refresh token keeps of the refusals of this one. */
export const keptRefusal = (
  lease: RefreshLease | null,
  credential: Pick<StoredCredential, 'secretRev' | 'tokenRev'>,
): Pick<RefreshLease, 'refusal'> =>
  lease?.refusal && lease.tokenRev === refreshTokenRev(credential) ? { refusal: lease.refusal } : {};

const FREE: LeaseState = { kind: 'free', uncertain: false, failures: 0 };

const readExpiredLease = (lease: RefreshLease, { expiresAt }: Exchangeable, now: number): LeaseState => {
  const { failures, uncertain } = lease;
  if (!lease.rotates) return { kind: 'free', uncertain, failures };
  // Certainly expired, by every clock.
  return isExpired(expiresAt, now - CLOCK_ERROR_MILLISECONDS)
    ? { kind: 'free', uncertain: true, failures }
    : { kind: 'in_doubt' };
};

const readPause = ({ dispatched, until, uncertain, failures }: RefreshLease): LeaseState =>
  dispatched ? { kind: 'dispatched', uncertain, failures } : { kind: 'backing_off', until };

/** What a stored lease means for a caller that wants to refresh the credential now. */
export const leaseState = (lease: RefreshLease | null, credential: Exchangeable, now: number): LeaseState => {
  if (lease === null || lease.tokenRev !== refreshTokenRev(credential)) return FREE;
  // The reader's own clock may be ahead: a lease is over once it is over by every clock.
  if (lease.held)
    return now < lease.until + CLOCK_ERROR_MILLISECONDS ? { kind: 'held' } : readExpiredLease(lease, credential, now);
  if (now < lease.until) return readPause(lease);
  return { kind: 'free', uncertain: lease.uncertain, failures: lease.failures };
};

const FIRST_BACK_OFF_MILLISECONDS = 1_000;
const LONGEST_BACK_OFF_MILLISECONDS = 15_000;
const LONGEST_RETRY_AFTER_SECONDS = 60;

/** The wait after so many failures in a row (ms): doubling, with jitter, and at least the provider's Retry-After up to a minute. */
export const backOffMilliseconds = (failures: number, retryAfterSeconds: number | null, fraction: number): number => {
  const longest = Math.min(LONGEST_BACK_OFF_MILLISECONDS, FIRST_BACK_OFF_MILLISECONDS * 2 ** (failures - 1));
  const asked = Math.min(LONGEST_RETRY_AFTER_SECONDS, retryAfterSeconds ?? 0) * 1000;
  return Math.max(Math.round(longest * (0.5 + fraction / 2)), asked);
};

/** When the item of a lease may be deleted (epoch seconds): a week after it can last matter. */
export const leaseTtlSeconds = (lease: Pick<RefreshLease, 'until'>, expiresAt: number | null): number =>
  Math.ceil(Math.max(lease.until, expiresAt ?? 0) / 1000) + 7 * 86_400;
