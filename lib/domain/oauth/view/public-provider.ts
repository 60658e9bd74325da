// What users may know of a provider that can be connected: it is published without the operator's clients.
import type { ProviderProfile } from '../provider-profile.ts';
import type { TemplateVariables } from '../url-template.ts';

/** The public fields of a provider; nothing secret. */
export interface PublicProvider {
  provider: string;
  displayName: string;
  defaultScopes: readonly string[];
  /** Whether it has a device flow (RFC 8628). */
  device: boolean;
  /** Absent: its URLs have none. */
  templateVariables?: TemplateVariables | undefined;
  /** Whether a call is known that checks a token or key. */
  verifiable: boolean;
}

/** Without a call of its own, a token is checked at the identity endpoint. */
const isVerifiable = ({ verification, identityEndpoint }: ProviderProfile): boolean =>
  verification !== null || identityEndpoint !== null;

/** Picks the public fields of a profile. */
export const publicProvider = (provider: string, profile: ProviderProfile): PublicProvider => ({
  provider,
  displayName: profile.displayName,
  defaultScopes: profile.defaultScopes,
  device: profile.deviceAuthorizationEndpoint !== null,
  ...(Object.keys(profile.templateVariables).length > 0 && { templateVariables: profile.templateVariables }),
  verifiable: isVerifiable(profile),
});
