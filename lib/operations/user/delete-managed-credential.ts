// Deletes a managed key: one transaction, no read.
import type { Deps } from '../../domain/ports/deps.ts';
import { writeUser } from '../../steps/credential/write-user.ts';

interface DeleteManagedCredential {
  userId: string;
  provider: string;
  expectedVersion?: number | undefined;
}

/** Throws `credential_not_found`, `version_conflict`, `user_erasing`. */
export const deleteManagedCredential = async (
  deps: Pick<Deps, 'users' | 'random' | 'limits'>,
  { userId, provider, expectedVersion }: DeleteManagedCredential,
): Promise<void> => {
  await writeUser(deps, userId, {
    token: deps.random.uuid(),
    expectedVersion,
    maxCredentials: deps.limits.maxCredentialsPerUser,
    changes: [{ kind: 'removeManaged', provider }],
  });
};
