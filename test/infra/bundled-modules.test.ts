// What the bundles do to modules: how they get those of Node, and that the schemas without their texts accept the same requests.
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bundleSettings } from '../../cdk/functions/bundle-settings.ts';
import { schemaModules, stripRoutes, stripSchemas } from '../../cdk/functions/schema-modules.ts';
import { compileLater, stripZod } from '../../cdk/functions/zod-module.ts';
import type { Route } from '../../lib/http/routes/route.ts';
import { routes } from '../../lib/http/routes/routes.ts';
import { randomFrom, validBody } from '../support/http/malformed.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyhold-modules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bundle = async (contents: string, settings: object = {}): Promise<{ path: string; text: string }> => {
  const { entryPoints: _, absWorkingDir, ...common } = bundleSettings('none');
  const stdin = { contents, resolveDir: absWorkingDir, loader: 'ts' as const };
  const { outputFiles } = await build({ ...common, absWorkingDir, stdin, ...settings });
  const text = outputFiles.find((file) => file.path.endsWith('.mjs'))?.text ?? '';
  const path = join(mkdtempSync(join(folder, 'bundle-')), 'index.mjs');
  writeFileSync(path, text);
  return { path, text };
};

const run = (path: string): unknown => JSON.parse(execFileSync(process.execPath, [path], { encoding: 'utf8' }));

/** Whether Node's own HTTP client for `fetch`, undici, has been loaded. */
const PRINT =
  'process.stdout.write(JSON.stringify([found, process.moduleLoadList.some((name) => /undici/.test(name))]));';

describe("Node's modules in a bundle", () => {
  it('are the same, imported at the start or later', async () => {
    const { path, text } = await bundle(`
      import * as all from 'node:path';
      import posix, { join as joinPaths } from 'path';
      import { setTimeout as sleep } from 'node:timers/promises';
      const later = await import('node:http');
      const found = [joinPaths('a', 'b'), posix === process.getBuiltinModule('path'), all.sep, await sleep(1, 'slept'),
        typeof later.request, later.default === process.getBuiltinModule('http')];
      ${PRINT}`);
    expect(run(path)).toEqual([['a/b', true, '/', 'slept', 'function', true], false]);
    expect(text).not.toMatch(/\bimport\b/);
  });

  it('are loaded when they are called, where few calls need them', async () => {
    const { path } = await bundle(`
      import { promisify } from 'node:util';
      import { deflate, inflate } from 'node:zlib';
      const isLoaded = () => process.moduleLoadList.includes('NativeModule zlib');
      const before = isLoaded();
      const inflated = await promisify(inflate)(await promisify(deflate)('text'));
      const found = [before, isLoaded(), String(inflated)];
      ${PRINT}`);
    expect(run(path)).toEqual([[false, true, 'text'], false]);
  });

  it('would load undici with node:http by an import', async () => {
    const settings = { plugins: [] };
    const { path } = await bundle(`const found = typeof (await import('node:http')).request; ${PRINT}`, settings);
    expect(run(path)).toEqual(['function', true]);
  });
});

describe('schemas in a bundle', () => {
  type Named = Route & { id: string };
  interface Stripped {
    routes: readonly Named[];
    describeShape: (schema: unknown) => unknown;
  }
  let stripped: Stripped;
  const DESCRIBE = `
    export const describeShape = (schema: any) =>
      z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', metadata: z.registry<any>() });`;
  const describeShape = (schema: z.ZodType): unknown =>
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', metadata: z.registry() });

  beforeAll(async () => {
    const contents = `import * as z from 'zod'; export { routes } from './lib/http/routes/routes.ts'; ${DESCRIBE}`;
    const { path } = await bundle(contents, { plugins: [schemaModules] });
    stripped = (await import(pathToFileURL(path).href)) as Stripped;
  });

  const requests = routes.flatMap((route: Named) =>
    (['params', 'query', 'body'] as const).map((part) => [route.id, part, route[part]] as const),
  );

  it.each(requests)('%s accepts the same %s', (id, part, own) => {
    const other = stripped.routes.find((route) => route.id === id);
    expect(other?.[part] && stripped.describeShape(other[part])).toEqual(own && describeShape(own));
  });

  it('have the same routes, without what is for the document and the stack', () => {
    const place = ({ id, method, path, plane, function: name, bodyFormat, bodyOptional, ifMatch, etag }: Named) => ({
      id,
      method,
      path,
      plane,
      name,
      bodyFormat,
      bodyOptional,
      ifMatch,
      etag,
    });
    expect(stripped.routes.map(place)).toEqual(routes.map(place));
    const described = stripped.routes.map(({ answers, capabilities, errors }) => ({ answers, capabilities, errors }));
    expect(new Set(described.map((each) => JSON.stringify(each)))).toEqual(new Set(['{"errors":[]}']));
  });

  it('keep their lines, for the source map, and are not made only to check something', () => {
    for (const path of globSync('lib/**/*.ts')) {
      const source = readFileSync(path, 'utf8');
      // A schema that nothing uses is left out, and a statement uses no result.
      expect(source, path).not.toMatch(/^ *z\..*arse\(.*\);$/m);
      expect(stripSchemas(stripRoutes(source)).split('\n').length, path).toBe(source.split('\n').length);
    }
  });

  it('lose texts with brackets, quotes and comments in them', () => {
    const source = `const a = z.string().meta({ description: 'a ) of "b" it\\'s', // a ' comment\n x: [\`}\${f(\`{\`)}\`] }).max(3);`;
    expect(stripSchemas(source)).toBe('const a = /* @__PURE__ */ z.string()\n.max(3);');
  });

  it('are refused where the end of a text cannot be told', () => {
    expect(() => stripSchemas('z.string().meta({ pattern: /a/ })')).toThrow('cannot be read');
    expect(() => stripSchemas('z.string().meta({ a: 1')).toThrow('does not close');
  });

  it('that nothing uses are left out, with those that they are made of', async () => {
    const { text } = await bundle(`
      import { TemplateVariables } from './lib/domain/oauth/provider-record.ts';
      export const used = TemplateVariables;`);
    expect(text).not.toContain('deviceAuthorizationEndpoint');
  });
});

