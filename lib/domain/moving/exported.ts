// What an export shows of a row: the whole secret, refresh token included, and all that an import needs to make the same credential
// again. A row that cannot be read is shown too, without a secret, so that nothing is left out silently.
import type { SecretDocument, StoredCredential } from '../credential/credential.ts';
import { type CredentialRow, rowId, rowPosition, rowProvider, rowType } from '../credential/rows.ts';
import { toWireTime } from '../values/names.ts';

/** A credential in an export. Times are ISO 8601; null: none, or not readable. */
export interface ExportedCredential {
  id: string;
  provider: string | null;
  type: StoredCredential['type'] | null;
  title: string | null;
  host: string | null;
  resource: string | null;
  username: string | null;
  accountId: string | null;
  scopes: string[] | null;
  data: Record<string, string> | null;
  expiresAt: string | null;
  refreshTokenExpiresAt: string | null;
  secretStoredAt: string | null;
  /** Why it is marked as broken; `unreadable` where there is no secret. */
  reason: StoredCredential['brokenReason'];
  createdAt: string | null;
  ordinal: number;
  updatedAt: string | null;
  secret: SecretDocument | null;
}

/** A managed key in an export. */
export type ExportedManagedKey =
  | { provider: string; secret: string; reason: null }
  | { provider: string; secret: null; reason: 'unreadable' };

const toWireOrNull = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : toWireTime(milliseconds);

/** A readable row with its opened secret. */
export const exportCredential = (credential: StoredCredential, secret: SecretDocument): ExportedCredential => ({
  id: credential.id,
  provider: credential.provider,
  type: credential.type,
  title: credential.title,
  host: credential.host,
  resource: credential.resource,
  username: credential.username,
  accountId: credential.accountId,
  scopes: credential.scopes,
  data: credential.data,
  expiresAt: toWireOrNull(credential.expiresAt),
  refreshTokenExpiresAt: toWireOrNull(credential.refreshTokenExpiresAt),
  secretStoredAt: toWireTime(credential.secretStoredAt),
  reason: credential.brokenReason,
  createdAt: toWireTime(credential.createdAt),
  ordinal: credential.ordinal,
  updatedAt: toWireTime(credential.updatedAt),
  secret,
});

/** A row that cannot be read, or whose seal does not open. */
export const exportUnreadable = (row: CredentialRow): ExportedCredential => {
  const { createdAt, ordinal } = rowPosition(row);
  return {
    id: rowId(row),
    provider: rowProvider(row),
    type: rowType(row),
    title: null,
    host: null,
    resource: null,
    username: null,
    accountId: null,
    scopes: null,
    data: null,
    expiresAt: null,
    refreshTokenExpiresAt: null,
    secretStoredAt: null,
    reason: 'unreadable',
    createdAt: toWireOrNull(createdAt),
    ordinal,
    updatedAt: null,
    secret: null,
  };
};
