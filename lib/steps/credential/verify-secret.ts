// Asks a provider whether it takes a secret: one harmless call, with the fields that `resolve` would answer for it. Without a call
// that is known to tell, the result is `unknown`.
import type { CredentialType, SecretDocument } from '../../domain/credential/credential.ts';
import { type SendableFields, sendableFields } from '../../domain/credential/sendable-fields.ts';
import { withQuery } from '../../domain/oauth/verification.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { type CheckCall, type CheckReply, UNKNOWN_REPLY } from '../../domain/ports/provider-api.ts';
import { matchesHost } from '../../domain/values/host-pattern.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { findGrantClient } from './grant-client.ts';

/** A secret, and what decides where it may be sent. */
export interface SecretToVerify {
  provider: string;
  type: CredentialType;
  /** The host pattern of a host_scoped credential, else null. */
  host: string | null;
  /** The variables and kept values: they fill the address of the API. */
  data: Readonly<Record<string, string>>;
  secret: SecretDocument;
}

/** The ports that a check needs. */
export type VerifyDeps = Pick<Deps, 'checks' | 'placements' | 'providers' | 'providerApi' | 'oauth'>;

/** null where the operator has no client for the grant: then nothing more than the call itself can be asked. */
const findClientOrNull = async (deps: VerifyDeps, provider: string, secret: SecretDocument) => {
  if (!('accessToken' in secret)) return null;
  try {
    return await findGrantClient(deps, provider, secret);
  } catch (error) {
    if (error instanceof ServiceError && error.code !== 'secrets_unavailable') return null;
    throw error;
  }
};

const isEmpty = ({ headers, query }: SendableFields) => Object.keys({ ...headers, ...query }).length === 0;

/** The call with the secret in it; null where the secret may not or cannot be sent with it. */
const addSecret = (call: CheckCall, host: string | null, fields: SendableFields): CheckCall | null => {
  if (isEmpty(fields) || (host !== null && !matchesHost(host, call.url))) return null;
  const url = withQuery(call.url, fields.query);
  return { ...call, url, headers: { ...call.headers, ...fields.headers } };
};

const askIdentity = async (
  deps: VerifyDeps,
  client: OAuthClient | null,
  { secret, data }: SecretToVerify,
): Promise<CheckReply> =>
  client !== null && 'accessToken' in secret ? deps.oauth.checkToken(client, secret.accessToken, data) : UNKNOWN_REPLY;

const addAccount = async (deps: VerifyDeps, given: SecretToVerify, reply: CheckReply): Promise<CheckReply> => {
  const { provider, secret } = given;
  if (reply.result !== 'valid' || reply.account !== null || !('accessToken' in secret)) return reply;
  const client = await findClientOrNull(deps, provider, secret);
  if (client === null) return reply;
  const { account } = await deps.oauth.checkToken(client, secret.accessToken, given.data);
  return { ...reply, account };
};

/** A grant is sent nowhere, not even to the API, once the operator's entry is of another client or origin. */
const isForeign = async (deps: VerifyDeps, provider: string, secret: SecretDocument): Promise<boolean> =>
  'accessToken' in secret &&
  (secret.clientId ?? secret.tokenOrigin) !== undefined &&
  (await findClientOrNull(deps, provider, secret)) === null;

/** What the provider says of the secret. Throws `secrets_unavailable`. */
export const verifySecret = async (deps: VerifyDeps, given: SecretToVerify): Promise<CheckReply> => {
  const { provider, type, host, data, secret } = given;
  const call = await deps.checks.findCheck({ provider, type, data });
  if (call === null) return askIdentity(deps, await findClientOrNull(deps, provider, secret), given);
  if (await isForeign(deps, provider, secret)) return UNKNOWN_REPLY;
  const placement = await deps.placements.keyPlacement(provider, type);
  const complete = addSecret(call, host, sendableFields(secret, placement, data));
  return complete === null ? UNKNOWN_REPLY : addAccount(deps, given, await deps.providerApi.check(complete));
};
