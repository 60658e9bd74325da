// The fields that a refresh changes. Id, title, account, metadata and tenant stay; so do the scopes unless the reply names new
// ones, and the refresh token if the reply has none.
import type { OAuth2Secret, StoredCredential } from '../credential/credential.ts';
import { accessTokenRev } from '../credential/token-ref.ts';
import type { TokenResponse } from '../oauth/token-response.ts';
import { isEqualDigest } from '../values/digest.ts';

/** The stored fields that a refresh replaces: the sealed secret under a new secretRev with its data key, and what describes it. */
export type RefreshedSecret = Pick<
  StoredCredential,
  | 'secretRev'
  | 'tokenRev'
  | 'accessRev'
  | 'sealed'
  | 'wrappedKey'
  | 'scopes'
  | 'data'
  | 'expiresAt'
  | 'refreshTokenExpiresAt'
  | 'hasRefreshToken'
  | 'secretStoredAt'
  | 'usedDay'
  | 'dueShard'
  | 'dueAt'
>;

type Lifetimes = Pick<StoredCredential, 'expiresAt' | 'refreshTokenExpiresAt' | 'secretStoredAt'>;

const after = (now: number, seconds: number | null): number | null => (seconds === null ? null : now + seconds * 1000);

/** A new refresh token has the expiry of the reply, or an unknown one; a kept token keeps its expiry unless the reply has one. */
const refreshTokenEnd = (grant: TokenResponse, stored: StoredCredential, now: number): number | null => {
  const said = after(now, grant.refreshTokenExpiresInSeconds);
  return grant.refreshToken === null ? (said ?? stored.refreshTokenExpiresAt) : said;
};

/** Expiries after a refresh (epoch milliseconds). Lifetimes count from when the request was sent, never from later. */
export const refreshedLifetimes = (grant: TokenResponse, stored: StoredCredential, askedAt: number): Lifetimes => ({
  secretStoredAt: askedAt,
  expiresAt: after(askedAt, grant.expiresInSeconds),
  refreshTokenExpiresAt: refreshTokenEnd(grant, stored, askedAt),
});

/** The scopes after a refresh. An empty list in the reply names none, so the stored ones stay; for a new connection it means none. */
export const refreshedScopes = (grant: TokenResponse, stored: StoredCredential): string[] | null =>
  grant.scopes === null || grant.scopes.length === 0 ? stored.scopes : grant.scopes;

/** The secret document after a refresh: the new tokens; all else as stored. The caller adds what they are bound to. */
export const refreshedSecret = (grant: TokenResponse, stored: OAuth2Secret): OAuth2Secret => ({
  ...stored,
  accessToken: grant.accessToken,
  ...(grant.refreshToken !== null && { refreshToken: grant.refreshToken }),
  ...(Object.keys(grant.kept.secret).length > 0 && { data: { ...stored.data, ...grant.kept.secret } }),
});

/** The values shown after a refresh: those that the reply brings replace the stored ones. One that failed its check is not among them. */
export const refreshedData = (grant: TokenResponse, stored: StoredCredential): StoredCredential['data'] =>
  Object.keys(grant.kept.data).length > 0 ? { ...stored.data, ...grant.kept.data } : stored.data;

/** The id of the access token after a refresh. A provider that answers the same token again keeps its id. */
export const refreshedAccessRev = (
  grant: TokenResponse,
  stored: StoredCredential,
  { accessToken }: OAuth2Secret,
): string | null => (isEqualDigest(grant.accessToken, accessToken) ? accessTokenRev(stored) : null);

/** Picks the fields of a row that a refresh writes. */
export const refreshedFields = (credential: StoredCredential): RefreshedSecret => ({
  secretRev: credential.secretRev,
  tokenRev: credential.tokenRev,
  accessRev: credential.accessRev,
  sealed: credential.sealed,
  wrappedKey: credential.wrappedKey,
  scopes: credential.scopes,
  data: credential.data,
  expiresAt: credential.expiresAt,
  refreshTokenExpiresAt: credential.refreshTokenExpiresAt,
  hasRefreshToken: credential.hasRefreshToken,
  secretStoredAt: credential.secretStoredAt,
  usedDay: credential.usedDay,
  dueShard: credential.dueShard,
  dueAt: credential.dueAt,
});
