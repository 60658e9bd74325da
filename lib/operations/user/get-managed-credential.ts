// Reads a managed key, opened, for a trusted worker.
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { openManagedKey } from '../../steps/credential/open-credential.ts';

/** Throws `credential_not_found`, `credential_unreadable`. */
export const getManagedCredential = async (
  deps: Pick<Deps, 'users' | 'sealer'>,
  { userId, provider }: { userId: string; provider: string },
): Promise<{ version: number; secret: string }> => {
  const head = await deps.users.readUserRecord(userId);
  const row = await deps.users.readManaged(userId, provider);
  if (row === null) throw new ServiceError('credential_not_found');
  if (!row.readable) throw new ServiceError('credential_unreadable');
  return { version: head?.version ?? 0, secret: await openManagedKey(deps, row.managed) };
};
