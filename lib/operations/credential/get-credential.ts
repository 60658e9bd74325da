// Reads one credential: as a view, or with its secret for a trusted worker. The user record is read before the credential, so
// the version in the answer is never newer than the credential in it.
import { type CredentialView, viewRow, viewStored, viewSystem } from '../../domain/credential/credential-view.ts';
import { type PublicSecret, publicSecret, readMetadata } from '../../domain/credential/public-secret.ts';
import type { CredentialRow } from '../../domain/credential/rows.ts';
import { findSystemCredential, type SystemCredential } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { JsonObject } from '../../domain/values/json-object.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { openCredential } from '../../steps/credential/open-credential.ts';
import { systemSecret } from '../../steps/credential/system-secret.ts';

interface GetCredential {
  userId: string;
  id: string;
}

type Found = { kind: 'own'; row: CredentialRow } | { kind: 'system'; system: SystemCredential };

const find = async (
  deps: Pick<Deps, 'users' | 'systemDirectory'>,
  { userId, id }: GetCredential,
): Promise<Found & { version: number }> => {
  const user = await deps.users.readUserRecord(userId);
  const version = user?.version ?? 0;
  const system = findSystemCredential(id);
  if (system) {
    const configured = await deps.systemDirectory.configuredIds();
    if (configured.has(id)) return { kind: 'system', system, version };
    throw new ServiceError('credential_not_found');
  }
  const row = await deps.users.readCredential(userId, id);
  if (row === null) throw new ServiceError('credential_not_found');
  return { kind: 'own', row, version };
};

/** The view of a user's or system credential, with the user's version. Throws `credential_not_found`. */
export const getCredentialView = async (
  deps: Pick<Deps, 'users' | 'systemDirectory' | 'clock'>,
  request: GetCredential,
): Promise<{ version: number; view: CredentialView }> => {
  const found = await find(deps, request);
  const view = found.kind === 'system' ? viewSystem(found.system) : viewRow(found.row, deps.clock.now());
  return { version: found.version, view };
};

/** A credential's view with the part of its secret that a worker may have. */
export type CredentialWithSecret = CredentialView & { secret: PublicSecret; metadata: JsonObject | null };

/**
 * A credential with its secret, and the user's version. Throws `credential_not_found`, `credential_unreadable`,
 * `keys_unavailable`, `secrets_unavailable`.
 */
export const getCredential = async (
  deps: Pick<Deps, 'users' | 'systemDirectory' | 'systemKeys' | 'sealer' | 'clock'>,
  request: GetCredential,
): Promise<{ version: number; credential: CredentialWithSecret }> => {
  const found = await find(deps, request);
  if (found.kind === 'system') {
    const secret = await systemSecret(deps, found.system);
    if (secret === null) throw new ServiceError('credential_not_found');
    return { version: found.version, credential: { ...viewSystem(found.system), secret, metadata: null } };
  }
  if (!found.row.readable) throw new ServiceError('credential_unreadable');
  const document = await openCredential(deps, found.row.credential);
  const opened = { secret: publicSecret(document), metadata: readMetadata(document) };
  return { version: found.version, credential: { ...viewStored(found.row.credential, deps.clock.now()), ...opened } };
};
