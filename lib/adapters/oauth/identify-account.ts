// Asks whose token it is, and for what the record keeps of the answers: at the identity endpoint, and where the record names one at
// the tenants endpoint. Every failure counts as an endpoint that said nothing.
import { sendableFields } from '../../domain/credential/sendable-fields.ts';
import { joinKept, type Keep, type KeptValues, NOTHING_KEPT } from '../../domain/oauth/kept/kept-values.ts';
import type { Identity } from '../../domain/oauth/token-response.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { type CheckReply, UNKNOWN_REPLY } from '../../domain/ports/provider-api.ts';
import type { OutboundRequest } from '../outbound/request-options.ts';
import { checkReply } from './check-credential.ts';
import { callProvider, type ProviderAccess } from './provider-call.ts';
import { fillClientId } from './provider-configuration.ts';
import { isFields, parseValue } from './replies/provider-reply.ts';
import { readAccount } from './replies/read-account.ts';
import { readKept } from './replies/read-kept.ts';
import { isFailure } from './replies/reply-fault.ts';

/** Whose token it is asked, and what is known of its grant already. */
interface Asking {
  accessToken: string;
  data: Readonly<Record<string, string>>;
}

/** The record's headers are set first, so that they cannot override the token's, which is placed as in every other call. */
const identityHeaders = ({ profile, clientId }: OAuthClient, { accessToken, data }: Asking): Record<string, string> => {
  const fixedHeaders = { ...profile.fixedHeaders, ...profile.identityHeaders };
  return sendableFields({ accessToken, clientId }, { ...profile.tokenPlacement, fixedHeaders }, data).headers;
};

const identityRequest = (client: OAuthClient, asking: Asking): OutboundRequest => {
  const { identityMethod: method, identityQuery: query } = client.profile;
  const headers = identityHeaders(client, asking);
  if (query === null) return { method, headers };
  return {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  };
};

/** The value of a successful reply; undefined for any other, and without an endpoint. A list is a value too (Supabase). Never throws. */
const ask = async (
  access: ProviderAccess,
  client: OAuthClient,
  { endpoint, request }: { endpoint: string | null; request: OutboundRequest },
): Promise<unknown> => {
  if (endpoint === null) return undefined;
  try {
    const reply = await callProvider(access, fillClientId(endpoint, client), request);
    const body = parseValue(reply.text);
    return isFailure(reply, isFields(body) ? body : null) ? undefined : body;
  } catch {
    return undefined;
  }
};

/** Asks all endpoints at the same time. Never throws. */
export const identifyAccount = async (
  access: ProviderAccess,
  client: OAuthClient,
  asking: Asking,
): Promise<Identity> => {
  const { profile } = client;
  const [identity, tenants] = await Promise.all([
    ask(access, client, {
      endpoint: profile.identityEndpoint,
      request: identityRequest(client, asking),
    }),
    ask(access, client, {
      endpoint: profile.tenantsEndpoint,
      request: { method: 'GET', headers: identityHeaders(client, asking) },
    }),
  ]);
  const keep = (from: Keep['from'], body: unknown): KeptValues =>
    body === undefined ? NOTHING_KEPT : readKept(profile, body, { from, policy: access.policy });
  return {
    account: identity === undefined ? null : readAccount(identity, profile),
    kept: joinKept(keep('identity', identity), keep('tenants', tenants)),
  };
};

/** What the identity endpoint says of the token, as a check; `unknown` without an endpoint or a reply. Never throws. */
export const checkIdentity = async (
  access: ProviderAccess,
  client: OAuthClient,
  asking: Asking,
): Promise<CheckReply> => {
  const { identityEndpoint } = client.profile;
  if (identityEndpoint === null) return UNKNOWN_REPLY;
  const url = fillClientId(identityEndpoint, client);
  const request = identityRequest(client, asking);
  // Some providers report a refused token with status 200, and then name no account.
  return checkReply(access, { url, request, invalidWhen: [], account: client.profile, needsAccount: true });
};
