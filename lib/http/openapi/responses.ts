// The responses of an operation: its answers, the refusals of API Gateway, and a problem document for each status of its codes.
import type { ZodOpenApiMediaTypeObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { problemTypes } from '../problem-types.ts';
import type { Plane, Route, Schema } from '../routes/route.ts';
import { CallbackPage } from '../schemas/connections.ts';
import { ConnectPage } from '../schemas/page.ts';
import { describeCodes, GatewayRefusal, Problem } from '../schemas/problem.ts';
import { findExamples } from './examples/find-examples.ts';
import { answerHeaders, problemHeaders } from './headers.ts';
import { operationErrors } from './operation-errors.ts';
import { describeSchema } from './schema-descriptions.ts';

const nameExample = (value: unknown, index: number): string => {
  const { type } = (typeof value === 'object' ? value : {}) as { type?: string };
  return type ?? (index === 0 ? 'example' : `example${index + 1}`);
};

/** A schema with its examples, each under a name. */
export const withExamples = (schema: Schema): ZodOpenApiMediaTypeObject => ({
  schema,
  examples: Object.fromEntries(findExamples(schema).map((value, index) => [nameExample(value, index), { value }])),
});

const STATUS_WORDS: Record<number, string> = {
  200: 'OK.',
  201: 'Created.',
  204: 'Done. No body.',
  303: 'A redirect to the return URL.',
  400: 'The state is not valid.',
};

const PAGES: ReadonlySet<Schema> = new Set<Schema>([CallbackPage, ConnectPage]);

const mediaType = (schema: Schema): string => (PAGES.has(schema) ? 'text/html' : 'application/json');

const answers = (route: Route): ZodOpenApiResponsesObject =>
  Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => [
      status,
      {
        description: [STATUS_WORDS[Number(status)], schema && describeSchema(schema)].filter(Boolean).join(' '),
        headers: answerHeaders(route, Number(status)),
        ...(schema && { content: { [mediaType(schema)]: withExamples(schema) } }),
      },
    ]),
  );

const refusal = (status: '401' | '403' | '429', description: string, message: string): ZodOpenApiResponsesObject => ({
  [status]: {
    description,
    ...(status === '429' && { headers: problemHeaders(429) }),
    content: { 'application/json': { schema: GatewayRefusal, examples: { example: { value: { message } } } } },
  },
});

const tooMany = refusal(
  '429',
  'Too many requests: of this user (of refused callbacks and links, from this address), or of all callers of the route. The latter, an answer ' +
    'of API Gateway itself, has no Retry-After.',
  'Too Many Requests',
);

const refusals: Record<Plane, ZodOpenApiResponsesObject> = {
  user: {
    ...refusal('401', 'API Gateway refused the request: no token, or one that is not valid.', 'Unauthorized'),
    ...tooMany,
  },
  runtime: {
    ...refusal('403', 'API Gateway refused the request: no signature, or one that is not valid.', 'Forbidden'),
    ...tooMany,
  },
  link: tooMany,
  public: tooMany,
};

/** A 403 or a 429 is shared with API Gateway, so one status may have two media types. */
const problems = (route: Route): ZodOpenApiResponsesObject => {
  const byStatus = Map.groupBy(operationErrors(route), (code) => problemTypes[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => {
      const gateway = refusals[route.plane][`${status as 403}`];
      const gatewayText = gateway && 'description' in gateway ? `\n\n${gateway.description}` : '';
      const gatewayContent = gateway && 'content' in gateway ? gateway.content : {};
      const examples = Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]));
      return [
        `${status as 400}`,
        {
          description: describeCodes(codes) + gatewayText,
          headers: problemHeaders(status),
          content: { 'application/problem+json': { schema: Problem, examples }, ...gatewayContent },
        },
      ];
    }),
  );
};

/** All responses of an operation, by status. */
export const operationResponses = (route: Route): ZodOpenApiResponsesObject => ({
  ...refusals[route.plane],
  ...problems(route),
  ...answers(route),
});
