// Takes a token back at its provider (RFC 7009, or the record's own style), in one request and a bounded time. Whether it
// worked is all that is told.
import { tokenRevocation } from 'openid-client';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { callProvider, normalizingFetch, type ProviderAccess } from './provider-call.ts';
import { configurationOf, endpointUrl } from './provider-configuration.ts';
import { type ProviderReply, parseFields } from './provider-reply.ts';
import { faultOf, isFailure } from './reply-fault.ts';
import { type OwnStyle, type RevocationStyle, revocations, type TokenKind } from './revocation-styles.ts';

/** A user who disconnects waits for it. */
const TIMEOUT_MILLISECONDS = 3_000;

interface TokenToRevoke {
  token: string;
  kind: TokenKind;
}

const assertRevoked = (reply: ProviderReply): object => {
  const body = parseFields(reply.text);
  if (isFailure(reply, body)) throw faultOf(reply, body);
  return {};
};

const byStandard = async (access: ProviderAccess, client: OAuthClient, { token, kind }: TokenToRevoke) => {
  const fetch = normalizingFetch(access, { normalize: assertRevoked });
  const configuration = configurationOf(client, { endpoint: 'revocationEndpoint', policy: access.policy, fetch });
  configuration.timeout = TIMEOUT_MILLISECONDS / 1000;
  await tokenRevocation(configuration, token, { token_type_hint: kind });
};

const inStyle = async (
  { access, client, style }: { access: ProviderAccess; client: OAuthClient; style: OwnStyle },
  token: string,
) => {
  const url = endpointUrl(client, 'revocationEndpoint', access.policy);
  const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  assertRevoked(await callProvider(access, url, { ...revocations[style].request(client, token), signal }));
};

const styleOf = ({ record }: OAuthClient): RevocationStyle =>
  record.revocationEndpoint === undefined ? 'none' : (record.revocationStyle ?? 'rfc7009');

/** The client as it proves itself at the revocation endpoint. */
const revokingClient = (client: OAuthClient): OAuthClient => {
  const { revocationClientAuth: clientAuth } = client.record;
  return clientAuth === undefined ? client : { ...client, record: { ...client.record, clientAuth } };
};

/** False when the record has no way, the provider refused or did not answer in time. Never throws. */
export const revokeToken = async (
  access: ProviderAccess,
  client: OAuthClient,
  revoked: TokenToRevoke,
): Promise<boolean> => {
  const style = styleOf(client);
  if (style === 'none' || (style !== 'rfc7009' && !revocations[style].takes.includes(revoked.kind))) return false;
  const revoking = revokingClient(client);
  try {
    await (style === 'rfc7009'
      ? byStandard(access, revoking, revoked)
      : inStyle({ access, client: revoking, style }, revoked.token));
    return true;
  } catch {
    return false;
  }
};
