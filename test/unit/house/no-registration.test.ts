// Nothing that refreshes can register a client: neither a right nor a path of imports leads there, and no code on the path of a refresh
// uses the ports of registration and discovery. A refresh with a newly registered client would lose the grant.
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  httpFunctions,
  publishFunction,
  refreshFunction,
  sweepFunction,
} from '../../../cdk/functions/function-plan.ts';
import type { Capability } from '../../../lib/http/routes/route.ts';

const plans = [...httpFunctions, sweepFunction, refreshFunction, publishFunction];

/** Each reads or writes more of an issuer than the client of a stored grant. */
const REGISTERING: readonly Capability[] = ['register_client', 'read_servers'];

describe('the rights of a function that refreshes', () => {
  it.each(plans.filter(({ capabilities }) => capabilities.includes('refresh_credential')))(
    'include no registration: $name',
    ({ capabilities }) => {
      expect(capabilities.filter((capability) => REGISTERING.includes(capability))).toEqual([]);
    },
  );

  it('are those of some functions', () => {
    const refreshing = plans.filter(({ capabilities }) => capabilities.includes('refresh_credential'));
    expect(refreshing.map(({ name }) => name)).toContain('refresh-credential');
  });

  it.each(plans.filter(({ capabilities }) => capabilities.includes('register_client')))(
    'include the secret of no client in a function that registers: $name',
    ({ capabilities }) => {
      expect(capabilities).not.toContain('read_client');
    },
  );
});

type ReadFile = (path: string) => string;

const readSource: ReadFile = (path) => readFileSync(path, 'utf8');

const IMPORT = /\bfrom\s*'(?<specifier>\.[^']+)'|\bimport\s*\(?\s*'(?<bare>\.[^']+)'/g;

const listImports = (path: string, read: ReadFile): string[] =>
  [...read(path).matchAll(IMPORT)].map(({ groups: { specifier, bare } = {} }) =>
    posix.join(posix.dirname(path), specifier ?? bare ?? ''),
  );

/** Lists every port, and is no code. */
const NOT_FOLLOWED: ReadonlySet<string> = new Set(['lib/domain/ports/deps.ts']);

/** The files and all that they import, however far, types included. */
const reach = (paths: readonly string[], read: ReadFile = readSource): ReadonlySet<string> => {
  const reached = new Set<string>();
  const open = [...paths];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path) || NOT_FOLLOWED.has(path)) continue;
    reached.add(path);
    open.push(...listImports(path, read));
  }
  return reached;
};

/** What registers, and what chooses a client for a new connection. */
const REGISTRATION =
  /^lib\/(?:adapters\/mcp\/register-client|domain\/mcp\/registration|domain\/ports\/client-registration|steps\/mcp\/(?:find-issuer-client|register-once))\.ts$/;

/** A use of a port in code: as a member, in a pattern, or among the names of a Pick. The reader of the issuer is a port of its own. */
const USES = /\bregistrations\b|\bdiscovery\b(?!\.ts\b)(?=\s*[.?[])|\bputClient\b|\.(?:discover|readServer)\b/;

const refreshing = globSync('lib/{steps,operations}/refresh/*.ts').toSorted();

describe('what refreshes', () => {
  it('exists', () => {
    expect(refreshing).toContain('lib/operations/refresh/refresh-credential.ts');
    expect(refreshing).toContain('lib/steps/refresh/exchange.ts');
  });

  it.each(refreshing)('reaches no registration by its imports: %s', (path) => {
    expect([...reach([path])].filter((reached) => REGISTRATION.test(reached))).toEqual([]);
  });

  it('uses no port of registration or discovery, but the one read of the issuer after a refusal', () => {
    const code = [...reach(refreshing)].filter((path) => /^lib\/(?:steps|operations)\//.test(path));
    expect(code.filter((path) => USES.test(readSource(path)))).toEqual([]);
  });

  it.each(['refresh-credential', 'refresh-sweep'])('is not given the adapter that registers: %s', (name) => {
    const reached = [...reach([`functions/${name}.ts`])];
    expect(reached).toContain(`lib/container/${name}.ts`);
    expect(reached.filter((path) => REGISTRATION.test(path))).toEqual([]);
  });
});

describe('the client of a stored grant', () => {
  it('is found without a way to register', () => {
    const reached = reach(['lib/steps/mcp/find-grant-server-client.ts']);
    expect([...reached].filter((path) => REGISTRATION.test(path))).toEqual([]);
  });
});

describe('the checker', () => {
  const sources: Record<string, string> = {
    'lib/steps/refresh/a.ts': "import { b } from '../b.ts';",
    'lib/steps/b.ts': "import type { c } from './mcp/register-once.ts';",
    'lib/steps/mcp/register-once.ts': '',
  };

  it('sees a registration behind another file', () => {
    const reached = reach(['lib/steps/refresh/a.ts'], (path) => sources[path] ?? '');
    expect([...reached].filter((path) => REGISTRATION.test(path))).toEqual(['lib/steps/mcp/register-once.ts']);
  });

  it.each([
    ["Pick<Deps, 'registrations'>", true],
    ['deps.issuers.putClient(client, null)', true],
    ['deps.discovery.discover({ url })', true],
    ['deps.discovery.readServer(issuer)', true],
    ['const { discover } = deps.discovery;', false],
    ['deps.issuerReader.readIssuerNow(resource)', false],
    ['deps.issuers.readClient(key)', false],
  ])('judges %s', (line, isUse) => {
    expect(USES.test(line)).toBe(isUse);
  });
});
