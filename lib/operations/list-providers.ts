// Lists the providers a user could connect or use, and whether the operator's own key serves them now.
import type { Deps } from '../domain/deps.ts';
import type { ProviderView } from '../domain/provider-view.ts';
import { systemCredentials } from '../domain/system-credentials.ts';

/** `system` says that the operator's key is configured now. */
export const listProviders = async (deps: Pick<Deps, 'systemDirectory'>): Promise<ProviderView[]> => {
  const configured = await deps.systemDirectory.configuredIds();
  return systemCredentials.map((credential) => ({
    provider: credential.provider,
    displayName: credential.title.replace(/^Use Credits for /, ''),
    authTypes: [credential.type],
    oauth: null,
    system: configured.has(credential.id),
  }));
};
