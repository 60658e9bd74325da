// Deletes a managed key in one transaction, without a read.
import type { Deps } from '../../domain/ports/deps.ts';
import { writeUser } from '../../steps/credential/write-user.ts';

interface DeleteManagedCredential {
  userId: string;
  provider: string;
  expectedVersion?: number | undefined;
}

/** Deletes the key stored for a user at a provider. Throws `credential_not_found`, `version_conflict`, `user_erasing`. */
export const deleteManagedCredential = async (
  deps: Pick<Deps, 'users' | 'random' | 'limits'>,
  { userId, provider, expectedVersion }: DeleteManagedCredential,
): Promise<void> => {
  await writeUser(deps, userId, {
    expectedVersion,
    changes: [{ kind: 'removeManaged', provider }],
  });
};
