// What openid-client is told of a provider: its record's endpoints and our client. Nothing is discovered, and nothing is asked
// that the record does not name.
import { allowInsecureRequests, Configuration, type CustomFetch, customFetch } from 'openid-client';
import { type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { checkOutboundUrl, type OutboundPolicy } from '../../domain/values/outbound-url.ts';
import { clientAuthentication } from './client-authentication.ts';

export type EndpointName =
  | 'authorizationEndpoint'
  | 'tokenEndpoint'
  | 'refreshEndpoint'
  | 'deviceAuthorizationEndpoint'
  | 'revocationEndpoint';

const METADATA: Readonly<Record<EndpointName, string>> = {
  authorizationEndpoint: 'authorization_endpoint',
  tokenEndpoint: 'token_endpoint',
  refreshEndpoint: 'token_endpoint',
  deviceAuthorizationEndpoint: 'device_authorization_endpoint',
  revocationEndpoint: 'revocation_endpoint',
};

/** A URL of the record with our client's id filled in, as GitHub's revocation wants it. */
export const fillClientId = (url: string, { clientId }: OAuthClient): string =>
  url.replaceAll('{client_id}', () => encodeURIComponent(clientId));

/** One endpoint's URL; throws `client_fault` when the record has none or one that may not be used. */
export const endpointUrl = (client: OAuthClient, name: EndpointName, policy: OutboundPolicy): string => {
  const filled = fillClientId(client.profile[name] ?? '', client);
  if (checkOutboundUrl(filled, policy) === null) throw new ProviderFault('client_fault');
  return filled;
};

interface ConfigurationOptions {
  endpoint: EndpointName;
  policy: OutboundPolicy;
  fetch?: CustomFetch;
}

/** A configuration for one call to one endpoint. */
export const configurationOf = (client: OAuthClient, { endpoint, policy, fetch }: ConfigurationOptions) => {
  const url = endpointUrl(client, endpoint, policy);
  const server = { issuer: client.profile.issuer ?? url, [METADATA[endpoint]]: url };
  const configuration = new Configuration(server, client.clientId, {}, clientAuthentication(client));
  if (fetch) configuration[customFetch] = fetch;
  // The URL was checked against the policy, which knows loopback from the rest.
  if (policy === 'local') allowInsecureRequests(configuration);
  // The guarded fetch has a limit of its own.
  configuration.timeout = 0;
  return configuration;
};
