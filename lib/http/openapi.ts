// The OpenAPI description, made from the route table and nothing else. `npm run openapi` writes it to openapi.json, and a
// test fails when the two differ.
import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import type { ErrorCode } from '../domain/values/service-error.ts';
import { problemTypes } from './problem-types.ts';
import type { Plane, Route } from './routes/route.ts';
import { type RouteId, routes } from './routes/routes.ts';

const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    instance: z.string(),
    detail: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

const GatewayRefusal = z.object({ message: z.string() }).meta({ id: 'GatewayRefusal' });

const UserSegment = z.string().meta({
  description: 'The user id: as it is when only A–Z a–z 0–9 . _ - (and not . or ..), else ~ and base64url of its UTF-8',
});

/** What any route of a kind may answer besides its own. */
const sharedErrors = (route: Route): ErrorCode[] => [
  ...(route.plane === 'public' ? [] : (['invalid_request', 'store_unavailable', 'store_busy'] as const)),
  ...(route.body ? (['body_too_large', 'unsupported_media_type'] as const) : []),
  ...(route.capabilities.some((c) => c === 'seal_secret' || c === 'open_secret')
    ? (['keys_unavailable'] as const)
    : []),
  ...(route.capabilities.includes('read_system_keys') ? (['secrets_unavailable'] as const) : []),
  ...(route.ifMatch === 'required' ? (['precondition_required'] as const) : []),
];

const problemResponses = (route: Route): ZodOpenApiResponsesObject => {
  const codes = [...new Set([...route.errors, ...sharedErrors(route)])].toSorted();
  const statuses = [...new Set(codes.map((code) => problemTypes[code].status))].toSorted((a, b) => a - b);
  const description = (status: number) => codes.filter((code) => problemTypes[code].status === status).join(', ');
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      { description: description(status), content: { 'application/problem+json': { schema: Problem } } },
    ]),
  );
};

const okResponses = (route: Route): ZodOpenApiResponsesObject =>
  Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => [
      status,
      { description: route.summary, ...(schema && { content: { 'application/json': { schema } } }) },
    ]),
  );

const refused = (status: '401' | '403'): ZodOpenApiResponsesObject => ({
  [status]: { description: 'Refused by the gateway', content: { 'application/json': { schema: GatewayRefusal } } },
});

const gatewayResponses: Record<Plane, ZodOpenApiResponsesObject> = {
  user: refused('401'),
  runtime: refused('403'),
  public: {},
};

const security: Record<Plane, ZodOpenApiOperationObject['security']> = {
  user: [{ jwt: [] }],
  runtime: [{ sigv4: [] }],
  public: [],
};

const ifMatch = (route: Route) => {
  if (route.ifMatch === 'none') return undefined;
  const tag = z.string().meta({ description: 'The version the caller has seen, as ETag gave it', example: '"v3"' });
  return z.object({ 'if-match': route.ifMatch === 'required' ? tag : tag.optional() });
};

const pathParameters = (route: Route) => {
  const own = route.params as z.ZodObject;
  return route.path.includes('{userId}') ? own.extend({ userId: UserSegment }) : own;
};

const operation = (route: Route & { id: RouteId }): ZodOpenApiOperationObject => {
  const header = ifMatch(route);
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.plane],
    security: security[route.plane],
    requestParams: {
      path: pathParameters(route),
      query: route.query as z.ZodObject,
      ...(header && { header }),
    },
    ...(route.body && { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }),
    responses: { ...okResponses(route), ...gatewayResponses[route.plane], ...problemResponses(route) },
  };
};

const paths = (): Record<string, Record<string, ZodOpenApiOperationObject>> => {
  const byPath: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    byPath[route.path] = { ...byPath[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return byPath;
};

export const openApiDocument = () =>
  createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Keyhold',
      version: '1.0.0',
      description: 'A vault and broker for the keys an application holds for its users.',
      license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
    },
    servers: [{ url: 'http://127.0.0.1:3000', description: 'The local server' }],
    tags: [
      { name: 'user', description: 'An end user, by JWT' },
      { name: 'runtime', description: 'A trusted worker, by AWS SigV4' },
      { name: 'public', description: 'Anyone' },
    ],
    paths: paths(),
    components: {
      securitySchemes: {
        jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        sigv4: { type: 'apiKey', in: 'header', name: 'authorization', description: 'AWS SigV4, service execute-api' },
      },
    },
  });
