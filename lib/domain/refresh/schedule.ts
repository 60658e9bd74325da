// When the sweep should renew a grant, ahead of need and spread in time: one in use before its access token lapses, any other
// only before its refresh token would. A grant that is due nowhere is in no index.
import type { StoredCredential } from '../credential/credential.ts';
import { sha256 } from '../values/digest.ts';

const DAY_MILLISECONDS = 86_400_000;
const IN_USE_DAYS = 7;
const SHARDS = 16;
/** Before a refresh token lapses; what is nearer its end than the last is let go. */
const REFRESH_TOKEN_LEAD_MILLISECONDS = DAY_MILLISECONDS;
const LAST_RENEWAL_MILLISECONDS = 3_600_000;

export interface Renewal {
  dueShard: string;
  /** Epoch milliseconds. */
  dueAt: number;
}

export interface DuePolicy {
  /** How long before an access token lapses it is to be renewed, at the latest. */
  refreshLeadSeconds: number;
}

/** The day of an instant, counted from the epoch (UTC). */
export const toDay = (milliseconds: number): number => Math.floor(milliseconds / DAY_MILLISECONDS);

/** Between one and one and a half times the lead before the end; a short life is renewed in its second half. */
const aheadOf = ({ start, end }: { start: number; end: number }, lead: number, fraction: number): number =>
  Math.floor(end - Math.min(lead, (end - start) / 2) * (1 + fraction / 2));

type Grant = Pick<
  StoredCredential,
  | 'userId'
  | 'id'
  | 'type'
  | 'hasRefreshToken'
  | 'brokenReason'
  | 'expiresAt'
  | 'refreshTokenExpiresAt'
  | 'secretStoredAt'
  | 'usedDay'
>;

const isInUse = ({ usedDay }: Grant, now: number): boolean => usedDay !== null && toDay(now) - usedDay < IN_USE_DAYS;

const times = (grant: Grant, now: number, policy: DuePolicy & { fraction: number }): number[] => {
  const { expiresAt, refreshTokenExpiresAt, secretStoredAt: start } = grant;
  const at: number[] = [];
  if (expiresAt === null) return at;
  if (isInUse(grant, now))
    at.push(aheadOf({ start, end: expiresAt }, policy.refreshLeadSeconds * 1000, policy.fraction));
  if (refreshTokenExpiresAt !== null && refreshTokenExpiresAt - start > LAST_RENEWAL_MILLISECONDS)
    at.push(aheadOf({ start, end: refreshTokenExpiresAt }, REFRESH_TOKEN_LEAD_MILLISECONDS, policy.fraction));
  return at;
};

/** The index spreads its writes over so many partitions. */
export const dueShards: readonly string[] = Array.from({ length: SHARDS }, (_, shard) => `DUE#${shard}`);

const shardOf = ({ userId, id }: Grant): string =>
  dueShards[Number.parseInt(sha256(JSON.stringify([userId, id]), 'hex').slice(0, 8), 16) % SHARDS] as string;

/** When to renew it, by chance (a fraction in [0, 1)) earlier; null: not by the sweep. */
export const planRenewal = (grant: Grant, now: number, policy: DuePolicy & { fraction: number }): Renewal | null => {
  if (grant.type !== 'oauth2' || !grant.hasRefreshToken || grant.brokenReason !== null) return null;
  const at = times(grant, now, policy);
  return at.length === 0 ? null : { dueShard: shardOf(grant), dueAt: Math.min(...at) };
};
