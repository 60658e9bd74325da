// How the scopes of a provider relate: the operator's entry or the catalogue decides, else the defaults.
import { providerProfile } from '../domain/oauth/provider-profile.ts';
import { DEFAULT_SCOPE_RULES } from '../domain/oauth/rules/scope-rules.ts';
import type { ProviderDirectory, ScopeRulesDirectory } from '../domain/ports/provider-directory.ts';
import { findCatalogueProvider } from './catalogue.ts';
import { findProfile } from './key-placements.ts';

/** The rules of the operator's entries and of the catalogue. Throws what `find` throws, except `secrets_unavailable`. */
export const directoryScopeRules = (providers: ProviderDirectory): ScopeRulesDirectory => ({
  find: async (provider) => (await findProfile(providers, provider)).profile ?? DEFAULT_SCOPE_RULES,
});

/** The catalogue's rules alone, for a function that may read no secret: it stores no OAuth credential. */
export const catalogueScopeRules: ScopeRulesDirectory = {
  find: async (provider) => {
    const record = findCatalogueProvider(provider);
    return record ? providerProfile(provider, record) : DEFAULT_SCOPE_RULES;
  },
};
