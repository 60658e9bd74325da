// From what a caller sent to the row that is stored: the secret part sealed under a new secretRev, the rest beside it.
import { type StoredCredential, sealContext } from '../../domain/credential/credential.ts';
import { type SealableCredential, secretDocument } from '../../domain/credential/new-credential.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { planRenewal } from '../../domain/refresh/schedule.ts';

interface Incarnation {
  userId: string;
  id: string;
  version: number;
  createdAt: number;
  ordinal: number;
  now: number;
  /** Of the credential whose place it takes. */
  usedDay?: number | null;
  /** Of the refresh token, where it is kept. */
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
  expiresAt: expiryOf(credential),
  refreshTokenExpiresAt: credential.type === 'oauth2' ? (credential.refreshTokenExpiresAt ?? null) : null,
  hasRefreshToken: credential.type === 'oauth2' && credential.refreshToken !== undefined,
});

const expiryOf = (credential: SealableCredential): number | null => {
  if (credential.type === 'api_key') return credential.expiresAt ?? null;
  return credential.type === 'oauth2' ? (credential.accessTokenExpiresAt ?? null) : null;
};

/** Seals a credential as a row. Throws `keys_unavailable`. */
export const sealCredential = async (
  deps: Pick<Deps, 'sealer' | 'random' | 'limits'>,
  credential: SealableCredential,
  { now, usedDay = null, tokenRev = null, ...incarnation }: Incarnation,
): Promise<StoredCredential> => {
  const unsealed = {
    ...incarnation,
    ...publicFields(credential),
    secretStoredAt: now,
    brokenReason: null,
    secretRev: deps.random.uuid(),
    tokenRev,
    updatedAt: now,
    usedDay,
  };
  const due = planRenewal(unsealed, now, { ...deps.limits, fraction: deps.random.fraction() });
  const placed = { ...unsealed, dueShard: due?.dueShard ?? null, dueAt: due?.dueAt ?? null };
  const sealed = await deps.sealer.seal(sealContext(placed), secretDocument(credential));
  return { ...placed, ...sealed };
};
