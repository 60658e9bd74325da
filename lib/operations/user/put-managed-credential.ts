// Stores a key that the operator holds for one user at a provider (Ayrshare's profile key), in place of an earlier one.
import { managedSealContext } from '../../domain/credential/credential.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { writeUser } from '../../steps/credential/write-user.ts';

interface PutManagedCredential {
  userId: string;
  provider: string;
  secret: string;
  expectedVersion?: number | undefined;
}

/** Throws `version_conflict`, `user_erasing`, `credential_unreadable` (the stored one was written by a newer release). */
export const putManagedCredential = async (
  deps: Pick<Deps, 'users' | 'sealer' | 'clock' | 'random' | 'limits'>,
  { userId, provider, secret, expectedVersion }: PutManagedCredential,
): Promise<void> => {
  const unsealed = { userId, provider, secretRev: deps.random.uuid(), updatedAt: deps.clock.now() };
  const sealed = await deps.sealer.seal(managedSealContext(unsealed), { secret });
  await writeUser(deps, userId, {
    token: deps.random.uuid(),
    expectedVersion,
    maxCredentials: deps.limits.maxCredentialsPerUser,
    changes: [{ kind: 'putManaged', managed: { ...unsealed, ...sealed } }],
  });
};
