// The variables of a provider's URLs: of the operator's entry or the catalogue, else of the API that takes its keys.
import type { ProviderDirectory } from '../domain/ports/provider-directory.ts';
import type { ProviderTemplates } from '../domain/ports/provider-templates.ts';
import { findListedApi, pickVariables } from './listed-api.ts';

/** Reads the directory. Throws what `find` throws. */
export const directoryTemplates = (providers: Pick<ProviderDirectory, 'find'>): ProviderTemplates => ({
  findVariables: async (provider) => {
    const profile = (await providers.find(provider))?.profile;
    return pickVariables(profile?.templateVariables, findListedApi(provider, profile)?.templateVariables);
  },
});
