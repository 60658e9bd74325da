// Stores a managed key: a key the operator holds for one user at one provider (such as Ayrshare's profile key). It replaces an
// earlier one.
import { managedSealContext } from '../../domain/credential/credential.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { writeUser } from '../../steps/credential/write-user.ts';

interface PutManagedCredential {
  userId: string;
  provider: string;
  secret: string;
  expectedVersion?: number | undefined;
}

/**
 * Seals and stores the key. Throws `version_conflict`, `user_erasing`, `credential_unreadable` (the stored key was written by a
 * newer release), `keys_unavailable`.
 */
export const putManagedCredential = async (
  deps: Pick<Deps, 'users' | 'sealer' | 'clock' | 'random' | 'limits'>,
  { userId, provider, secret, expectedVersion }: PutManagedCredential,
): Promise<void> => {
  const unsealed = { userId, provider, secretRev: deps.random.uuid(), updatedAt: deps.clock.now() };
  const sealed = await deps.sealer.seal(managedSealContext(unsealed), { secret });
  await writeUser(deps, userId, {
    expectedVersion,
    changes: [{ kind: 'putManaged', managed: { ...unsealed, ...sealed } }],
  });
};
