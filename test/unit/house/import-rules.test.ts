// The import rules between modules: which folder may import which. A file in no known module, or an import that is not allowed, is
// a violation.
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

interface ModuleRule {
  name: string;
  files: RegExp;
  /** Modules and kinds of packages; `own` is the module itself, `type x` only the types of x. */
  mayImport: readonly string[];
}

const ADAPTER = ['zod', 'node', 'domain', 'providers', 'resilience', 'outbound', 'signing', 'sdk'];

/** A file belongs to the first module whose pattern matches. */
const modules: readonly ModuleRule[] = [
  // Constants: every module may import them, see mayImport.
  { name: 'platform', files: /^lib\/platform\.ts$/, mayImport: [] },
  { name: 'domain values', files: /^lib\/domain\/values\//, mayImport: ['zod', 'node:crypto', 'own'] },
  { name: 'domain ports', files: /^lib\/domain\/ports\//, mayImport: ['domain'] },
  // credential, oauth, refresh, moving, link and mcp: the rules. They take what a port delivers as an argument and know no port.
  {
    name: 'domain rules',
    files: /^lib\/domain\/(?:credential|oauth|refresh|moving|link|mcp)\//,
    mayImport: ['zod', 'node:crypto', 'domain values', 'own'],
  },
  { name: 'steps', files: /^lib\/steps\//, mayImport: ['zod', 'domain', 'own'] },
  { name: 'operations', files: /^lib\/operations\//, mayImport: ['zod', 'domain', 'steps', 'type providers'] },
  { name: 'providers', files: /^lib\/providers\//, mayImport: ['zod', 'domain', 'own'] },
  { name: 'resilience', files: /^lib\/adapters\/resilience\//, mayImport: ['zod', 'node', 'domain', 'own'] },
  { name: 'outbound', files: /^lib\/adapters\/outbound\//, mayImport: ['zod', 'node', 'domain', 'resilience', 'own'] },
  { name: 'signing', files: /^lib\/adapters\/signing\//, mayImport: ['node'] },
  { name: 'adapters of $1', files: /^lib\/adapters\/([^/]+)\//, mayImport: [...ADAPTER, 'own'] },
  { name: 'adapter', files: /^lib\/adapters\/[^/]+$/, mayImport: ADAPTER },
  {
    name: 'http chain',
    files: /^lib\/http\/chain\//,
    mayImport: ['zod', 'domain', 'http', 'own', 'middy', 'type aws-lambda'],
  },
  { name: 'http', files: /^lib\/http\//, mayImport: ['zod', 'openapi', 'domain', 'own'] },
  { name: 'config', files: /^lib\/config\.ts$/, mayImport: ['zod', 'domain'] },
  { name: 'page config', files: /^lib\/page-config\.ts$/, mayImport: ['domain'] },
  {
    name: 'container',
    files: /^lib\/container\//,
    mayImport: [
      'domain',
      'adapter',
      'adapters of',
      'resilience',
      'outbound',
      'providers',
      'config',
      'page config',
      'own',
    ],
  },
  {
    name: 'functions',
    files: /^functions\//,
    mayImport: [
      'node:zlib',
      'domain',
      'operations',
      'http',
      'http chain',
      'container',
      'own',
      'page',
      'page config',
      'type aws-lambda',
    ],
  },
  // The connect page. What runs in a browser imports nothing of the service: it knows the contract only.
  { name: 'app logic', files: /^web\/app\/logic\//, mayImport: ['own'] },
  { name: 'app flows', files: /^web\/app\/flows\//, mayImport: ['app logic', 'own'] },
  { name: 'app', files: /^web\/app\//, mayImport: ['preact', 'app logic', 'app flows', 'own'] },
  { name: 'page build', files: /^web\/build\/build-app\.ts$/, mayImport: ['node', 'cdk packages'] },
  { name: 'page', files: /^web\/(?:build|page)\//, mayImport: ['node:crypto', 'page build', 'own'] },
  { name: 'replacements', files: /^cdk\/functions\/replacements\//, mayImport: ['sdk', 'node:crypto'] },
  { name: 'cdk', files: /^cdk\//, mayImport: ['node', 'zod', 'http', 'page build', 'cdk packages', 'own'] },
  // The client is for other programs: it holds nothing of the service but the hash of its signatures, and only its AWS part needs Node.
  {
    name: 'client aws',
    files: /^client\/(?:aws\/|worker\.ts$|index\.ts$)/,
    mayImport: ['sdk', 'signing', 'client', 'own'],
  },
  { name: 'client examples', files: /^client\/examples\//, mayImport: ['zod', 'packages of examples'] },
  { name: 'client', files: /^client\//, mayImport: ['own'] },
  // The command works through the client. Only its checks of the operator's secrets know the rules of the service.
  {
    name: 'cli operator',
    files: /^cli\/operator\//,
    mayImport: ['node', 'sdk', 'domain', 'providers', 'adapters of secrets', 'cli', 'own'],
  },
  { name: 'cli moving', files: /^cli\/moving\//, mayImport: ['zod', 'node', 'domain', 'providers', 'own'] },
  { name: 'cli', files: /^cli\//, mayImport: ['node', 'client', 'client aws', 'cli operator', 'own'] },
  { name: 'local', files: /^local\//, mayImport: [] },
  { name: 'test', files: /^test\//, mayImport: [] },
];

const packages: readonly [string, RegExp][] = [
  ['node:crypto', /^node:crypto$/],
  ['node:zlib', /^node:zlib$/],
  ['preact', /^preact(?:$|\/hooks$)/],
  ['node', /^node:/],
  ['zod', /^zod$/],
  ['openapi', /^zod-openapi$/],
  ['sdk', /^(?:@aws-sdk\/|@smithy\/signature-v4$|openid-client$)/],
  ['middy', /^@middy\/core$/],
  ['aws-lambda', /^aws-lambda$/],
  [
    'packages of examples',
    /^(?:keyhold\/client|ai|@octokit\/core|@slack\/web-api|@modelcontextprotocol\/sdk\/client\/.+)$/,
  ],
  ['cdk packages', /^(?:aws-cdk-lib(?:\/|$)|constructs$|cdk-nag$|esbuild$)/],
];

const findModule = (path: string): string | undefined => {
  const rule = modules.find(({ files }) => files.test(path));
  return rule?.name.replace('$1', rule.files.exec(path)?.[1] ?? '');
};

const resolveSpecifier = (specifier: string, from: string): string | undefined => {
  if (specifier.startsWith('.')) return findModule(posix.join(posix.dirname(from), specifier));
  return packages.find(([, pattern]) => pattern.test(specifier))?.[0];
};

interface Import {
  specifier: string;
  typeOnly: boolean;
}

const FROM = /\b(?:import|export)\s+(?<type>type\s)?(?<names>[\w*\s{},$]*?)\s*\bfrom\s*['"](?<specifier>[^'"]+)['"]/g;
const BARE = /(?<!['"/])\bimport\s*\(?\s*['"](?<specifier>[^'"]+)['"]/g;
const REQUIRE = /\brequire\s*\(\s*['"](?<specifier>[^'"]+)['"]/g;

const readImports = (text: string): Import[] => [
  ...[...text.matchAll(FROM)].map(({ groups: { type, specifier = '' } = {} }) => ({
    specifier,
    typeOnly: type !== undefined,
  })),
  ...[BARE, REQUIRE].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ groups }) => ({ specifier: groups?.specifier ?? '', typeOnly: false })),
  ),
];

const mayImport = (rule: ModuleRule, own: string, target: string, typeOnly: boolean): boolean =>
  target === 'platform' ||
  rule.mayImport.some((entry) => {
    if (entry === 'own') return target === own;
    if (entry === 'node') return target.startsWith('node');
    if (entry === 'adapters of' || entry === 'domain') return target.startsWith(entry);
    return entry === target || (typeOnly && entry === `type ${target}`);
  });

const violations = (path: string, text: string): string[] => {
  const rule = modules.find(({ files }) => files.test(path));
  const own = findModule(path);
  if (!rule || own === undefined) return [`${path} is in no known module`];
  return readImports(text).flatMap(({ specifier, typeOnly }) => {
    const target = resolveSpecifier(specifier, path);
    const isAllowed = target !== undefined && mayImport(rule, own, target, typeOnly);
    return isAllowed ? [] : [`${path} (${own}) imports ${specifier} (${target ?? 'unknown'})`];
  });
};

const files = globSync('{lib,functions,cdk,client,cli,web}/**/*.{ts,tsx}').toSorted();

describe('the import rules', () => {
  it.each(files)('hold in %s', (path) => {
    expect(violations(path, readFileSync(path, 'utf8'))).toEqual([]);
  });

  it('match existing files', () => {
    expect(files.length).toBeGreaterThan(80);
  });

  it.each([
    'lib/http/chain/http-function.ts',
    'lib/container/shared/start.ts',
    'lib/adapters/dynamodb/table.ts',
    'cdk/app.ts',
  ])('see every import of %s', (path) => {
    const text = readFileSync(path, 'utf8');
    expect(readImports(text)).toHaveLength(text.match(/^(?:import\b|\} from )/gm)?.length ?? 0);
  });
});

/** The files a file of lib imports, types included. */
const importedFiles = (path: string): string[] =>
  readImports(readFileSync(path, 'utf8'))
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier));

/** The first import cycle reachable from the given files, as the path that closes it; null when there is none. */
const findCycle = (paths: readonly string[], next: (path: string) => string[]): string[] | null => {
  const finished = new Set<string>();
  const visit = (path: string, trail: string[]): string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (finished.has(path)) return null;
    for (const imported of next(path)) {
      const cycle = visit(imported, [...trail, path]);
      if (cycle) return cycle;
    }
    finished.add(path);
    return null;
  };
  for (const path of paths) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return null;
};

describe('the imports between files of lib', () => {
  it('form no cycle', () => {
    expect(findCycle(globSync('lib/**/*.ts'), importedFiles)).toBeNull();
  });

  it('are reported as a cycle where they form one', () => {
    const graph: Record<string, string[]> = { a: ['b'], b: ['c', 'd'], c: [], d: ['b'] };
    expect(findCycle(['a'], (path) => graph[path] ?? [])).toEqual(['b', 'd', 'b']);
  });
});

describe('the checker of import rules', () => {
  it.each([
    ['lib/domain/values/names.ts', "import type { StoredCredential } from '../credential/credential.ts';"],
    ['lib/domain/credential/rows.ts', "import type { UserRecord } from '../ports/user-store.ts';"],
    ['lib/domain/oauth/scopes.ts', "import type { StateStore } from '../ports/state-store.ts';"],
    ['lib/domain/refresh/result.ts', "import type { RefreshedSecret } from '../ports/credential-refresh-store.ts';"],
    ['lib/domain/x.ts', ''],
    ['lib/domain/values/names.ts', "import { readFile } from 'node:fs/promises';"],
    ['lib/domain/values/names.ts', "import { addCredential } from '../../operations/credential/add-credential.ts';"],
    ['lib/domain/values/names.ts', "export { x } from '../../http/problem.ts';"],
    ['lib/domain/values/names.ts', "import type { KMSClient } from '@aws-sdk/client-kms';"],
    ['lib/operations/credential/add-credential.ts', "import { openTable } from '../../adapters/dynamodb/table.ts';"],
    ['lib/operations/credential/add-credential.ts', "import { x } from './delete-credential.ts';"],
    ['lib/operations/credential/add-credential.ts', "import { createHash } from 'node:crypto';"],
    ['lib/operations/credential/add-credential.ts', "import { x } from '../../providers/api-key-placements.ts';"],
    ['lib/steps/credential/write-user.ts', "import { x } from '../../operations/credential/add-credential.ts';"],
    ['lib/providers/x.ts', "import { readConfig } from '../config.ts';"],
    ['lib/adapters/kms/x.ts', "import { openTable } from '../dynamodb/table.ts';"],
    ['lib/adapters/x.ts', "import { systemClock } from './runtime/system-clock.ts';"],
    ['lib/adapters/resilience/x.ts', "import { KMSClient } from '@aws-sdk/client-kms';"],
    ['lib/adapters/kms/x.ts', "import { problemTypes } from '../../http/problem.ts';"],
    ['lib/http/problem.ts', "import middy from '@middy/core';"],
    ['lib/http/routes/routes.ts', "import { readBody } from '../chain/read-body.ts';"],
    ['lib/http/routes/routes.ts', "import { x } from '../../operations/credential/add-credential.ts';"],
    ['lib/http/chain/caller.ts', "import { handler } from 'aws-lambda';"],
    ['lib/http/chain/caller.ts', "import { x } from '../../config.ts';"],
    ['lib/config.ts', "import { userApiDeps } from './container/user-api.ts';"],
    ['lib/container/user-api.ts', "import { x } from '../http/routes/routes.ts';"],
    ['functions/user-api.ts', "import { openTable } from '../lib/adapters/dynamodb/table.ts';"],
    ['functions/user-api.ts', "import { handler } from 'aws-lambda';"],
    ['functions/user-api.ts', "import { readConfig } from '../lib/config.ts';"],
    ['functions/user-api.ts', "import { x } from '../lib/steps/credential/write-user.ts';"],
    ['web/app/logic/words.ts', "import type { ErrorCode } from '../../../lib/domain/values/service-error.ts';"],
    ['web/app/logic/words.ts', "import { open } from '../flows/open.ts';"],
    ['web/app/flows/open.ts', "import { useState } from 'preact/hooks';"],
    ['web/app/views/page.tsx', "import { renderPage } from '../../page/render-page.ts';"],
    ['web/page/render-page.ts', "import { build } from 'esbuild';"],
    ['functions/user-api.ts', "import { Page } from '../web/app/views/page.tsx';"],
    ['functions/user-api.ts', "import { startHome } from '../local/home.ts';"],
    ['lib/container/user-api.ts', "import { memoryDeps } from '../../test/support/memory/memory-deps.ts';"],
    ['cdk/app.ts', "import { readHome } from '../local/home.ts';"],
    ['cdk/app.ts', "import { x } from '../lib/domain/names.ts';"],
    ['cdk/app.ts', "import { x } from '../lib/http/chain/http-function.ts';"],
    ['lib/adapters/kms/x.ts', "import { CompactEncrypt } from 'jose';"],
    ['lib/adapters/kms/x.ts', "import lodash from 'lodash';"],
    ['lib/domain/values/names.ts', "const { x } = await import('../../config.ts');"],
    ['lib/domain/values/names.ts', "import '../../config.ts';"],
    ['lib/domain/values/names.ts', "import {\n  a,\n  type B,\n} from '../../config.ts';"],
    ['lib/domain/values/names.ts', "import * as config from '../../config.ts';"],
    ['lib/domain/values/names.ts', "import config, { type B } from '../../config.ts';"],
    ['lib/domain/values/names.ts', "const x = require('../../config.ts');"],
    ['client/user.ts', "import { makeSigner } from './aws/sign.ts';"],
    ['cli/commands/list.ts', "import { ServiceError } from '../../lib/domain/values/service-error.ts';"],
    ['cli/run.ts', "import * as z from 'zod';"],
    ['client/user.ts', "import { createHash } from 'node:crypto';"],
    ['client/worker.ts', "import { ServiceError } from '../lib/domain/values/service-error.ts';"],
    ['client/resolve.ts', "import * as z from 'zod';"],
    ['lib/platform.ts', "import { readConfig } from './config.ts';"],
    ['lib/platform.ts', "import * as z from 'zod';"],
    ['lib/elsewhere/x.ts', ''],
  ])('catches in %s: %s', (path, text) => {
    expect(violations(path, text)).toHaveLength(1);
  });

  it.each([
    ['lib/domain/ports/user-store.ts', "import type { CredentialRow } from '../credential/rows.ts';"],
    ['lib/domain/credential/choose-credential.ts', "import { coversScopes } from '../oauth/scopes.ts';"],
    ['lib/domain/refresh/lease.ts', "import { isExpired } from '../values/expiry.ts';"],
    ['lib/operations/x.ts', "import type { Placement } from '../providers/api-key-placements.ts';"],
    ['lib/adapters/kms/x.ts', "import { cachedValue } from '../resilience/cached-value.ts';"],
    ['lib/adapters/kms/x.ts', "import { y } from './y.ts';"],
    ['lib/domain/values/names.ts', "import { DUE_INDEX } from '../../platform.ts';"],
    ['cdk/app.ts', "import { DUE_INDEX } from '../lib/platform.ts';"],
    ['lib/http/chain/caller.ts', "import type { Context } from 'aws-lambda';"],
    ['functions/x.ts', "import type { DynamoDBStreamEvent } from 'aws-lambda';"],
    ['functions/handlers/x.ts', "import { y } from './y.ts';"],
    ['cdk/app.ts', "import { routes } from '../lib/http/routes/routes.ts';"],
  ])('lets through in %s: %s', (path, text) => {
    expect(violations(path, text)).toEqual([]);
  });
});
