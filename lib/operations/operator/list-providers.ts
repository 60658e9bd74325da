// Lists the providers a user could connect or use: what can be stored or connected, and whether the operator serves it now.
import type { CredentialType } from '../../domain/credential/credential.ts';
import { type SystemCredential, systemCredentials } from '../../domain/credential/system-credentials.ts';
import type { ProviderView } from '../../domain/oauth/provider-view.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { ListedProvider } from '../../domain/ports/provider-directory.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';

const withOAuth = ({ provider, displayName, configured, defaultScopes }: ListedProvider): ProviderView => ({
  provider,
  displayName,
  authTypes: ['oauth2'],
  oauth: { configured, defaultScopes: [...defaultScopes] },
  system: false,
});

const ofSystem = (credential: SystemCredential): ProviderView => ({
  provider: credential.provider,
  displayName: credential.title.replace(/^Use Credits for /, ''),
  authTypes: [credential.type],
  oauth: null,
  system: false,
});

const merged = (oauth: ProviderView, type: CredentialType): ProviderView => ({
  ...oauth,
  authTypes: [...new Set([...oauth.authTypes, type])],
});

/** In order of name. `system` says that the operator's own key can be used now. */
export const listProviders = async (
  deps: Pick<Deps, 'systemDirectory' | 'publishedProviders'>,
): Promise<ProviderView[]> => {
  const [configured, connectable] = await allSettledOrThrow([
    deps.systemDirectory.configuredIds(),
    deps.publishedProviders.oauthProviders(),
  ]);
  const views = new Map(connectable.map((listed) => [listed.provider, withOAuth(listed)]));
  for (const credential of systemCredentials) {
    const known = views.get(credential.provider);
    const view = known ? merged(known, credential.type) : ofSystem(credential);
    views.set(credential.provider, { ...view, system: configured.has(credential.id) });
  }
  return [...views.values()].toSorted((a, b) => (a.provider < b.provider ? -1 : 1));
};
