// Builds the URL for the user's browser (RFC 6749 §4.1.1, RFC 7636 §4.3). The record's extra parameters are set first, so that
// they cannot override the protocol's.
import { buildAuthorizationUrl } from 'openid-client';
import type { AuthorizationRequest, OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { OutboundPolicy } from '../../domain/values/outbound-url.ts';
import { providerConfiguration } from './provider-configuration.ts';

/** The scopes as one request parameter; no parameter without scopes. */
export const scopeParameter = ({ profile }: OAuthClient, scopes: readonly string[]): Record<string, string> =>
  scopes.length === 0 ? {} : { [profile.scopeParam]: scopes.join(profile.scopeSeparator) };

/** The resource that the tokens are for (RFC 8707 §2), as it is; no parameter without one. */
export const resourceParameter = ({ profile: { resource } }: OAuthClient): Record<string, string> =>
  resource === null ? {} : { resource };

const challenge = (codeChallenge: string | null): Record<string, string> =>
  codeChallenge === null ? {} : { code_challenge: codeChallenge, code_challenge_method: 'S256' };

/** Throws ProviderFault (`client_fault`) when the endpoint violates the policy. */
export const authorizationUrl = (
  client: OAuthClient,
  request: AuthorizationRequest,
  policy: OutboundPolicy,
): string => {
  const url = buildAuthorizationUrl(providerConfiguration(client, { endpoint: 'authorizationEndpoint', policy }), {
    ...client.profile.extraAuthorizationParams,
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: request.redirectUri,
    state: request.state,
    ...scopeParameter(client, request.scopes),
    ...resourceParameter(client),
    ...challenge(request.codeChallenge),
  });
  const name = client.profile.clientIdParam;
  if (name === 'client_id') return url.href;
  url.searchParams.delete('client_id');
  url.searchParams.set(name, client.clientId);
  return url.href;
};
