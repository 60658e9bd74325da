// Lists the providers that a user can store a credential for or connect, and which of them the operator serves now; and `mcp`, which
// stands for every MCP server.
import { systemCredentials } from '../../domain/credential/system-credentials.ts';
import { MCP_PROVIDER } from '../../domain/mcp/grant-server.ts';
import { fieldsByType, viewVariables } from '../../domain/oauth/view/provider-fields.ts';
import type { ProviderView } from '../../domain/oauth/view/provider-view.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { ListedKeyProvider, ListedProvider } from '../../domain/ports/provider-directory.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';

const viewOAuth = (listed: ListedProvider): ProviderView => ({
  provider: listed.provider,
  displayName: listed.displayName,
  authTypes: ['oauth2'],
  oauth: { configured: listed.configured, defaultScopes: [...listed.defaultScopes], device: listed.device },
  fields: {},
  variables: viewVariables(listed.templateVariables),
  verifiable: listed.verifiable,
  system: false,
});

/** Any MCP server, by its URL. It needs no client of the operator. */
const MCP_VIEW: ProviderView = {
  provider: MCP_PROVIDER,
  displayName: 'MCP server',
  authTypes: ['oauth2'],
  oauth: { configured: true, defaultScopes: [], device: false },
  fields: {},
  variables: [],
  verifiable: false,
  system: false,
};

type KeyView = Pick<ListedKeyProvider, 'provider' | 'displayName' | 'type' | 'templateVariables' | 'verifiable'>;

const viewKey = ({ provider, displayName, type, templateVariables, verifiable }: KeyView): ProviderView => ({
  provider,
  displayName,
  authTypes: [type],
  oauth: null,
  fields: fieldsByType(type),
  variables: viewVariables(templateVariables),
  verifiable,
  system: false,
});

const addKey = (view: ProviderView | undefined, given: KeyView): ProviderView =>
  view === undefined
    ? viewKey(given)
    : {
        ...view,
        authTypes: [...new Set([...view.authTypes, given.type])],
        fields: { ...view.fields, ...fieldsByType(given.type) },
        variables: view.variables.length > 0 ? view.variables : viewVariables(given.templateVariables),
        verifiable: view.verifiable || given.verifiable,
      };

/** Sorted by name. `system`: the operator's own key is configured. Throws what its two ports throw. */
export const listProviders = async (
  deps: Pick<Deps, 'systemDirectory' | 'publishedProviders'>,
): Promise<ProviderView[]> => {
  const [configured, oauthProviders] = await allSettledOrThrow([
    deps.systemDirectory.configuredIds(),
    deps.publishedProviders.oauthProviders(),
  ]);
  const views = new Map([MCP_VIEW, ...oauthProviders.map(viewOAuth)].map((view) => [view.provider, view]));
  for (const listed of deps.publishedProviders.keyProviders()) {
    views.set(listed.provider, addKey(views.get(listed.provider), listed));
  }
  for (const credential of systemCredentials) {
    const view = addKey(views.get(credential.provider), { ...credential, verifiable: false });
    views.set(credential.provider, { ...view, system: configured.has(credential.id) });
  }
  return [...views.values()].toSorted((a, b) => (a.provider < b.provider ? -1 : 1));
};
