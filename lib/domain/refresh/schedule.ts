// Plans when the sweep renews an OAuth credential, ahead of need and spread in time: one in use before its access token expires,
// any other only before its refresh token does. A credential without a planned renewal is not in the sweep's index.
import type { StoredCredential } from '../credential/credential.ts';
import { sha256 } from '../values/digest.ts';

const DAY_MILLISECONDS = 86_400_000;
const IN_USE_DAYS = 7;
const SHARDS = 16;
/** How long before a refresh token expires it is renewed. A token valid for less than the second value is not renewed for that. */
const REFRESH_TOKEN_LEAD_MILLISECONDS = DAY_MILLISECONDS;
const LAST_RENEWAL_MILLISECONDS = 3_600_000;

/** A position in the sweep's index. */
export interface Renewal {
  dueShard: string;
  /** Epoch milliseconds. */
  dueAt: number;
}

/** The operator's setting for renewals. */
export interface RenewalPolicy {
  /** The latest renewal, in seconds before the access token expires. */
  refreshLeadSeconds: number;
}

/** The day of an instant (epoch milliseconds), in days since the epoch (UTC). */
export const toDay = (milliseconds: number): number => Math.floor(milliseconds / DAY_MILLISECONDS);

/** Between one and one and a half times the lead before the end. A token with a short lifetime is renewed in its second half. */
const pickAhead = ({ start, end }: { start: number; end: number }, lead: number, fraction: number): number =>
  Math.floor(end - Math.min(lead, (end - start) / 2) * (1 + fraction / 2));

type Renewable = Pick<
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

const isInUse = ({ usedDay }: Renewable, now: number): boolean =>
  usedDay !== null && toDay(now) - usedDay < IN_USE_DAYS;

const times = (credential: Renewable, now: number, policy: RenewalPolicy & { fraction: number }): number[] => {
  const { expiresAt, refreshTokenExpiresAt, secretStoredAt: start } = credential;
  const at: number[] = [];
  if (expiresAt === null) return at;
  if (isInUse(credential, now))
    at.push(pickAhead({ start, end: expiresAt }, policy.refreshLeadSeconds * 1000, policy.fraction));
  if (refreshTokenExpiresAt !== null && refreshTokenExpiresAt - start > LAST_RENEWAL_MILLISECONDS)
    at.push(pickAhead({ start, end: refreshTokenExpiresAt }, REFRESH_TOKEN_LEAD_MILLISECONDS, policy.fraction));
  return at;
};

/** The partition keys of the sweep's index: writes are spread over them. */
export const dueShards: readonly string[] = Array.from({ length: SHARDS }, (_, shard) => `DUE#${shard}`);

const pickShard = ({ userId, id }: Renewable): string =>
  dueShards[Number.parseInt(sha256(JSON.stringify([userId, id]), 'hex').slice(0, 8), 16) % SHARDS] as string;

/** Plans the renewal of a credential; `fraction` in [0, 1) makes it earlier, for jitter. null: the sweep does not renew it. */
export const planRenewal = (
  credential: Renewable,
  now: number,
  policy: RenewalPolicy & { fraction: number },
): Renewal | null => {
  if (credential.type !== 'oauth2' || !credential.hasRefreshToken || credential.brokenReason !== null) return null;
  const at = times(credential, now, policy);
  return at.length === 0 ? null : { dueShard: pickShard(credential), dueAt: Math.min(...at) };
};
