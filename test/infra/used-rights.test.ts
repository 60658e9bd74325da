// Each function has exactly the rights that it uses: the calls of the real functions on the local server, in one thorough scenario,
// against the roles of the template.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Keyhold } from '../support/http/local-server.ts';
import { type McpStub, startMcpStub } from '../support/mcp/mcp-stub.ts';
import { makeConnector, PLANES, startConnecting } from '../support/providers/connect-flow.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../support/providers/misbehaving-provider.ts';
import { startEngine } from '../support/table/test-engine.ts';
import { makeIssuerEntries } from './support/issuer-providers.ts';
import { readStatements, type Statement, toList } from './support/permissions.ts';
import { useEverything } from './support/rights-scenario.ts';
import { synthesize } from './support/synthesize.ts';

/** Rights that the function's own code does not use, each with its reason. */
const UNUSED: Record<string, Record<string, string>> = {
  'publish-events': {
    'dynamodb:DescribeStream': 'Lambda reads the stream with the role of the function',
    'dynamodb:GetRecords': 'Lambda reads the stream with the role of the function',
    'dynamodb:GetShardIterator': 'Lambda reads the stream with the role of the function',
    'dynamodb:ListStreams': 'Lambda reads the stream with the role of the function',
    'sqs:SendMessage': 'Lambda writes to the dead-letter queue with the role of the function',
  },
};

const names = readdirSync('functions')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''));

let template: Template;
let keyhold: Keyhold;
let provider: MisbehavingProvider;
let servers: McpStub;
let used: Map<string, Set<string>>;

const readUsed = (file: string) => {
  const found = new Map<string, Set<string>>();
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const [name, right] = JSON.parse(line) as [string, string];
    found.set(name, (found.get(name) ?? new Set()).add(right));
  }
  return found;
};

beforeAll(async () => {
  template = synthesize();
  provider = await startMisbehavingProvider();
  servers = await startMcpStub();
  const file = join(process.env.KEYHOLD_TEST_HOMES ?? '/tmp', `rights-${process.pid}.jsonl`);
  writeFileSync(file, '');
  const hook = pathToFileURL(join(import.meta.dirname, 'support/record-calls.ts')).href;
  const endpoint = await startEngine();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: 'us-east-1', credentials }));
  const env = {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    RECORDED_RIGHTS: file,
    NODE_OPTIONS: `--import ${hook}`,
    SWEEP_SECONDS: '1',
    SECRETS_MAX_AGE_SECONDS: '0',
  };
  keyhold = await startConnecting(
    {
      acme: provider.entry('acme'),
      chat: provider.entry('chat', { revocationStyle: 'rfc7009_access_token' }),
      ...(await makeIssuerEntries(servers)),
    },
    env,
    // The hook changes the SDK's module, which a bundle contains.
    { fromSource: true },
  );
  const engines = { keyhold, provider, servers, table };
  for (const plane of PLANES) await useEverything(engines, makeConnector(keyhold, plane, `rights-${plane}`));
  await keyhold.stop();
  used = readUsed(file);
}, 180_000);
afterAll(async () => {
  await keyhold?.stop();
  provider?.close();
  servers?.close();
});

interface Condition {
  StringEquals?: Record<string, string | string[]>;
  'ForAllValues:StringLike'?: Record<string, string[]>;
}

/** What a statement is about, as record-calls.ts writes it: for each resource an index, else rows, a purpose or a name. */
const listTargets = ({ Resource, Condition }: Statement): string[] => {
  const { StringEquals, 'ForAllValues:StringLike': like } = (Condition ?? {}) as Condition;
  const purposes = StringEquals?.['kms:EncryptionContext:purpose'];
  if (purposes !== undefined) return toList(purposes);
  return toList(Resource).flatMap((resource) => {
    const text = JSON.stringify(resource);
    const [, index] = /\/index\/(\w+)/.exec(text) ?? [];
    if (index !== undefined) return [`index ${index}`];
    if (like !== undefined) return like['dynamodb:LeadingKeys'] ?? [];
    if (text.includes('RefreshCredential')) return ['refresh-credential'];
    if (text.includes('SystemKeys')) return ['system-keys'];
    return [text.includes('OAuthClients') ? 'oauth-clients' : 'bus'];
  });
};

const listGranted = (name: string): string[] =>
  readStatements(template, name).flatMap((statement) =>
    toList(statement.Action)
      .filter((action) => !action.startsWith('logs:') && UNUSED[name]?.[action] === undefined)
      .flatMap((action) => listTargets(statement).map((target) => `${action} on ${target}`)),
  );

describe('the rights of a function', () => {
  it.each(names)('%s: are those that its code uses, and no others', (name) => {
    expect([...new Set(listGranted(name))].toSorted()).toEqual([...(used.get(name) ?? [])].toSorted());
  });

  it('are used in every function that has a role', () => {
    expect([...used.keys()].toSorted()).toEqual(names.filter((name) => listGranted(name).length > 0).toSorted());
  });
});
