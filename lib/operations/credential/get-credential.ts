// Reads one credential: as a view, or (for a trusted worker) with its secret. The head is read before the credential, so
// the version answered is never newer than what is shown.
import { type CredentialView, viewRow, viewStored, viewSystem } from '../../domain/credential/credential-view.ts';
import { type PublicSecret, publicSecret } from '../../domain/credential/public-secret.ts';
import type { CredentialRow } from '../../domain/credential/rows.ts';
import { findSystemCredential, type SystemCredential } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { openCredential } from '../../steps/credential/open-credential.ts';
import { systemSecret } from '../../steps/credential/system-secret.ts';

interface GetCredential {
  userId: string;
  id: string;
}

type Found = { own: CredentialRow } | { system: SystemCredential };

const find = async (
  deps: Pick<Deps, 'users' | 'systemDirectory'>,
  { userId, id }: GetCredential,
): Promise<Found & { version: number }> => {
  const head = await deps.users.readUserRecord(userId);
  const version = head?.version ?? 0;
  const system = findSystemCredential(id);
  if (system) {
    const configured = await deps.systemDirectory.configuredIds();
    if (configured.has(id)) return { system, version };
    throw new ServiceError('credential_not_found');
  }
  const own = await deps.users.readCredential(userId, id);
  if (own === null) throw new ServiceError('credential_not_found');
  return { own, version };
};

/** The view of a credential. Throws `credential_not_found`. */
export const getCredentialView = async (
  deps: Pick<Deps, 'users' | 'systemDirectory' | 'clock'>,
  request: GetCredential,
): Promise<{ version: number; view: CredentialView }> => {
  const found = await find(deps, request);
  const view = 'system' in found ? viewSystem(found.system) : viewRow(found.own, deps.clock.now());
  return { version: found.version, view };
};

export type CredentialWithSecret = CredentialView & { secret: PublicSecret };

/** A credential with its secret. Throws `credential_not_found`, `credential_unreadable`. */
export const getCredential = async (
  deps: Pick<Deps, 'users' | 'systemDirectory' | 'systemKeys' | 'sealer' | 'clock'>,
  request: GetCredential,
): Promise<{ version: number; credential: CredentialWithSecret }> => {
  const found = await find(deps, request);
  if ('system' in found) {
    const secret = await systemSecret(deps, found.system);
    if (secret === null) throw new ServiceError('credential_not_found');
    return { version: found.version, credential: { ...viewSystem(found.system), secret } };
  }
  if (!found.own.readable) throw new ServiceError('credential_unreadable');
  const secret = publicSecret(await openCredential(deps, found.own.credential));
  return { version: found.version, credential: { ...viewStored(found.own.credential, deps.clock.now()), secret } };
};
