// What a refresh makes of a stored grant. Id, title, account, metadata and tenant stay; so do the scopes unless the provider
// names new ones, and the refresh token when none comes.
import type { OAuth2Secret, StoredCredential } from '../credential/credential.ts';
import type { TokenResponse } from '../oauth/token-response.ts';

/** What a refresh makes of a grant: another secret, under another secretRev, and what is known of it. */
export type RefreshedSecret = Pick<
  StoredCredential,
  | 'secretRev'
  | 'tokenRev'
  | 'sealed'
  | 'scopes'
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

/** A new refresh token has its own life, or one that is not known; a kept one has what it had, unless the provider says more. */
const refreshTokenEnd = (grant: TokenResponse, stored: StoredCredential, now: number): number | null => {
  const said = after(now, grant.refreshTokenExpiresInSeconds);
  return grant.refreshToken === null ? (said ?? stored.refreshTokenExpiresAt) : said;
};

/** `askedAt`: when the provider was asked; a lifetime is never counted from later. */
export const refreshedLifetimes = (grant: TokenResponse, stored: StoredCredential, askedAt: number): Lifetimes => ({
  secretStoredAt: askedAt,
  expiresAt: after(askedAt, grant.expiresInSeconds),
  refreshTokenExpiresAt: refreshTokenEnd(grant, stored, askedAt),
});

/** An empty list names none: the stored ones stay (a connection reads it the other way, since there nothing is stored). */
export const refreshedScopes = (grant: TokenResponse, stored: StoredCredential): string[] | null =>
  grant.scopes === null || grant.scopes.length === 0 ? stored.scopes : grant.scopes;

export const refreshedSecret = (grant: TokenResponse, stored: OAuth2Secret): OAuth2Secret => ({
  ...stored,
  accessToken: grant.accessToken,
  ...(grant.refreshToken !== null && { refreshToken: grant.refreshToken }),
});

/** What of a row is another with another secret. */
export const refreshedFields = (credential: StoredCredential): RefreshedSecret => ({
  secretRev: credential.secretRev,
  tokenRev: credential.tokenRev,
  sealed: credential.sealed,
  scopes: credential.scopes,
  expiresAt: credential.expiresAt,
  refreshTokenExpiresAt: credential.refreshTokenExpiresAt,
  hasRefreshToken: credential.hasRefreshToken,
  secretStoredAt: credential.secretStoredAt,
  usedDay: credential.usedDay,
  dueShard: credential.dueShard,
  dueAt: credential.dueAt,
});
