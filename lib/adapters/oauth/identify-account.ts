// Asks a provider's identity endpoint who a token is for. It decides nothing but a name and a match, so any failure is simply
// no answer.

import type { Account } from '../../domain/oauth/token-response.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { OutboundRequest } from '../outbound/request-options.ts';
import { callProvider, type ProviderAccess } from './provider-call.ts';
import { fillClientId } from './provider-configuration.ts';
import { parseFields } from './replies/provider-reply.ts';
import { readAccount } from './replies/read-account.ts';
import { isFailure } from './replies/reply-fault.ts';

/** The record's own headers come first: none of them takes the place of the token's. */
const headersOf = ({ profile, clientId }: OAuthClient, accessToken: string): Record<string, string> => {
  const own = Object.entries(profile.identityHeaders);
  return {
    ...Object.fromEntries(
      own.map(([name, value]) => [name.toLowerCase(), value.replaceAll('{client_id}', () => clientId)]),
    ),
    authorization: `Bearer ${accessToken}`,
  };
};

const identityRequest = (client: OAuthClient, accessToken: string): OutboundRequest => {
  const { identityMethod, identityQuery } = client.profile;
  const headers = headersOf(client, accessToken);
  if (identityQuery === null) return { method: identityMethod, headers };
  return {
    method: identityMethod,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query: identityQuery }),
  };
};

/** The account, or null when the record has no identity endpoint or it does not tell. Never throws. */
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
