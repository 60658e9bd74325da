// Deletes a credential, readable or not: an OAuth grant is revoked at its provider first, in bounded time, and gone from here
// whatever the provider says. It never comes back, since every later write of a refresh is conditioned on its secret.

import { isSystemCredential } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { readRow } from '../../steps/credential/read-row.ts';
import { type Revocation, revokeCredential } from '../../steps/credential/revoke-credential.ts';
import { retryOnConflict, writeUser } from '../../steps/credential/write-user.ts';

interface DeleteCredential {
  userId: string;
  id: string;
  expectedVersion?: number | undefined;
}

export interface Disconnected extends Revocation {
  deleted: true;
}

type DeleteDeps = Pick<Deps, 'users' | 'clock' | 'random' | 'sleep' | 'limits' | 'sealer' | 'providers' | 'oauth'>;

const NOTHING_REVOKED: Revocation = { revoked: null, revokedTokens: [] };

const deleteOnce = async (
  deps: DeleteDeps,
  { userId, id, expectedVersion }: DeleteCredential,
): Promise<Disconnected | 'changed'> => {
  const row = await readRow(deps, { userId, id, expectedVersion });
  const revocation = row.readable ? await revokeCredential(deps, row.credential) : NOTHING_REVOKED;
  const outcome = await writeUser(deps, userId, {
    token: deps.random.uuid(),
    expectedVersion,
    maxCredentials: deps.limits.maxCredentialsPerUser,
    // Only the very one that was read: a grant that took its place meanwhile is revoked in its turn, and an attempt that
    // arrives after its refusal removes nothing that was stored since.
    changes: [{ kind: 'remove', credentialId: id, when: row.readable ? row.rowVersion : 'present' }],
  });
  return outcome === 'written' ? { deleted: true, ...revocation } : 'changed';
};

/**
 * Throws `system_credential`, `credential_not_found`, `version_conflict`, `user_erasing`, `keys_unavailable`,
 * `secrets_unavailable`.
 */
export const deleteCredential = async (deps: DeleteDeps, request: DeleteCredential): Promise<Disconnected> => {
  if (isSystemCredential(request.id)) throw new ServiceError('system_credential');
  return retryOnConflict(deps, () => deleteOnce(deps, request));
};
