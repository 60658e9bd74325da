// Deletes a credential, readable or not. An OAuth credential is revoked at its provider first, in bounded time; the row is
// deleted for every answer of the provider. A refresh that is under way cannot bring it back: its write requires the old secretRev.
import type { Deps } from '../../domain/ports/deps.ts';
import { readRow } from '../../steps/credential/read-row.ts';
import { rejectSystemCredential } from '../../steps/credential/reject-system-credential.ts';
import { type Revocation, revokeCredential } from '../../steps/credential/revoke-credential.ts';
import { retryOnConflict, writeUser } from '../../steps/credential/write-user.ts';

interface DeleteCredential {
  userId: string;
  id: string;
  expectedVersion?: number | undefined;
}

/** The answer to a deletion: which tokens the provider has revoked. */
export interface Disconnected extends Revocation {
  deleted: true;
}

type DeleteDeps = Pick<Deps, 'users' | 'clock' | 'random' | 'sleep' | 'limits' | 'sealer' | 'providers' | 'oauth'>;

const NOTHING_REVOKED: Revocation = { revoked: null, revokedTokens: [] };

const deleteOnce = async (
  deps: DeleteDeps,
  { userId, id, expectedVersion }: DeleteCredential,
): Promise<Disconnected | 'conflict'> => {
  const row = await readRow(deps, { userId, id, expectedVersion });
  const revocation = row.readable ? await revokeCredential(deps, row.credential) : NOTHING_REVOKED;
  const outcome = await writeUser(deps, userId, {
    expectedVersion,
    // Only the row that was read: tokens stored meanwhile must be revoked too, by another attempt; and an attempt that the
    // table receives late cannot delete a row that was stored since.
    changes: [{ kind: 'remove', credentialId: id, when: row.readable ? row.rowVersion : 'present' }],
  });
  return outcome === 'written' ? { deleted: true, ...revocation } : 'conflict';
};

/**
 * Revokes and deletes a credential. Throws `system_credential`, `credential_not_found`, `version_conflict`, `user_erasing`,
 * `keys_unavailable`, `secrets_unavailable`, `store_busy`.
 */
export const deleteCredential = async (deps: DeleteDeps, request: DeleteCredential): Promise<Disconnected> => {
  rejectSystemCredential(request.id);
  return retryOnConflict(deps, () => deleteOnce(deps, request));
};
