// Adds a credential to a user: one transaction, no read. A create repeated with the same id finds its own credential.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { NewCredential } from '../../domain/credential/new-credential.ts';
import { isSystemCredential } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { sealCredential } from '../../steps/credential/seal-credential.ts';
import { writeUser } from '../../steps/credential/write-user.ts';

interface AddCredential {
  userId: string;
  credential: NewCredential;
  expectedVersion?: number | undefined;
}

/**
 * Stores a new credential, under the caller's id or a new one.
 * Throws `system_credential`, `credential_exists`, `credential_limit`, `version_conflict`, `user_erasing`.
 */
export const addCredential = async (
  deps: Pick<Deps, 'users' | 'sealer' | 'clock' | 'random' | 'limits'>,
  { userId, credential, expectedVersion }: AddCredential,
): Promise<StoredCredential> => {
  const id = credential.id ?? deps.random.uuid();
  if (isSystemCredential(id)) throw new ServiceError('system_credential');
  const now = deps.clock.now();
  const stored = await sealCredential(deps, credential, { userId, id, version: 1, createdAt: now, ordinal: 0, now });
  await writeUser(deps, userId, {
    token: deps.random.uuid(),
    expectedVersion,
    maxCredentials: deps.limits.maxCredentialsPerUser,
    changes: [{ kind: 'put', credential: stored, when: 'absent' }],
  });
  return stored;
};
