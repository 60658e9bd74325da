// Replaces a credential by another of the same type and provider. The last writer wins, unless the caller names the version
// it has seen.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { NewCredential } from '../../domain/credential/new-credential.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { invalidRequest } from '../../domain/values/service-error.ts';
import { assertVariables } from '../../steps/credential/check-variables.ts';
import { readRow } from '../../steps/credential/read-row.ts';
import { rejectSystemCredential } from '../../steps/credential/reject-system-credential.ts';
import { replaceRow } from '../../steps/credential/replace-row.ts';
import { retryOnConflict, writeUser } from '../../steps/credential/write-user.ts';

interface ReplaceCredential {
  userId: string;
  id: string;
  credential: NewCredential;
  expectedVersion?: number | undefined;
}

/**
 * Replaces a credential; returns it as stored. Throws `system_credential`, `invalid_request` (another id in the body, a
 * variable),
 * `credential_not_found`, `type_mismatch`, `provider_mismatch`, `scopes_narrowed`, `credential_unreadable` (written by a newer
 * release), `version_conflict`, `user_erasing`, `keys_unavailable`, `store_busy`.
 */
export const replaceCredential = async (
  deps: Pick<Deps, 'users' | 'sealer' | 'templates' | 'clock' | 'random' | 'sleep' | 'limits' | 'scopeRules'>,
  { userId, id, credential, expectedVersion }: ReplaceCredential,
): Promise<StoredCredential> => {
  rejectSystemCredential(id);
  if (credential.id !== undefined && credential.id !== id) throw invalidRequest('#/id', 'must be the id in the path');
  await assertVariables(deps, credential);
  return retryOnConflict(deps, async () => {
    const row = await readRow(deps, { userId, id, expectedVersion });
    const stored = await replaceRow(deps, row, { userId, id, next: credential });
    const outcome = await writeUser(deps, userId, {
      expectedVersion,
      changes: [{ kind: 'put', credential: stored, when: row.rowVersion }],
    });
    return outcome === 'written' ? stored : 'conflict';
  });
};
