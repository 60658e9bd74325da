// Reads a managed key with its secret, for a trusted worker. The version in the answer is never newer than the key.
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { openManagedKey } from '../../steps/credential/open-credential.ts';

/** The secret, and the user's version. Throws `credential_not_found`, `credential_unreadable`, `keys_unavailable`. */
export const getManagedCredential = async (
  deps: Pick<Deps, 'users' | 'sealer'>,
  { userId, provider }: { userId: string; provider: string },
): Promise<{ version: number; secret: string }> => {
  const user = await deps.users.readUserRecord(userId);
  const row = await deps.users.readManaged(userId, provider);
  if (row === null) throw new ServiceError('credential_not_found');
  if (!row.readable) throw new ServiceError('credential_unreadable');
  return { version: user?.version ?? 0, secret: await openManagedKey(deps, row.managed) };
};
