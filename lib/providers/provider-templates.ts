// The variables of a provider's URLs: of the operator's entry or the catalogue.
import type { ProviderDirectory } from '../domain/ports/provider-directory.ts';
import type { ProviderTemplates } from '../domain/ports/provider-templates.ts';

/** Reads the directory. Throws what `find` throws. */
export const directoryTemplates = (providers: Pick<ProviderDirectory, 'find'>): ProviderTemplates => ({
  findVariables: async (provider) => (await providers.find(provider))?.profile.templateVariables ?? {},
});
