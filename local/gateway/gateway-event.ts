// Builds the event of API Gateway's HTTP API, payload format 2.0, from a matched and authorized request. The API's name in it
// never comes from the client (Host, forwarded headers).
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ACCOUNT_ID, REGION } from '../aws/local-aws.ts';
import { readEventBody } from './event-body.ts';
import { readEventHeaders } from './event-headers.ts';
import type { RequestPath } from './request-path.ts';
import type { Match } from './route-match.ts';

/** The claims of a JWT; API Gateway passes all of them as text. */
export type Claims = Record<string, string>;

/** The caller that the authorizer found. */
export type Authorizer = { jwt: { claims: Claims; scopes: null } } | { iam: Record<string, unknown> };

/** A request that was matched and authorized. */
export interface GatewayRequest {
  method: string;
  httpVersion: string;
  rawHeaders: readonly string[];
  path: RequestPath;
  match: Match;
  authorizer: Authorizer | undefined;
  body: Buffer;
  requestId: string;
  /** Milliseconds. */
  now: number;
  /** The port the server listens on. */
  port: number;
}

const API_ID = 'local';
const DOMAIN_NAME = `${API_ID}.execute-api.${REGION}.amazonaws.com`;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Common log format: `12/Mar/2020:19:03:58 +0000`. */
const commonLogTime = (now: number): string => {
  const [date = '', time = ''] = new Date(now).toISOString().split(/[T.]/);
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
};

const joinDuplicates = (pairs: Iterable<[string, string]>): Record<string, string> | undefined => {
  const joined = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return joined.size > 0 ? Object.fromEntries(joined) : undefined;
};

const toRouteKey = ({ route }: Match): string => `${route.method} ${route.path}`;

const buildRequestContext = (request: GatewayRequest, userAgent: string) => ({
  accountId: ACCOUNT_ID,
  apiId: API_ID,
  ...(request.authorizer && { authorizer: request.authorizer }),
  domainName: DOMAIN_NAME,
  domainPrefix: API_ID,
  http: {
    method: request.method,
    path: request.path.path,
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp: '127.0.0.1',
    userAgent,
  },
  requestId: request.requestId,
  routeKey: toRouteKey(request.match),
  stage: '$default',
  time: commonLogTime(request.now),
  timeEpoch: request.now,
});

/** The event for the function of the request's route. */
export const makeEvent = (request: GatewayRequest): APIGatewayProxyEventV2 => {
  const { path, rawQuery } = request.path;
  const { headers, cookies } = readEventHeaders(request.rawHeaders, request.port);
  const query = joinDuplicates(new URLSearchParams(rawQuery));
  const { pathParameters } = request.match;
  return {
    version: '2.0',
    routeKey: toRouteKey(request.match),
    rawPath: path,
    rawQueryString: rawQuery,
    ...(cookies && { cookies }),
    headers,
    ...(query && { queryStringParameters: query }),
    requestContext: buildRequestContext(request, headers['user-agent'] ?? ''),
    ...(pathParameters && { pathParameters }),
    ...readEventBody(request.body, headers['content-type']),
  };
};
