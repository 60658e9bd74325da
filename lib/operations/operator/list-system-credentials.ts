// Lists the operator's credentials that are configured now.
import { type CredentialView, viewSystem } from '../../domain/credential/credential-view.ts';
import { systemCredentials } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';

/** In the order of `systemCredentials`. Throws `secrets_unavailable` where the directory reads the keys. */
export const listSystemCredentials = async (deps: Pick<Deps, 'systemDirectory'>): Promise<CredentialView[]> => {
  const configured = await deps.systemDirectory.configuredIds();
  return systemCredentials.filter((credential) => configured.has(credential.id)).map(viewSystem);
};
