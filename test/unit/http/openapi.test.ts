// openapi.json: made from the present route table, documented without gaps, with valid examples.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../../lib/domain/values/service-error.ts';
import { openApiDocument } from '../../../lib/http/openapi/document.ts';
import { findExamples } from '../../../lib/http/openapi/examples/find-examples.ts';
import { problemMeanings } from '../../../lib/http/problem-meanings.ts';
import { problemTypes } from '../../../lib/http/problem-types.ts';
import { routes } from '../../../lib/http/routes/routes.ts';
import { Problem, problemExamples } from '../../../lib/http/schemas/problem.ts';
import { openApiGaps } from '../../support/http/openapi-gaps.ts';

const committed = JSON.parse(readFileSync('openapi.json', 'utf8'));

const findOperation = (route: (typeof routes)[number]) => committed.paths[route.path][route.method.toLowerCase()];
const named = routes.map((route) => [`${route.method} ${route.path}`, route] as const);

/** The schemas by their name in components. */
const schemas: [string, Record<string, unknown>][] = Object.entries(committed.components.schemas);

/** The names of all schemas that a part of the document leads to. */
const reachable = (part: unknown, found = new Set<string>()): Set<string> => {
  const text = JSON.stringify(part);
  for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
    if (found.has(name)) continue;
    found.add(name);
    reachable(committed.components.schemas[name], found);
  }
  return found;
};

describe('openapi.json', () => {
  it('is what `npm run openapi` writes', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it.each(named)('describes %s', (_, route) => {
    const operation = findOperation(route);
    expect(operation.operationId).toBe(route.id);
    expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(Object.keys(route.answers)));
  });
});

describe('the documentation in openapi.json', () => {
  it('has no gap', () => {
    expect(openApiGaps(committed)).toEqual([]);
  });

  const me = (document: typeof committed) => document.paths['/v1/me/credentials'];
  it.each<[string, (document: typeof committed) => void]>([
    ['an operation without a description', (document) => delete me(document).get.description],
    ['an operation without a summary', (document) => delete me(document).get.summary],
    ['an operation without an id', (document) => delete me(document).get.operationId],
    ['an operation without a tag', (document) => delete me(document).get.tags],
    [
      'a request without an example',
      (document) => delete me(document).post.requestBody.content['application/json'].examples,
    ],
    [
      'an answer without an example',
      (document) => delete me(document).get.responses[200].content['application/json'].examples,
    ],
    [
      'a problem without an example',
      (document) => delete me(document).get.responses[503].content['application/problem+json'].examples,
    ],
    [
      'an unnamed schema',
      (document) => {
        me(document).get.responses[200].content['application/json'].schema = {};
      },
    ],
    ['an answer without a description', (document) => delete me(document).get.responses[200].description],
    ['a parameter without a description', (document) => delete me(document).get.parameters[0].description],
    ['a schema without a description', (document) => delete document.components.schemas.Health.description],
    [
      'a property without a description',
      (document) => delete document.components.schemas.NewApiKey.properties.apiKey.description,
    ],
    ['a header without a description', (document) => delete document.components.headers.ETag.description],
  ])('would have a gap with %s', (_, remove) => {
    const changed = structuredClone(committed);
    remove(changed);
    expect(openApiGaps(changed)).toHaveLength(1);
  });

  it('lists every error code', () => {
    const { ErrorCode, Problem: problem } = committed.components.schemas;
    expect(problem.properties.code.$ref).toBe('#/components/schemas/ErrorCode');
    expect(ErrorCode.enum).toEqual(errorCodes);
    for (const code of errorCodes) expect(ErrorCode.description).toContain(`\`${code}\`: ${problemMeanings[code]}`);
  });

  it.each(named)('names the codes of each error of %s', (_, route) => {
    const { responses } = findOperation(route);
    for (const code of [...route.errors, 'timed_out', 'internal_error'] as const) {
      expect(responses[problemTypes[code].status].description).toContain(`\`${code}\``);
    }
  });
});

describe('the examples', () => {
  it.each(named.filter(([, { body }]) => body))('of the request of %s are accepted by the route', (_, { body }) => {
    const examples = body ? findExamples(body) : [];
    expect(examples).not.toEqual([]);
    for (const example of examples) expect(body?.safeParse(example).error?.issues ?? []).toEqual([]);
  });

  const answers = routes.flatMap(({ id, answers: byStatus }) =>
    Object.entries(byStatus).flatMap(([status, schema]) => (schema ? [[`${id} ${status}`, schema] as const] : [])),
  );
  it.each(answers)('of the answer of %s contain exactly what the schema describes', (_, schema) => {
    const examples = findExamples(schema);
    expect(examples).not.toEqual([]);
    for (const example of examples) expect(schema.parse(example)).toEqual(example);
  });

  it.each(Object.entries(problemExamples))('of a problem match the schema: %s', (_, { value }) => {
    expect(Object.keys(value).filter((name) => !(name in Problem.shape))).toEqual([]);
    expect(Problem.parse(value)).toEqual(value);
  });
});

describe('the schemas', () => {
  const requests = reachable(routes.map((route) => findOperation(route).requestBody ?? {}));
  const answers = reachable(routes.map((route) => findOperation(route).responses));

  it('are of requests or of answers, not of both', () => {
    expect([...requests].filter((name) => answers.has(name))).toEqual([]);
    expect([...requests, ...answers].toSorted()).toEqual(schemas.map(([name]) => name).toSorted());
  });

  /** A provider may have fields of its own in what it lets the browser post. */
  const isClosed = (name: string) => requests.has(name) && name !== 'CallbackForm';

  it.each(schemas.filter(([name, { properties }]) => isClosed(name) && properties))(
    'refuse a field they do not know in the request %s',
    (_, schema) => {
      expect(schema.additionalProperties).toBe(false);
    },
  );

  it.each(schemas.filter(([name]) => answers.has(name)))('allow new fields in the answer %s', (_, schema) => {
    expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
  });
});

describe('the headers', () => {
  const listHeaders = (id: string, status: number) => {
    const route = routes.find((one) => one.id === id) as (typeof routes)[number];
    return Object.keys(findOperation(route).responses[status].headers);
  };

  it.each<[string, number, string[]]>([
    ['listMyCredentials', 200, ['Cache-Control', 'ETag']],
    ['addMyCredential', 201, ['Cache-Control', 'ETag', 'Location']],
    ['addCredential', 503, ['Cache-Control', 'Retry-After']],
    ['startConnection', 429, ['Cache-Control', 'Retry-After']],
    ['receiveOAuthCallback', 303, ['Cache-Control', 'Location']],
    ['receiveOAuthCallback', 200, ['Cache-Control']],
  ])('of %s %d are described', (id, status, headers) => {
    expect(listHeaders(id, status)).toEqual(headers);
  });

  it('of the callback say that it answers pages', () => {
    const { responses } = committed.paths['/v1/oauth/callback'].get;
    expect([200, 400].map((status) => Object.keys(responses[status].content))).toEqual([['text/html'], ['text/html']]);
  });
});
