// The row changed during the provider call. The change wins, but if it kept the refresh token that is now spent, it gets the
// successor: the only one that still works. If the row was deleted, the new tokens are revoked, as by the deletion.
import { OAuth2Secret, type StoredCredential, sealContext } from '../../domain/credential/credential.ts';
import { accessTokenRev } from '../../domain/credential/token-ref.ts';
import { bindGrant } from '../../domain/oauth/grant-binding.ts';
import { refreshedFields, refreshedLifetimes, refreshedSecret } from '../../domain/refresh/result.ts';
import { isEqualDigest } from '../../domain/values/digest.ts';
import { revokeTokens } from '../disconnect/revoke-credential.ts';
import { findSharedVersion } from '../disconnect/shared-account.ts';
import type { Exchanged } from './exchange.ts';
import { type HeldLease, type RefreshDeps, toCredentialKey } from './lease.ts';

/** Each attempt may meet another change of the row. */
const MAX_TRIES = 3;

/** The row with the successor instead of the spent refresh token; null when it holds another token, or none. */
const buildWithSuccessor = async (
  deps: RefreshDeps,
  stored: StoredCredential,
  { response, secret, requestedAt, client }: Exchanged,
) => {
  if (response.refreshToken === null || isEqualDigest(response.refreshToken, secret.refreshToken)) return null;
  if (!stored.hasRefreshToken) return null;
  const seal = await deps.sealer.openToReseal(sealContext(stored), stored, { keepKey: true });
  const { data: document } = OAuth2Secret.safeParse(seal.document);
  if (document?.refreshToken === undefined || !isEqualDigest(document.refreshToken, secret.refreshToken)) return null;
  const { refreshTokenExpiresAt } = refreshedLifetimes(response, stored, requestedAt);
  const revs = { secretRev: deps.random.uuid(), tokenRev: null, accessRev: accessTokenRev(stored) };
  const next = { ...stored, refreshTokenExpiresAt, ...revs };
  const successor = { ...document, refreshToken: response.refreshToken, ...bindGrant(client) };
  return { ...next, ...(await seal.reseal(sealContext(next), successor)) };
};

/** Throws `credential_unreadable`, `keys_unavailable`, `store_busy`, `store_unavailable`. */
export const reconcileLostRefresh = async (
  deps: RefreshDeps,
  { credential }: HeldLease,
  exchanged: Exchanged,
): Promise<void> => {
  const { userId, id } = credential;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const row = await deps.users.readCredential(userId, id);
    if (row === null) {
      // The deletion could revoke only the tokens that were stored then.
      if ((await findSharedVersion(deps, exchanged.client, credential)) !== null) return;
      await revokeTokens(deps, exchanged.client, refreshedSecret(exchanged.response, exchanged.secret));
      return;
    }
    const next = row.readable ? await buildWithSuccessor(deps, row.credential, exchanged) : null;
    if (next === null || !row.readable) return;
    const { secretRev } = row.credential;
    if (await deps.refreshes.storeRefreshed(toCredentialKey(next), secretRev, refreshedFields(next))) return;
  }
};
