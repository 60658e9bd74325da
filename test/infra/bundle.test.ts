// The deployed bundles: they start with their environment, are small, and contain no code of the local server.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Template } from 'aws-cdk-lib/assertions';
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleSettings } from '../../cdk/functions/bundle-settings.ts';
import { routes } from '../../lib/http/routes/routes.ts';
import { functionResource, getStack, makeBundledApp, readEnvironment } from './support/synthesize.ts';

/** The most bytes of each bundle: what it takes now, and little more. */
const MAX_BYTES: Readonly<Record<string, number>> = {
  'user-api': 328_500,
  'start-api': 379_200,
  'connect-api': 453_700,
  'link-api': 337_500,
  'link-start-api': 385_600,
  'link-connect-api': 458_400,
  'oauth-callback': 228_900,
  'runtime-api': 488_800,
  'runtime-start-api': 379_200,
  'moving-api': 356_000,
  'refresh-sweep': 382_200,
  'refresh-credential': 372_600,
  'publish-events': 181_500,
  health: 1_000,
  'connect-page': 62_500,
  'client-metadata': 3_000,
};

const functionNames = [
  ...new Set(routes.map((route) => route.function)),
  'refresh-sweep',
  'refresh-credential',
  'publish-events',
];

let outdir: string;
let template: Template;
beforeAll(() => {
  const app = makeBundledApp();
  outdir = app.outdir;
  template = Template.fromStack(getStack(app));
});

const getAsset = (name: string): string => {
  const [, resource] = functionResource(template, name);
  return join(outdir, String(resource.Metadata?.['aws:asset:path']));
};

type Output = Metafile['outputs'][string];

const bundleText = (name: string): string => readFileSync(join(getAsset(name), 'index.mjs'), 'utf8');

/** What the build that made the asset says of it. */
const readOutput = (name: string): Output =>
  JSON.parse(readFileSync(join(outdir, 'source-maps', `${name}.inputs.json`), 'utf8'));

const shippedFiles = (output: Output): string[] =>
  Object.entries(output.inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);

/** The environment of the function, with placeholders for values that only a deployment knows. */
const environmentFor = (name: string): Record<string, string> => {
  const told = Object.entries(readEnvironment(template, name));
  return Object.fromEntries(told.map(([key, value]) => [key, typeof value === 'string' ? value : `https://${key}`]));
};

describe('the bundles', () => {
  it.each(functionNames)('%s is one small file', (name) => {
    expect(readdirSync(getAsset(name))).toEqual(['index.mjs']);
    expect(readFileSync(join(getAsset(name), 'index.mjs')).byteLength).toBeLessThan(MAX_BYTES[name] ?? 0);
  });

  it.each(functionNames)('%s starts with its environment and exports its handler', (name) => {
    const bundle = pathToFileURL(join(getAsset(name), 'index.mjs')).href;
    const script = `import(${JSON.stringify(bundle)}).then(({ handler }) => process.stdout.write(typeof handler))`;
    const env = { ...environmentFor(name), AWS_REGION: 'eu-west-1' };
    expect(execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' })).toBe('function');
  });

  it.each(functionNames)(
    '%s contains code of the project from functions/, lib/ and web/ only, and everything that it imports',
    (name) => {
      const output = readOutput(name);
      expect([output.entryPoint, output.bytes]).toEqual([`functions/${name}.ts`, Buffer.byteLength(bundleText(name))]);
      const strays = Object.keys(output.inputs).filter(
        (path) =>
          !/^(?:(?:functions|lib|web|cdk\/functions\/replacements|node_modules)\/|(?:whole-)?builtin:)/.test(path),
      );
      expect(strays).toEqual([]);
      expect(output.imports).toEqual([]);
    },
  );

  it.each(functionNames)('%s contains no code of its packages that it never runs', (name) => {
    const output = readOutput(name);
    const unused =
      /zod\/.*json-schema|\/sha256\/Sha256Js|\/(?:AdaptiveRetryStrategy|HeaderFormatter|loadSharedConfigFiles)\./;
    const errors = /@aws-sdk\/client-(?!dynamodb)[^/]+\/dist-es\/models\/errors/;
    expect(shippedFiles(output).filter((path) => unused.test(path) || errors.test(path))).toEqual([]);
  });

  it.each(functionNames)('%s contains no texts of the OpenAPI document', (name) => {
    expect(bundleText(name)).not.toMatch(/\.meta\(\{/);
  });

  it('are the same when they are built again, with the same inputs', async () => {
    const { metafile, outputFiles } = await build(bundleSettings('runtime-api'));
    expect(outputFiles.find(({ path }) => path.endsWith('.mjs'))?.text).toBe(bundleText('runtime-api'));
    expect(metafile.outputs['runtime-api.mjs']).toEqual(readOutput('runtime-api'));
  });

  it('every bundle has a source map and a list of its inputs that are not deployed', () => {
    const kept = functionNames.flatMap((name) => [`${name}.inputs.json`, `${name}.mjs.map`]);
    expect(readdirSync(join(outdir, 'source-maps')).toSorted()).toEqual(kept.toSorted());
  });

  it.each(['start-api', 'link-start-api', 'runtime-start-api'])(
    '%s contains no code that opens or seals a secret of a user, exchanges, refreshes or revokes',
    (name) => {
      const output = readOutput(name);
      const others =
        /(?:open|seal)-credential|(?:steps|operations)\/refresh|(?:request|revoke)-token|complete-connection|save-token/;
      expect(shippedFiles(output).filter((path) => others.test(path))).toEqual([]);
    },
  );

  it.each(['connect-api', 'link-connect-api', 'runtime-api'])('%s contains no code that starts connections', (name) => {
    const output = readOutput(name);
    expect(shippedFiles(output).filter((path) => /operations\/connect\/start-|-starts\./.test(path))).toEqual([]);
  });

  it.each(['user-api', 'link-api'])('%s contains no code that reads secrets', (name) => {
    const output = readOutput(name);
    expect(shippedFiles(output).filter((path) => /secrets-manager/.test(path))).toEqual([]);
  });
});
