// Lists the providers that a user can store a credential for or connect, and which of them the operator serves now.
import type { CredentialType } from '../../domain/credential/credential.ts';
import { type SystemCredential, systemCredentials } from '../../domain/credential/system-credentials.ts';
import type { ProviderView } from '../../domain/oauth/provider-view.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { ListedProvider } from '../../domain/ports/provider-directory.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';

const viewOAuth = ({ provider, displayName, configured, defaultScopes }: ListedProvider): ProviderView => ({
  provider,
  displayName,
  authTypes: ['oauth2'],
  oauth: { configured, defaultScopes: [...defaultScopes] },
  system: false,
});

const viewSystemOnly = ({ provider, displayName, type }: SystemCredential): ProviderView => ({
  provider,
  displayName,
  authTypes: [type],
  oauth: null,
  system: false,
});

const addType = (view: ProviderView, type: CredentialType): ProviderView => ({
  ...view,
  authTypes: [...new Set([...view.authTypes, type])],
});

/** Sorted by name. `system`: the operator's own key is configured. Throws what its two ports throw. */
export const listProviders = async (
  deps: Pick<Deps, 'systemDirectory' | 'publishedProviders'>,
): Promise<ProviderView[]> => {
  const [configured, oauthProviders] = await allSettledOrThrow([
    deps.systemDirectory.configuredIds(),
    deps.publishedProviders.oauthProviders(),
  ]);
  const views = new Map(oauthProviders.map((listed) => [listed.provider, viewOAuth(listed)]));
  for (const credential of systemCredentials) {
    const known = views.get(credential.provider);
    const view = known ? addType(known, credential.type) : viewSystemOnly(credential);
    views.set(credential.provider, { ...view, system: configured.has(credential.id) });
  }
  return [...views.values()].toSorted((a, b) => (a.provider < b.provider ? -1 : 1));
};
