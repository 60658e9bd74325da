// The generated files of the client are in step with openapi.json, and every operation has a method.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as browser from '../../../client/browser.ts';
import * as routes from '../../../client/generated/routes.ts';
import * as entry from '../../../client/index.ts';
import { encodeUserSegment } from '../../../client/transport/user-segment.ts';
import { encodeUserSegment as encodeAtService } from '../../../lib/domain/values/user-path.ts';
import { clientFiles } from '../../../scripts/client/client-files.ts';
import { emitType, type JsonSchema } from '../../../scripts/client/emit-type.ts';

const document = JSON.parse(readFileSync('openapi.json', 'utf8'));

describe('the generated client', () => {
  it('is what `npm run openapi` writes', () => {
    for (const [path, text] of clientFiles(document)) expect(readFileSync(path, 'utf8'), path).toBe(text);
  });

  it('has a method for every operation that a client calls', () => {
    const paths = Object.entries<Record<string, { operationId: string }>>(document.paths);
    const operations = paths.flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    const tables = [routes.workerRoutes, routes.userRoutes].flatMap((table) => Object.values(table));
    const called = tables.map(({ method, path }) => `${method.toLowerCase()} ${path}`);
    const missing = operations.filter((operation) => !called.includes(operation));
    expect(
      missing.filter(
        (operation) => !/ \/(?:v1\/oauth\/callback|v1\/oauth\/client-metadata\.json|v1\/link|connect)/.test(operation),
      ),
    ).toEqual([]);
  });

  it('has no method that the service answers to its own pages only', () => {
    const paths = Object.values<Record<string, { path: string }>>(routes).flatMap((table) => Object.values(table));
    expect(paths.filter(({ path }) => path.startsWith('/v1/link'))).toEqual([]);
  });

  it.each(['alice', 'alice@example.com', 'ünïcode ☃', 'a/b?c#d', '..', '.', '~x', 'a:b', '🙂'.repeat(256)])(
    'spells the user id %j as the service does',
    (userId) => {
      expect(encodeUserSegment(userId)).toBe(encodeAtService(userId));
    },
  );

  it.each(['', '\ud800', 'x'.repeat(257)])('refuses %j as a user id', (userId) => {
    expect(() => encodeUserSegment(userId)).toThrow(TypeError);
  });
});

describe('an entry of the package', () => {
  it('has for a browser only what a browser can use', () => {
    expect(Object.keys(browser).toSorted()).toEqual(['KeyholdError', 'createUserClient']);
  });

  it('has for Node what a worker needs too', () => {
    const names = ['InsufficientScopesError', 'KeyholdError', 'createUserClient', 'createWorker', 'encodeUserSegment'];
    expect(Object.keys(entry).toSorted()).toEqual(names);
  });
});

describe('the types of schemas', () => {
  it.each<[JsonSchema, string]>([
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ anyOf: [{ $ref: '#/components/schemas/A' }, { type: 'null' }] }, 'A | null'],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, "('a' | 'b')[]"],
    [{ type: 'object', additionalProperties: { type: 'string' } }, 'Record<string, string>'],
    [{ type: 'object', additionalProperties: {} }, 'Record<string, unknown>'],
    [
      { type: 'object', properties: { a: { type: 'integer' }, 'b-c': { const: true } }, required: ['a'] },
      "{\n  a: number;\n  'b-c'?: true | undefined;\n}",
    ],
  ])('of %j are right', (schema, type) => {
    expect(emitType(schema)).toBe(type);
  });

  it('are not guessed', () => {
    expect(() => emitType({ type: 'tuple' })).toThrow('tuple');
  });
});
