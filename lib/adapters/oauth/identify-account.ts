// Reads a token's account from the provider's identity endpoint. The account only labels and matches credentials, so every
// failure counts as an unknown account.
import type { Account } from '../../domain/oauth/token-response.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { OutboundRequest } from '../outbound/request-options.ts';
import { callProvider, type ProviderAccess } from './provider-call.ts';
import { fillClientId } from './provider-configuration.ts';
import { parseFields } from './replies/provider-reply.ts';
import { readAccount } from './replies/read-account.ts';
import { isFailure } from './replies/reply-fault.ts';

/** The record's headers are set first, so that they cannot override the token's. */
const identityHeaders = ({ profile, clientId }: OAuthClient, accessToken: string): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(profile.identityHeaders).map(([name, value]) => [
      name.toLowerCase(),
      value.replaceAll('{client_id}', () => clientId),
    ]),
  ),
  authorization: `Bearer ${accessToken}`,
});

const identityRequest = (client: OAuthClient, accessToken: string): OutboundRequest => {
  const { identityMethod: method, identityQuery: query } = client.profile;
  const headers = identityHeaders(client, accessToken);
  if (query === null) return { method, headers };
  return {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  };
};

/** The account; null without an identity endpoint or without a usable reply. Never throws. */
export const identifyAccount = async (
  access: ProviderAccess,
  client: OAuthClient,
  accessToken: string,
): Promise<Account | null> => {
  const { identityEndpoint } = client.profile;
  if (identityEndpoint === null) return null;
  try {
    const url = fillClientId(identityEndpoint, client);
    const reply = await callProvider(access, url, identityRequest(client, accessToken));
    const body = parseFields(reply.text);
    return isFailure(reply, body) ? null : readAccount(body, client.profile);
  } catch {
    return null;
  }
};
