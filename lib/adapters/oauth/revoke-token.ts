// Revokes a token at its provider (RFC 7009, or the profile's own style), in one request and a bounded time. Callers only learn
// whether it succeeded.
import { tokenRevocation } from 'openid-client';
import type { TokenKind } from '../../domain/oauth/provider-profile.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { callProvider, normalizingFetch, type ProviderAccess } from './provider-call.ts';
import { endpointUrl, providerConfiguration } from './provider-configuration.ts';
import { type ProviderReply, parseFields } from './replies/provider-reply.ts';
import { isFailure, readFault } from './replies/reply-fault.ts';
import { type OwnStyle, revocationRequests } from './revocation-styles.ts';

/** Short, because a user who disconnects waits for it. */
const TIMEOUT_MILLISECONDS = 3_000;

interface TokenToRevoke {
  token: string;
  kind: TokenKind;
}

const assertRevoked = (reply: ProviderReply): object => {
  const body = parseFields(reply.text);
  if (isFailure(reply, body)) throw readFault(reply, body);
  return {};
};

const revokeByRfc7009 = async (access: ProviderAccess, client: OAuthClient, { token, kind }: TokenToRevoke) => {
  const fetch = normalizingFetch(access, { normalize: assertRevoked });
  const configuration = providerConfiguration(client, { endpoint: 'revocationEndpoint', policy: access.policy, fetch });
  configuration.timeout = TIMEOUT_MILLISECONDS / 1000;
  await tokenRevocation(configuration, token, { token_type_hint: kind });
};

const revokeInStyle = async (
  { access, client, style }: { access: ProviderAccess; client: OAuthClient; style: OwnStyle },
  token: string,
) => {
  const url = endpointUrl(client, 'revocationEndpoint', access.policy);
  const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  assertRevoked(await callProvider(access, url, { ...revocationRequests[style](client, token), signal }));
};

/** The client with the authentication that the revocation endpoint expects. */
const revokingClient = (client: OAuthClient): OAuthClient => ({
  ...client,
  profile: { ...client.profile, clientAuth: client.profile.revocationClientAuth },
});

const sendRevocation = async (access: ProviderAccess, client: OAuthClient, revoked: TokenToRevoke): Promise<void> => {
  const { revocationStyle: style } = client.profile;
  if (style === 'rfc7009') await revokeByRfc7009(access, client, revoked);
  else if (style !== 'none') await revokeInStyle({ access, client, style }, revoked.token);
};

/** False when the provider cannot revoke this kind of token, refused, or did not answer in time. Never throws. */
export const revokeToken = async (
  access: ProviderAccess,
  client: OAuthClient,
  revoked: TokenToRevoke,
): Promise<boolean> => {
  if (!client.profile.revocableTokens.includes(revoked.kind)) return false;
  try {
    await sendRevocation(access, revokingClient(client), revoked);
    return true;
  } catch {
    return false;
  }
};
