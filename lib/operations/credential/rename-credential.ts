// Changes the title of a credential and nothing else; the sealed secret is written back as it was read, never opened.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { readRow } from '../../steps/credential/read-row.ts';
import { rejectSystemCredential } from '../../steps/credential/reject-system-credential.ts';
import { retryOnConflict, writeUser } from '../../steps/credential/write-user.ts';

interface RenameCredential {
  userId: string;
  id: string;
  title: string;
  expectedVersion?: number | undefined;
}

/**
 * Renames a credential; returns it as stored. Throws `system_credential`, `credential_not_found`, `credential_unreadable`,
 * `version_conflict`, `user_erasing`, `store_busy`.
 */
export const renameCredential = async (
  deps: Pick<Deps, 'users' | 'clock' | 'random' | 'sleep' | 'limits'>,
  { userId, id, title, expectedVersion }: RenameCredential,
): Promise<StoredCredential> => {
  rejectSystemCredential(id);
  return retryOnConflict(deps, async () => {
    const row = await readRow(deps, { userId, id, expectedVersion });
    if (!row.readable) throw new ServiceError('credential_unreadable');
    const { credential, rowVersion } = row;
    const renamed = { ...credential, title, version: credential.version + 1, updatedAt: deps.clock.now() };
    const outcome = await writeUser(deps, userId, {
      expectedVersion,
      changes: [{ kind: 'put', credential: renamed, when: rowVersion }],
    });
    return outcome === 'written' ? renamed : 'conflict';
  });
};
