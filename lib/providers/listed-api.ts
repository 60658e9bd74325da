// What is listed of an API whose keys people hold, unless the operator's entry of that name is another service: no key of such an
// entry is sent to the hosts of the listed one.
import type { CredentialType } from '../domain/credential/credential.ts';
import type { KeyPlacement } from '../domain/credential/sendable-fields.ts';
import type { ApiTemplate } from '../domain/oauth/api-address.ts';
import type { ProviderProfile } from '../domain/oauth/provider-profile.ts';
import type { TemplateVariables } from '../domain/oauth/url-template.ts';
import type { Verification } from '../domain/oauth/verification.ts';
import { findCatalogueProvider } from './catalogue.ts';
import { findKeyProvider } from './key-catalogue.ts';

/** An API, where its keys go and the call that checks one. */
export interface ListedApi extends ApiTemplate {
  /** What people hold. */
  type: CredentialType;
  /** null: `authorization: Bearer`. */
  placement: KeyPlacement | null;
  verification: Verification | null;
}

const originText = (endpoint: string): string => endpoint.replace(/^(\w+:\/\/[^/?#]*).*$/s, '$1');

/** An operator's entry whose tokens come from another host than the catalogue's is another service, with keys of its own. */
const isMoved = (provider: string, profile: ProviderProfile | undefined): boolean => {
  const known = findCatalogueProvider(provider);
  if (profile === undefined || known === undefined) return false;
  return originText(profile.tokenEndpoint) !== originText(known.tokenEndpoint);
};

/** What is listed of the API of a provider; null: nothing, or the profile is of another service. */
export const findListedApi = (provider: string, profile?: ProviderProfile): ListedApi | null => {
  const known = isMoved(provider, profile) ? undefined : findKeyProvider(provider);
  if (known === undefined) return null;
  const { type = 'api_key', apiBaseUrl, apiHosts = [], templateVariables = {} } = known;
  const { key: placement = null, verification = null } = known;
  return { type, apiBaseUrl, apiHosts, templateVariables, keeps: [], placement, verification };
};

/** The variables of a provider: those of its record, else those of the API that takes its keys. */
export const pickVariables = (
  own: TemplateVariables | undefined,
  listed: TemplateVariables | undefined,
): TemplateVariables => (own !== undefined && Object.keys(own).length > 0 ? own : (listed ?? {}));
