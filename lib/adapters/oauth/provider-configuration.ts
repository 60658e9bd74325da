// Configures openid-client from a profile. There is no discovery: only endpoints that the profile names are called.
import { allowInsecureRequests, Configuration, type CustomFetch, customFetch } from 'openid-client';
import { type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { checkOutboundUrl, type OutboundPolicy } from '../../domain/values/outbound-url.ts';
import { clientAuthentication } from './client-authentication.ts';

/** The endpoints that openid-client uses. */
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

/** Fills `{client_id}` in an endpoint; GitHub's revocation endpoint contains it. */
export const fillClientId = (url: string, { clientId }: OAuthClient): string =>
  url.replaceAll('{client_id}', () => encodeURIComponent(clientId));

/** The URL of an endpoint. Throws ProviderFault (`client_fault`) if it is missing or violates the policy. */
export const endpointUrl = (client: OAuthClient, name: EndpointName, policy: OutboundPolicy): string => {
  const url = fillClientId(client.profile[name] ?? '', client);
  if (checkOutboundUrl(url, policy) === null) throw new ProviderFault('client_fault');
  return url;
};

interface ConfigurationOptions {
  endpoint: EndpointName;
  policy: OutboundPolicy;
  fetch?: CustomFetch;
  /** Absent: nothing is sent with the configuration. */
  clock?: Clock;
}

/** A configuration for one call to one endpoint. Throws ProviderFault (`client_fault`), as `endpointUrl` does. */
export const providerConfiguration = (
  client: OAuthClient,
  { endpoint, policy, fetch, clock }: ConfigurationOptions,
): Configuration => {
  const url = endpointUrl(client, endpoint, policy);
  // The audience of a client assertion. RFC 7523 §3 allows the token endpoint where no issuer is known.
  const issuer = client.profile.issuer ?? fillClientId(client.profile.tokenEndpoint, client);
  const server = { issuer, [METADATA[endpoint]]: url };
  const authentication = clock ? clientAuthentication(client, clock) : () => {};
  const configuration = new Configuration(server, client.clientId, {}, authentication);
  if (fetch) configuration[customFetch] = fetch;
  // endpointUrl has checked the URL: under the local policy, http leads to loopback only.
  if (policy === 'local') allowInsecureRequests(configuration);
  // The guarded fetch has its own time limit.
  configuration.timeout = 0;
  return configuration;
};
