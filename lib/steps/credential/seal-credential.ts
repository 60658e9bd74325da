// Makes the stored row of a credential: the secret part sealed under a new secretRev, the rest in plain attributes.
import { type StoredCredential, sealContext } from '../../domain/credential/credential.ts';
import { publicData, type SealableCredential, secretDocument } from '../../domain/credential/new-credential.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { planRenewal } from '../../domain/refresh/schedule.ts';

/** What a row has besides the credential itself. Times are epoch milliseconds. */
interface RowIdentity {
  userId: string;
  id: string;
  version: number;
  createdAt: number;
  ordinal: number;
  now: number;
  /** The day the replaced credential was last used. */
  usedDay?: number | null;
  /** The name of the refresh token, when a replacement keeps it. */
  tokenRev?: string | null;
}

const publicFields = (credential: SealableCredential) => ({
  provider: credential.provider,
  type: credential.type,
  title: credential.title ?? null,
  host: credential.type === 'host_scoped' ? credential.host : null,
  username: credential.type === 'oauth2' ? (credential.username ?? null) : null,
  accountId: credential.type === 'oauth2' ? (credential.accountId ?? null) : null,
  scopes: credential.type === 'oauth2' ? [...new Set(credential.scopes)] : null,
  data: publicData(credential),
  resource: credential.type === 'oauth2' ? (credential.server?.resource ?? null) : null,
  expiresAt: readExpiry(credential),
  refreshTokenExpiresAt: credential.type === 'oauth2' ? (credential.refreshTokenExpiresAt ?? null) : null,
  hasRefreshToken: credential.type === 'oauth2' && credential.refreshToken !== undefined,
});

const readExpiry = (credential: SealableCredential): number | null => {
  if (credential.type === 'api_key') return credential.expiresAt ?? null;
  return credential.type === 'oauth2' ? (credential.accessTokenExpiresAt ?? null) : null;
};

/** Seals the secret under a new data key and returns the row to store. Throws `keys_unavailable`. */
export const sealCredential = async (
  deps: Pick<Deps, 'sealer' | 'random' | 'limits'>,
  credential: SealableCredential,
  { now, usedDay = null, tokenRev = null, ...identity }: RowIdentity,
): Promise<StoredCredential> => {
  const unsealed = {
    ...identity,
    ...publicFields(credential),
    secretStoredAt: now,
    brokenReason: null,
    secretRev: deps.random.uuid(),
    tokenRev,
    accessRev: null,
    updatedAt: now,
    usedDay,
  };
  const renewal = planRenewal(unsealed, now, { ...deps.limits, fraction: deps.random.fraction() });
  const placed = { ...unsealed, dueShard: renewal?.dueShard ?? null, dueAt: renewal?.dueAt ?? null };
  const sealed = await deps.sealer.seal(sealContext(placed), secretDocument(credential));
  return { ...placed, ...sealed };
};
