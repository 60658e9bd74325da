// The lease under which one caller of all refreshes a grant, and the back-off after a failure. It is for thrift: what keeps
// secrets right is that every write names the secret it was made from. A lease names the token, and means nothing for another.
import * as z from 'zod';
import type { StoredCredential } from '../credential/credential.ts';
import { isExpired } from '../values/expiry.ts';

export const RefreshLease = z.object({
  /** New with every change, so that one can be put in another's place only as it was seen. */
  id: z.string(),
  /** The refresh token that is, or was to be, exchanged (`tokenRevOf`). */
  tokenRev: z.string(),
  /** Epoch milliseconds: held until then, or the provider left alone until then. */
  until: z.number(),
  held: z.boolean(),
  /** Whether the provider may take a refresh token once only: then a lease that lapsed may have spent it. */
  rotates: z.boolean(),
  /** An earlier lease on this token lapsed, or an answer was lost: a refusal may be for that alone. */
  uncertain: z.boolean(),
  /** Transient failures in a row. */
  failures: z.int().nonnegative(),
});
export type RefreshLease = z.infer<typeof RefreshLease>;

export type LeaseState =
  | { kind: 'free'; uncertain: boolean; failures: number }
  | { kind: 'held' }
  | { kind: 'backing_off'; until: number }
  /** The token may have been spent, and the access token still lives: nothing is tried until it does not. */
  | { kind: 'in_doubt' };

type Exchangeable = Pick<StoredCredential, 'secretRev' | 'tokenRev' | 'expiresAt'>;

/** The name of a grant's refresh token: new with every refresh, kept by a replacement that keeps the token. */
export const refreshTokenRev = ({ tokenRev, secretRev }: Pick<StoredCredential, 'secretRev' | 'tokenRev'>): string =>
  tokenRev ?? secretRev;

const FREE: LeaseState = { kind: 'free', uncertain: false, failures: 0 };

const lapsed = (lease: RefreshLease, { expiresAt }: Exchangeable, now: number): LeaseState => {
  const { failures, uncertain } = lease;
  if (!lease.rotates) return { kind: 'free', uncertain, failures };
  return isExpired(expiresAt, now) ? { kind: 'free', uncertain: true, failures } : { kind: 'in_doubt' };
};

/** What a stored lease means for a caller that wants to refresh the credential now. */
export const leaseState = (lease: RefreshLease | null, credential: Exchangeable, now: number): LeaseState => {
  if (lease === null || lease.tokenRev !== refreshTokenRev(credential)) return FREE;
  if (now < lease.until) return lease.held ? { kind: 'held' } : { kind: 'backing_off', until: lease.until };
  if (lease.held) return lapsed(lease, credential, now);
  return { kind: 'free', uncertain: lease.uncertain, failures: lease.failures };
};

const FIRST_BACK_OFF_MILLISECONDS = 1_000;
const LONGEST_BACK_OFF_MILLISECONDS = 15_000;
const LONGEST_RETRY_AFTER_SECONDS = 60;

/** How long to leave the provider alone after so many failures in a row: doubling, jittered, and never less than it asked. */
export const backOffMilliseconds = (failures: number, retryAfterSeconds: number | null, fraction: number): number => {
  const longest = Math.min(LONGEST_BACK_OFF_MILLISECONDS, FIRST_BACK_OFF_MILLISECONDS * 2 ** (failures - 1));
  const asked = Math.min(LONGEST_RETRY_AFTER_SECONDS, retryAfterSeconds ?? 0) * 1000;
  return Math.max(Math.round(longest * (0.5 + fraction / 2)), asked);
};

/** How long the item of a lease is kept: as long as it may say that a token was spent, and no shorter than a week. */
export const leaseTtlSeconds = (lease: RefreshLease, expiresAt: number | null): number =>
  Math.ceil(Math.max(lease.until, expiresAt ?? 0) / 1000) + 7 * 86_400;
