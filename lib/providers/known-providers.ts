// Which providers there are: those of the operator and the catalogue, of the listed APIs, and of the system credentials.
import { systemCredentials } from '../domain/credential/system-credentials.ts';
import type { KnownProviders, ProviderDirectory } from '../domain/ports/provider-directory.ts';
import { findKeyProvider } from './key-catalogue.ts';

/** Reads the directory only for a provider that nothing else lists. Throws what `find` throws. */
export const directoryKnownProviders = (directory: Pick<ProviderDirectory, 'find'>): KnownProviders => ({
  isKnown: async (provider) =>
    findKeyProvider(provider) !== undefined ||
    systemCredentials.some((credential) => credential.provider === provider) ||
    (await directory.find(provider)) !== undefined,
});
