// Deletes a credential, readable or not: an OAuth grant is revoked at its provider first, in bounded time, and gone from here
// whatever the provider says. It never comes back, since every later write of a refresh is conditioned on its secret.
import type { Deps } from '../domain/deps.ts';
import { ServiceError } from '../domain/service-error.ts';
import { isSystemCredential } from '../domain/system-credentials.ts';
import { type Revocation, revokeCredential } from './steps/revoke-credential.ts';
import { assertVersion, writeUser } from './steps/write-user.ts';

interface DeleteCredential {
  userId: string;
  id: string;
  expectedVersion?: number | undefined;
}

export interface Disconnected extends Revocation {
  deleted: true;
}

/** Throws `system_credential`, `credential_not_found`, `version_conflict`, `user_erasing`, `keys_unavailable`. */
export const deleteCredential = async (
  deps: Pick<Deps, 'users' | 'random' | 'limits' | 'sealer' | 'providers' | 'oauth'>,
  { userId, id, expectedVersion }: DeleteCredential,
): Promise<Disconnected> => {
  if (isSystemCredential(id)) throw new ServiceError('system_credential');
  await assertVersion(deps, userId, expectedVersion);
  const row = await deps.users.readCredential(userId, id);
  if (row === null) throw new ServiceError('credential_not_found');
  const revocation = row.readable
    ? await revokeCredential(deps, row.credential)
    : { revoked: null, revokedTokens: [] as Revocation['revokedTokens'] };
  await writeUser(deps, userId, {
    token: deps.random.uuid(),
    expectedVersion,
    maxCredentials: deps.limits.maxCredentialsPerUser,
    changes: [{ kind: 'remove', credentialId: id, when: 'present' }],
  });
  return { deleted: true, ...revocation };
};
