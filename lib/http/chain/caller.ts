// Who calls, as the API's authorizers have found: the user plane needs a JWT, the runtime plane an IAM signature. A
// function reached without its authorizer answers nobody.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { UserId } from '../../domain/values/names.ts';
import { invalidRequest } from '../../domain/values/service-error.ts';
import { decodeUserSegment } from '../../domain/values/user-path.ts';
import type { Route } from '../routes/route.ts';
import { GatewayRefusal } from './gateway-refusal.ts';

interface Authorizer {
  jwt?: { claims?: Record<string, unknown> };
  iam?: { userArn?: unknown };
}

const authorizerOf = (event: APIGatewayProxyEventV2): Authorizer =>
  (event.requestContext as { authorizer?: Authorizer }).authorizer ?? {};

const fromToken = (event: APIGatewayProxyEventV2): string => {
  const claims = authorizerOf(event).jwt?.claims;
  if (!claims) throw new GatewayRefusal(401, 'Unauthorized');
  const subject = UserId.safeParse(claims.sub);
  if (!subject.success) throw invalidRequest('#', 'the claim sub of the token must be 1 to 256 Unicode characters');
  return subject.data;
};

const fromPath = (event: APIGatewayProxyEventV2): string => {
  if (!authorizerOf(event).iam) throw new GatewayRefusal(403, 'Forbidden');
  const segment = event.pathParameters?.userId;
  if (segment === undefined) return '';
  const userId = decodeUserSegment(segment);
  if (userId !== null) return userId;
  throw invalidRequest('#', 'the user id in the path must be A–Z a–z 0–9 . _ - or ~ and base64url of its UTF-8');
};

/** The user a request is about; empty on routes about no user. Throws when the caller may not use the plane. */
export const identifyUser = (route: Pick<Route, 'plane'>, event: APIGatewayProxyEventV2): string => {
  if (route.plane === 'public') return '';
  return route.plane === 'user' ? fromToken(event) : fromPath(event);
};
