// Changes the title of a credential and nothing else; the sealed secret is written back as it was read.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import { isSystemCredential } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { readRow } from '../../steps/credential/read-row.ts';
import { retryOnConflict, writeUser } from '../../steps/credential/write-user.ts';

interface RenameCredential {
  userId: string;
  id: string;
  title: string;
  expectedVersion?: number | undefined;
}

/** Throws `system_credential`, `credential_not_found`, `credential_unreadable`, `version_conflict`, `user_erasing`. */
export const renameCredential = async (
  deps: Pick<Deps, 'users' | 'clock' | 'random' | 'sleep' | 'limits'>,
  { userId, id, title, expectedVersion }: RenameCredential,
): Promise<StoredCredential> => {
  if (isSystemCredential(id)) throw new ServiceError('system_credential');
  return retryOnConflict(deps, async () => {
    const row = await readRow(deps, { userId, id, expectedVersion });
    if (!row.readable) throw new ServiceError('credential_unreadable');
    const { credential, rowVersion } = row;
    const renamed = { ...credential, title, version: credential.version + 1, updatedAt: deps.clock.now() };
    const outcome = await writeUser(deps, userId, {
      token: deps.random.uuid(),
      expectedVersion,
      maxCredentials: deps.limits.maxCredentialsPerUser,
      changes: [{ kind: 'put', credential: renamed, when: rowVersion }],
    });
    return outcome === 'written' ? renamed : 'changed';
  });
};
