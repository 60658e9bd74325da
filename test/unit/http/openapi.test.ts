// openapi.json is what the route table says now, and is well formed.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../lib/http/openapi.ts';
import { routes } from '../../../lib/http/routes/routes.ts';

const committed = JSON.parse(readFileSync('openapi.json', 'utf8'));

describe('openapi.json', () => {
  it('is what `npm run openapi` writes', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('describes %s', (_, route) => {
    const operation = committed.paths[route.path][route.method.toLowerCase()];
    expect(operation.operationId).toBe(route.id);
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(Object.keys(route.answers)));
  });

  it('passes the linter', { timeout: 60_000 }, async () => {
    const { stderr } = await promisify(execFile)('node_modules/.bin/redocly', ['lint', 'openapi.json']);
    expect(stderr).toContain('Your API description is valid');
  });
});
