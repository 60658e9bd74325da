// Identifies the caller from what the API's authorizers verified: a JWT on the user plane, an IAM signature on the runtime
// plane. The user of a link is found by the function itself (link-caller.ts). A function reached without its authorizer refuses every request.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { hmacSha256 } from '../../domain/values/digest.ts';
import { UserId } from '../../domain/values/names.ts';
import { invalidRequest } from '../../domain/values/service-error.ts';
import { decodeUserSegment, suggestUserSegment } from '../../domain/values/user-path.ts';
import type { Route } from '../routes/route.ts';
import { GatewayRefusal } from './gateway-refusal.ts';

interface Authorizer {
  jwt?: { claims?: Record<string, unknown> };
  iam?: Record<string, unknown>;
}

const readAuthorizer = (event: APIGatewayProxyEventV2): Authorizer =>
  (event.requestContext as { authorizer?: Authorizer }).authorizer ?? {};

const readSubject = (event: APIGatewayProxyEventV2): string => {
  const claims = readAuthorizer(event).jwt?.claims;
  if (!claims) throw new GatewayRefusal(401, 'Unauthorized');
  const subject = UserId.safeParse(claims.sub);
  if (!subject.success) throw invalidRequest('#', 'the claim sub of the token must be 1 to 256 Unicode characters');
  return subject.data;
};

const readPathUser = (event: APIGatewayProxyEventV2): string => {
  if (!readAuthorizer(event).iam) throw new GatewayRefusal(403, 'Forbidden');
  const segment = event.pathParameters?.userId;
  if (segment === undefined) return '';
  const userId = decodeUserSegment(segment);
  if (userId !== null) return userId;
  const suggestion = suggestUserSegment(segment);
  const example = suggestion === null ? '' : `: write ${suggestion}`;
  throw invalidRequest('#', `the user id in the path must be ~ and its UTF-8 in base64url, unpadded${example}`);
};

/**
 * The id of the user a request concerns; empty on routes that concern no user, and on the link plane. Throws `GatewayRefusal` for a caller without the
 * plane's authorizer, `invalid_request` for a `sub` or path segment that names no user.
 */
export const identifyUser = (route: Pick<Route, 'plane'>, event: APIGatewayProxyEventV2): string => {
  if (route.plane === 'public' || route.plane === 'link') return '';
  return route.plane === 'user' ? readSubject(event) : readPathUser(event);
};

/** Who made a request, as the log names it. */
export interface Requester {
  /** The ARN of the caller's role or IAM user, on the runtime plane: without the name of the role's session. */
  caller?: string;
  /** HMAC-SHA-256 of the user's id under the deployment's key, in hex. */
  user?: string;
}

/** `arn:aws:sts::111122223333:assumed-role/Worker/session` without the session; undefined for any other text. */
const readRole = (userArn: unknown): string | undefined =>
  /^arn:[\w-]+:(?:sts|iam)::\d*:(?:assumed-role\/[\w+=,.@-]+|user\/[\w+=,.@/-]+|root$)/.exec(String(userArn))?.[0];

const tryIdentify = (route: Pick<Route, 'plane'>, event: APIGatewayProxyEventV2): string => {
  try {
    return identifyUser(route, event);
  } catch {
    return '';
  }
};

/**
 * Names the caller and the user of a request for the log, so that reads can be traced. A user's id is never in clear: it is often an
 * e-mail address. Does not throw.
 */
export const describeRequester = (
  route: Pick<Route, 'plane'>,
  event: APIGatewayProxyEventV2,
  { userLogKey, userOfLink }: { userLogKey: string; userOfLink?: string | undefined },
): Requester => {
  const caller = readRole(readAuthorizer(event).iam?.userArn);
  const userId = userOfLink ?? tryIdentify(route, event);
  return {
    ...(caller !== undefined && { caller }),
    ...(userId !== '' && { user: hmacSha256(userLogKey, userId) }),
  };
};
