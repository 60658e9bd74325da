// The OpenAPI document, made from the route table alone. `npm run openapi` writes it to openapi.json; a test fails when the two
// differ.
import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import type { Plane, Route } from '../routes/route.ts';
import { type RouteId, routes } from '../routes/routes.ts';
import { problemExamples } from '../schemas/problem.ts';
import { responseHeaders } from './headers.ts';
import { describeOperation, type Tag } from './operation-texts.ts';
import { IfMatch, UserSegment } from './parameters.ts';
import { operationResponses, withExamples } from './responses.ts';
import { describeSchema } from './schema-descriptions.ts';

const DESCRIPTION = `A vault and broker for the API keys and OAuth tokens an application holds for its users.

The *user plane* (\`/v1/me\`, \`/v1/providers\`) is for end users, by JWT; the user is the claim \`sub\`. The *runtime plane*
(\`/v1/users/{userId}\`, \`/v1/system\`) is for trusted workers, by AWS Signature Version 4. The *link plane* (\`/v1/link\`) is for
the browser of whom a worker sent a connect link, by the link. Names are camelCase, times ISO 8601 in
UTC. Requests are strict: an unknown field is refused. Answers may gain fields. API Gateway refuses an unknown path (404) and a
request over 6 MB (413) as \`{"message": …}\`.`;

const tags: Record<Tag, string> = {
  Credentials: 'Keys, passwords, tokens and header fields: store, list, change, delete, and resolve for a call.',
  Connections: 'Connect an account at a provider by OAuth in a browser.',
  'Device connections': 'Connect an account by OAuth on a device without a browser (RFC 8628).',
  'OAuth states': 'State and PKCE for an application that exchanges the code itself.',
  'Managed credentials': 'Keys the operator holds for a user at a provider.',
  'Connect links': 'Let a user without a login connect: a worker makes a link, and the browser that opens it holds it.',
  Providers: 'What can be connected or stored.',
  Users: 'Everything stored of a user.',
  Health: 'Whether the service answers.',
};

const security: Record<Plane, ZodOpenApiOperationObject['security']> = {
  user: [{ jwt: [] }],
  runtime: [{ sigv4: [] }],
  link: [{ link: [] }],
  public: [],
};

const ifMatchHeader = ({ ifMatch }: Route) =>
  ifMatch === 'none'
    ? {}
    : {
        header: z.object({
          'If-Match': ifMatch === 'required' ? IfMatch : IfMatch.optional().meta(IfMatch.meta() ?? {}),
        }),
      };

const pathParameters = ({ params, path }: Route) => {
  const own = params as z.ZodObject;
  return path.includes('{userId}') ? own.extend({ userId: UserSegment }) : own;
};

const describe = (id: RouteId) => {
  const { tag, ...text } = describeOperation(id);
  return { ...text, tags: [tag] };
};

const BODY_TYPES: Record<Route['bodyFormat'], string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
};

const operation = (route: Route & { id: RouteId }): ZodOpenApiOperationObject => ({
  operationId: route.id,
  ...describe(route.id),
  security: security[route.plane],
  requestParams: { path: pathParameters(route), query: route.query as z.ZodObject, ...ifMatchHeader(route) },
  ...(route.body && {
    requestBody: {
      required: !route.bodyOptional,
      content: { [BODY_TYPES[route.bodyFormat]]: withExamples(route.body) },
    },
  }),
  responses: operationResponses(route),
});

const paths = (): Record<string, Record<string, ZodOpenApiOperationObject>> => {
  const byPath: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    byPath[route.path] = { ...byPath[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return byPath;
};

/** The document of all routes. Answers are left open: a client must accept fields it does not know. */
export const openApiDocument = () =>
  createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Keyhold',
        version: '1.0.0',
        description: DESCRIPTION,
        license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
      },
      servers: [{ url: 'http://127.0.0.1:3000', description: 'The local server' }],
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
      paths: paths(),
      components: {
        headers: responseHeaders,
        examples: problemExamples,
        securitySchemes: {
          jwt: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'A token of the identity provider of the application (RSA); the claim `sub` is the user.',
          },
          link: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description:
              '`Link` and the token of a connect link, the fragment of its URL. The answer to the first request sets a cookie, and ' +
              'only the browser that sends it can use the link from then on.',
          },
          sigv4: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description: 'AWS Signature Version 4 for the service `execute-api`, by a role that may invoke the API.',
          },
        },
      },
    },
    {
      override: ({ jsonSchema, zodSchema, io }) => {
        const description = describeSchema(zodSchema);
        if (description !== undefined) jsonSchema.description = description;
        // An answer may get new fields; the values of a record keep their schema.
        if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    },
  );
