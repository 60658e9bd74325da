// docs/client.md is one program: its blocks, in order, compile strictly and run from the installed package. So is the guide to MCP servers.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiStub, atStub, startApiStub } from '../../support/client/api-stub.ts';
import { type Consumer, makeConsumer } from '../../support/client/consumer.ts';
import { readBlocks } from '../../support/client/marked-blocks.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { readDemoMcpUrl, startConnecting } from '../../support/providers/connect-flow.ts';

const DOCUMENTED_URL = 'http://127.0.0.1:3000';
const DOCUMENTED_MCP_URL = 'https://mcp.example.com/mcp';

let api: ApiStub;
let keyhold: Keyhold;
let consumer: Consumer;
beforeAll(async () => {
  api = await startApiStub({ 'GET /user/repos': { body: [{ name: 'engine' }] } });
  const home = { github: atStub(api) };
  [keyhold, consumer] = await Promise.all([startConnecting(home), makeConsumer()]);
});
afterAll(async () => {
  await keyhold.stop();
  api.close();
});

/** What the program prints, once the user has connected the MCP server. */
const runDocument = async (document: string, user: string): Promise<string[]> => {
  expect((await keyhold.anonymous.call('GET', `/_local/mcp-agent?user=${user}`)).status).toBe(200);
  const text = readBlocks(document, 'ts').join('\n');
  const places = text.replaceAll(DOCUMENTED_URL, keyhold.url).replaceAll(DOCUMENTED_MCP_URL, readDemoMcpUrl(keyhold));
  consumer.write('guide.ts', places);
  expect(await consumer.compile(['guide.ts'], { skipLibCheck: true })).toEqual([]);
  const { exitCode, stdout, stderr } = await consumer.node(['guide.ts']);
  expect([exitCode, stderr]).toEqual([0, '']);
  return stdout.trimEnd().split('\n');
};

it('runs every block of docs/client.md, and each prints what its text says', async () => {
  expect(readBlocks('docs/client.md', 'ts').length).toBeGreaterThanOrEqual(8);
  expect(await runDocument('docs/client.md', 'bob')).toEqual([
    "200 [ { name: 'engine' } ]",
    'answered true',
    'ask the user to connect Linear',
    'my-github Work',
    'credential_not_found 404 undefined',
    'github active',
    'ollama active',
    expect.stringMatching(/^send the browser to \/\S+ and keep string$/),
  ]);
  expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer ghp_example']);
});

it('runs the program of the guide to MCP servers', async () => {
  expect((await runDocument('docs/guides/mcp-servers.md', 'alice')).join('')).toContain('Ada Lovelace');
});
