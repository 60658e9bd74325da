// Revokes a token at its provider (RFC 7009, or the profile's own style), in one request and a bounded time. Callers only learn
// what became of the token.
import { tokenRevocation } from 'openid-client';
import type { TokenKind } from '../../domain/oauth/provider-profile.ts';
import type { RevocationStyle } from '../../domain/oauth/provider-record.ts';
import type { OAuthClient, RevocationOutcome } from '../../domain/ports/oauth-protocol.ts';
import { callProvider, normalizingFetch, type ProviderAccess } from './provider-call.ts';
import { endpointUrl, providerConfiguration } from './provider-configuration.ts';
import { judgeRevocation } from './replies/judge-revocation.ts';
import type { ProviderReply } from './replies/provider-reply.ts';
import { type OwnStyle, revocationRequests } from './revocation-styles.ts';

/** Short, because a user who disconnects waits for it. */
const TIMEOUT_MILLISECONDS = 3_000;

interface TokenToRevoke {
  token: string;
  kind: TokenKind;
}

const isOwnStyle = (style: RevocationStyle): style is OwnStyle => Object.hasOwn(revocationRequests, style);

const revokeByRfc7009 = async (
  access: ProviderAccess,
  client: OAuthClient,
  { token, kind }: TokenToRevoke,
): Promise<RevocationOutcome> => {
  let outcome: RevocationOutcome = 'failed';
  const normalize = (reply: ProviderReply): object => {
    outcome = judgeRevocation(reply, 'rfc7009');
    return {};
  };
  const fetch = normalizingFetch(access, { normalize });
  const configuration = providerConfiguration(client, {
    endpoint: 'revocationEndpoint',
    policy: access.policy,
    fetch,
    clock: access.clock,
  });
  configuration.timeout = TIMEOUT_MILLISECONDS / 1000;
  await tokenRevocation(configuration, token, { token_type_hint: kind });
  return outcome;
};

const revokeInStyle = async (
  { access, client, style }: { access: ProviderAccess; client: OAuthClient; style: OwnStyle },
  token: string,
): Promise<RevocationOutcome> => {
  const url = endpointUrl(client, 'revocationEndpoint', access.policy);
  const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  const reply = await callProvider(access, url, { ...revocationRequests[style](client, token), signal });
  return judgeRevocation(reply, style);
};

/** The client with the authentication that the revocation endpoint expects. */
const revokingClient = (client: OAuthClient): OAuthClient => ({
  ...client,
  profile: { ...client.profile, clientAuth: client.profile.revocationClientAuth },
});

const sendRevocation = async (
  access: ProviderAccess,
  client: OAuthClient,
  revoked: TokenToRevoke,
): Promise<RevocationOutcome> => {
  const { revocationStyle: style } = client.profile;
  if (style === 'none') return 'failed';
  return isOwnStyle(style)
    ? revokeInStyle({ access, client, style }, revoked.token)
    : revokeByRfc7009(access, client, revoked);
};

/** `failed` when the provider cannot revoke this kind of token, refused, or did not answer in time. Never throws. */
export const revokeToken = async (
  access: ProviderAccess,
  client: OAuthClient,
  revoked: TokenToRevoke,
): Promise<RevocationOutcome> => {
  if (!client.profile.revocableTokens.includes(revoked.kind)) return 'failed';
  try {
    return await sendRevocation(access, revokingClient(client), revoked);
  } catch {
    return 'failed';
  }
};
