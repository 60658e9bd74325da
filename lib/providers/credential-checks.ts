// Which call checks a credential: the operator's entry or the catalogue decides, else what is listed of APIs that take keys. The
// operator's entry must be readable, because the secret is sent to the address that results.
import type { CredentialType } from '../domain/credential/credential.ts';
import type { ProviderProfile } from '../domain/oauth/provider-profile.ts';
import { fillText } from '../domain/oauth/url-template.ts';
import { type Verification, verificationUrl } from '../domain/oauth/verification.ts';
import type { AccountPaths, CheckCall } from '../domain/ports/provider-api.ts';
import type { ApiAddresses, CredentialChecks, ProviderDirectory } from '../domain/ports/provider-directory.ts';
import { findListedApi, type ListedApi } from './listed-api.ts';

/** The account is known where the call is the identity endpoint's. */
const findAccountPaths = (profile: ProviderProfile | undefined, url: string): AccountPaths | null => {
  const { identityEndpoint = null, identityIdPath = null, identityNamePath = null } = profile ?? {};
  return identityEndpoint === url ? { identityIdPath, identityNamePath } : null;
};

const toCall = (
  { method, headers = {}, invalidWhen = [] }: Verification,
  url: string,
  account: AccountPaths | null,
): CheckCall => ({ method, url, headers, invalidWhen, account });

/** Headers for one host are whatever the person says; other secrets must be of the type that the call was listed for. */
const findListedFor = (type: CredentialType, listed: ListedApi | null) =>
  listed?.type === type || type === 'host_scoped' ? listed : null;

/** Implements `CredentialChecks`. */
export const credentialChecks = (providers: ProviderDirectory, addresses: ApiAddresses): CredentialChecks => ({
  findCheck: async (request) => {
    const profile = (await providers.find(request.provider))?.profile;
    const listed = findListedFor(request.type, findListedApi(request.provider, profile));
    const verification = profile?.verification ?? listed?.verification ?? null;
    if (verification === null) return null;
    const address = await addresses.findAddress({ ...request, isBinding: true });
    const known = { ...listed?.templateVariables, ...profile?.templateVariables };
    const path = fillText(known, request.data, verification.path);
    if (!address?.baseUrl || path === null) return null;
    const url = verificationUrl(address.baseUrl, path);
    return url === null ? null : toCall(verification, url, findAccountPaths(profile, url));
  },
});
