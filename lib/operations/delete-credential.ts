// Deletes a credential, readable or not: one transaction, no read. It never comes back, since every later write of a
// refresh is conditioned on the secret that is gone with it.
import type { Deps } from '../domain/deps.ts';
import { ServiceError } from '../domain/service-error.ts';
import { isSystemCredential } from '../domain/system-credentials.ts';
import { writeUser } from './steps/write-user.ts';

interface DeleteCredential {
  userId: string;
  id: string;
  expectedVersion?: number | undefined;
}

export interface Disconnected {
  deleted: true;
  /** null: nothing to revoke, or no way to. */
  revoked: boolean | null;
  revokedTokens: ('access_token' | 'refresh_token')[];
}

/** Throws `system_credential`, `credential_not_found`, `version_conflict`, `user_erasing`. */
export const deleteCredential = async (
  deps: Pick<Deps, 'users' | 'random' | 'limits'>,
  { userId, id, expectedVersion }: DeleteCredential,
): Promise<Disconnected> => {
  if (isSystemCredential(id)) throw new ServiceError('system_credential');
  await writeUser(deps, userId, {
    token: deps.random.uuid(),
    expectedVersion,
    maxCredentials: deps.limits.maxCredentialsPerUser,
    changes: [{ kind: 'remove', credentialId: id, when: 'present' }],
  });
  return { deleted: true, revoked: null, revokedTokens: [] };
};
