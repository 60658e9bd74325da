// The address of a provider's API: the operator's entry or the catalogue decides, else what is listed of APIs that take keys. An
// OAuth token of a known provider is restricted by that provider's record only.
import { type ApiTemplate, fillApiAddress } from '../domain/oauth/api-address.ts';
import type { ApiAddresses, ProviderDirectory } from '../domain/ports/provider-directory.ts';
import { apiAddresses } from './catalogue/api-addresses.ts';
import { findProfile } from './key-placements.ts';

const listed = new Map(Object.entries(apiAddresses));

/** What is listed of the API of a provider; null: nothing. */
export const findListedApi = (provider: string): ApiTemplate | null => {
  const api = listed.get(provider);
  return api ? { apiBaseUrl: api.apiBaseUrl, apiHosts: api.apiHosts, templateVariables: {}, keeps: [] } : null;
};

/** Reads the operator's entries and the catalogue through the directory. Throws what `find` throws, as the port says. */
export const directoryApiAddresses = (providers: ProviderDirectory): ApiAddresses => ({
  findAddress: async ({ provider, type, data, isBinding }) => {
    const profile = isBinding ? (await providers.find(provider))?.profile : await findProfile(providers, provider);
    const address = profile ? fillApiAddress(profile, data) : null;
    if (address !== null || (profile && type === 'oauth2')) return address;
    const template = findListedApi(provider);
    return template && fillApiAddress(template, data);
  },
});