describe("the SDK's clients in a bundle", () => {
  it('send a call and read its answer, with a date in it', async () => {
    const { path } = await bundle(`
      import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
      import { Readable } from 'node:stream';
      const sent = [];
      const handle = async (request) => {
        sent.push(request);
        const body = JSON.stringify({ SecretString: 's', CreatedDate: 1523477145.713 });
        return { response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(body)]) } };
      };
      const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
      const client = new SecretsManagerClient({ region: 'eu-west-1', credentials, requestHandler: { handle } });
      Object.assign(process.env, { AWS_LAMBDA_FUNCTION_NAME: 'f', _X_AMZN_TRACE_ID: 'Root=1-2' });
      const { SecretString, CreatedDate } = await client.send(new GetSecretValueCommand({ SecretId: 'ä' }));
      const [{ hostname, headers, body }] = sent;
      const found = [SecretString, CreatedDate.toISOString(), hostname, headers['content-length'],
        headers['X-Amzn-Trace-Id'], /Signature=[0-9a-f]{64}$/.test(headers.authorization),
        /^[0-9a-f-]{36}$/.test(headers['amz-sdk-invocation-id'])];
      ${PRINT}`);
    const found = [
      's',
      '2018-04-11T20:05:45.713Z',
      'secretsmanager.eu-west-1.amazonaws.com',
      '17',
      'Root=1-2',
      true,
      true,
    ];
    expect(run(path)).toEqual([found, false]);
  });
});

describe('zod in a bundle', () => {
  it('fails to be made of a version in which a part is not found', () => {
    expect(() => stripZod('export const ZodType = 1;')).toThrow('zod does not contain');
    expect(() => compileLater('let fastpass;')).toThrow('zod does not contain');
  });
});

describe('requests in a bundle', () => {
  let bundled: { routes: readonly (Route & { id: string })[] };
  beforeAll(async () => {
    const { path } = await bundle(`export { routes } from './lib/http/routes/routes.ts';`);
    bundled = (await import(pathToFileURL(path).href)) as typeof bundled;
  });

  const ODD = [
    null,
    '',
    1,
    -1.5,
    true,
    [],
    [1],
    {},
    { a: 1 },
    'x'.repeat(9_000),
    '\u0000',
    'a b',
    '*.example.com',
    '2099',
  ];

  /** Valid bodies, and each with one member replaced, removed or added. */
  const makeBodies = (route: Route): unknown[] => {
    const random = randomFrom(1);
    return Array.from({ length: 10 }, () => validBody(route, random, 'secret')).flatMap((body) => {
      const members = Object.keys(Object(body));
      const changed = [...members, 'other'].flatMap((name) => ODD.map((odd) => ({ ...Object(body), [name]: odd })));
      const removed = members.map((name) => ({ ...Object(body), [name]: undefined }));
      return [body, ...changed, ...removed, ...ODD];
    });
  };

  const judge = (schema: Route['body'], body: unknown): unknown => {
    const { success, data, error } = schema?.safeParse(body) ?? {};
    return { success, data, issues: error?.issues.map(({ code, path, message }) => ({ code, path, message })) };
  };

  it.each(routes.filter(({ body }) => body).map((route: Route & { id: string }) => [route.id, route] as const))(
    '%s judges bodies as it does without a bundle',
    (id, route) => {
      const other = bundled.routes.find((each) => each.id === id);
      for (const body of makeBodies(route)) expect(judge(other?.body, body)).toEqual(judge(route.body, body));
    },
  );
});
