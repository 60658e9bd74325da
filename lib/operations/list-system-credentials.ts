// Lists the operator's credentials that are configured now.
import { type CredentialView, viewSystem } from '../domain/credential-view.ts';
import type { Deps } from '../domain/deps.ts';
import { systemCredentials } from '../domain/system-credentials.ts';

export const listSystemCredentials = async (deps: Pick<Deps, 'systemDirectory'>): Promise<CredentialView[]> => {
  const configured = await deps.systemDirectory.configuredIds();
  return systemCredentials.filter((credential) => configured.has(credential.id)).map(viewSystem);
};
