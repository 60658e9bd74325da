// The credential that a connection reconnects or gives more scopes: the user's own, readable, of type oauth2 and of the
// same provider; of MCP servers, of the same resource.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { ReadableRow } from '../../domain/credential/rows.ts';
import { isSystemCredential } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

interface Target {
  userId: string;
  provider: string;
  /** Of the MCP server; null: of none; undefined: of any. */
  resource?: string | null;
  credentialId: string;
}

/** A readable row of type oauth2. */
export type OAuthRow = ReadableRow & { credential: StoredCredential & { type: 'oauth2' } };

/** Whether the row is an OAuth credential at this provider, and of this resource unless it is undefined. */
export const isOAuthRow = (
  row: ReadableRow,
  { provider, resource }: Pick<Target, 'provider' | 'resource'>,
): row is OAuthRow =>
  row.credential.type === 'oauth2' &&
  row.credential.provider === provider &&
  (resource === undefined || row.credential.resource === resource);

/** Reads the row of the credential. Throws `credential_not_found`, `not_upgradable`. */
export const readUpgradeTarget = async (deps: Pick<Deps, 'users'>, target: Target): Promise<OAuthRow> => {
  const { userId, credentialId } = target;
  if (isSystemCredential(credentialId)) throw new ServiceError('not_upgradable');
  const row = await deps.users.readCredential(userId, credentialId);
  if (row === null) throw new ServiceError('credential_not_found');
  if (!row.readable || !isOAuthRow(row, target)) throw new ServiceError('not_upgradable');
  return row;
};
