// The credential that a connection reconnects or gives more scopes: the user's own, readable, of type oauth2 and of the
// same provider.
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

/** A readable row of type oauth2. */
export type OAuthRow = ReadableRow & { credential: StoredCredential & { type: 'oauth2' } };

/** Whether the row is an OAuth credential at this provider. */
export const isOAuthRow = (row: ReadableRow, provider: string): row is OAuthRow =>
  row.credential.type === 'oauth2' && row.credential.provider === provider;

/** Reads the row of the credential. Throws `credential_not_found`, `not_upgradable`. */
export const readUpgradeTarget = async (
  deps: Pick<Deps, 'users'>,
  { userId, provider, credentialId }: Target,
): Promise<OAuthRow> => {
  if (isSystemCredential(credentialId)) throw new ServiceError('not_upgradable');
  const row = await deps.users.readCredential(userId, credentialId);
  if (row === null) throw new ServiceError('credential_not_found');
  if (!row.readable || !isOAuthRow(row, provider)) throw new ServiceError('not_upgradable');
  return row;
};
