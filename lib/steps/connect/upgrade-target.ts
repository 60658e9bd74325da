// The credential that a connection is to renew or widen: the user's own, an OAuth grant at that provider, and readable.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { ReadableRow } from '../../domain/credential/rows.ts';
import { isSystemCredential } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

interface Target {
  userId: string;
  provider: string;
  credentialId: string;
}

export type OAuthRow = ReadableRow & { credential: StoredCredential & { type: 'oauth2' } };

export const isGrantOf = (row: ReadableRow, provider: string): row is OAuthRow =>
  row.credential.type === 'oauth2' && row.credential.provider === provider;

/** Throws `credential_not_found`, `not_upgradable`. */
export const readUpgradeTarget = async (
  deps: Pick<Deps, 'users'>,
  { userId, provider, credentialId }: Target,
): Promise<OAuthRow> => {
  if (isSystemCredential(credentialId)) throw new ServiceError('not_upgradable');
  const row = await deps.users.readCredential(userId, credentialId);
  if (row === null) throw new ServiceError('credential_not_found');
  if (!row.readable || !isGrantOf(row, provider)) throw new ServiceError('not_upgradable');
  return row;
};
