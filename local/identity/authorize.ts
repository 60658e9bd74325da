// The authorizers of the API: a JWT on the user plane, an IAM signature on the runtime plane, none on the public plane. A
// token does not open a route of the runtime plane, and a signature does not open one of the user plane.
import type { JWTPayload } from 'jose';
import { ACCOUNT_ID, localCredentials } from '../aws/local-aws.ts';
import type { Authorizer, Claims } from '../gateway/gateway-event.ts';
import { isSignedByWorker } from './sigv4.ts';
import { headerValue, type SignedRequest } from './sigv4-canonical.ts';
import type { TokenIssuer } from './token-issuer.ts';

const claimText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/**
 * Claims as API Gateway passes them on: every value as text, lists in brackets, nulls left out.
 * Measured in https://github.com/floci-io/floci/pull/2011
 */
const toClaims = (payload: JWTPayload): Claims =>
  Object.fromEntries(
    Object.entries(payload)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, claimText(value)]),
  );

/** Undefined without a valid bearer token of the local issuer. */
export const authorizeUser = async (
  rawHeaders: readonly string[],
  tokens: Pick<TokenIssuer, 'verify'>,
): Promise<Authorizer | undefined> => {
  const [, token] = /^Bearer ([\w.~+/=-]+)$/i.exec(headerValue(rawHeaders, 'authorization') ?? '') ?? [];
  if (token === undefined) return undefined;
  try {
    return { jwt: { claims: toClaims(await tokens.verify(token)), scopes: null } };
  } catch {
    return undefined;
  }
};

const worker = {
  accessKey: localCredentials.accessKeyId,
  accountId: ACCOUNT_ID,
  callerId: 'AIDALOCALWORKER',
  cognitoIdentity: null,
  principalOrgId: null,
  userArn: `arn:aws:iam::${ACCOUNT_ID}:user/local-worker`,
  userId: 'AIDALOCALWORKER',
};

/** What API Gateway says of a caller that the local worker's signature proves. */
export const workerAuthorizer: Authorizer = { iam: worker };

/** Undefined when the request is not signed by the local worker. `now` in milliseconds. */
export const authorizeWorker = (request: SignedRequest, now: number): Authorizer | undefined =>
  isSignedByWorker(request, now) ? workerAuthorizer : undefined;
