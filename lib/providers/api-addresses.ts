// The address of a provider's API: the operator's entry or the catalogue decides, else what is listed of APIs that take keys. An
// OAuth token of a known provider is restricted by that provider's record only.
import type { CredentialType } from '../domain/credential/credential.ts';
import { fillApiAddress } from '../domain/oauth/api-address.ts';
import type { ApiAddresses, ProviderDirectory } from '../domain/ports/provider-directory.ts';
import { type FoundProfile, findProfile } from './key-placements.ts';
import { findListedApi } from './listed-api.ts';

const readProfile = async (
  providers: ProviderDirectory,
  provider: string,
): Promise<Omit<FoundProfile, 'clientId'>> => ({
  profile: (await providers.find(provider))?.profile,
  isRead: true,
});

/** Without the operator's entries, one of the catalogue's names may be another service: no address is answered for it. */
const isListedFor = ({ profile, isRead }: Omit<FoundProfile, 'clientId'>, type: CredentialType): boolean =>
  profile === undefined || (isRead && type !== 'oauth2');

/** Reads the operator's entries and the catalogue through the directory. Throws what `find` throws, as the port says. */
export const directoryApiAddresses = (providers: ProviderDirectory): ApiAddresses => ({
  findAddress: async ({ provider, type, data, isBinding }) => {
    const found = await (isBinding ? readProfile : findProfile)(providers, provider);
    const address = found.profile && found.isRead ? fillApiAddress(found.profile, data) : null;
    if (address !== null || !isListedFor(found, type)) return address;
    const template = findListedApi(provider, found.profile);
    return template && fillApiAddress(template, data);
  },
});
