// A refresh whose place was taken while the provider was at work. What took it wins, but may have kept the refresh token that is
// spent by now: then it is handed the successor, the only one that lives. Of a grant that is gone all that came is revoked.
import { OAuth2Secret, type StoredCredential, sealContext } from '../../domain/credential/credential.ts';
import { refreshedFields, refreshedLifetimes } from '../../domain/refresh/result.ts';
import { isEqualDigest } from '../../domain/values/digest.ts';
import { revokeTokens } from '../credential/revoke-credential.ts';
import { clientOf } from './exchange.ts';
import { type Exchanged, type HeldLease, keyOf, type RefreshDeps } from './prepare-refresh.ts';

/** Each may meet another change. */
const MAX_TRIES = 3;

/** The row with the successor in the place of the spent token; null when it has another token, or none. */
const withSuccessor = async (deps: RefreshDeps, stored: StoredCredential, { grant, secret, askedAt }: Exchanged) => {
  if (grant.refreshToken === null || isEqualDigest(grant.refreshToken, secret.refreshToken)) return null;
  if (!stored.hasRefreshToken) return null;
  const seal = await deps.sealer.openToReseal(sealContext(stored), stored);
  const { data: document } = OAuth2Secret.safeParse(seal.document);
  if (document?.refreshToken === undefined || !isEqualDigest(document.refreshToken, secret.refreshToken)) return null;
  const { refreshTokenExpiresAt } = refreshedLifetimes(grant, stored, askedAt);
  const next = { ...stored, refreshTokenExpiresAt, secretRev: deps.random.uuid(), tokenRev: null };
  return { ...next, sealed: await seal.reseal(sealContext(next), { ...document, refreshToken: grant.refreshToken }) };
};

/** Throws `credential_unreadable`, `keys_unavailable`, `store_busy`, `store_unavailable`. */
export const handOnToken = async (
  deps: RefreshDeps,
  { known, credential: { userId, id } }: HeldLease,
  exchanged: Exchanged & { came: OAuth2Secret },
): Promise<void> => {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const row = await deps.users.readCredential(userId, id);
    if (row === null) {
      // Its deletion could revoke only the tokens it knew.
      await revokeTokens(deps, clientOf(known, exchanged.secret.variables ?? {}), exchanged.came);
      return;
    }
    const next = row.readable ? await withSuccessor(deps, row.credential, exchanged) : null;
    if (next === null || !row.readable) return;
    if (await deps.refreshes.storeRefreshed(keyOf(next), row.credential.secretRev, refreshedFields(next))) return;
  }
};
