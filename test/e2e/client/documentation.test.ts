// docs/client.md is one program: its blocks, in order, compile strictly and run from the installed package.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiStub, atStub, startApiStub } from '../../support/client/api-stub.ts';
import { type Consumer, makeConsumer } from '../../support/client/consumer.ts';
import { readBlocks } from '../../support/client/marked-blocks.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { startConnecting } from '../../support/providers/connect-flow.ts';

const DOCUMENTED_URL = 'http://127.0.0.1:3000';

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

it('runs every block of docs/client.md, and each prints what its text says', async () => {
  const blocks = readBlocks('docs/client.md', 'ts');
  expect(blocks.length).toBeGreaterThanOrEqual(7);
  consumer.write('guide.ts', blocks.join('\n').replaceAll(DOCUMENTED_URL, keyhold.url));
  expect(await consumer.compile(['guide.ts'], { skipLibCheck: true })).toEqual([]);
  const { exitCode, stdout, stderr } = await consumer.node(['guide.ts']);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout.trimEnd().split('\n')).toEqual([
    "200 [ { name: 'engine' } ]",
    'ask the user to connect Linear',
    'my-github Work',
    'credential_not_found 404 undefined',
    'github active',
    'ollama active',
    expect.stringMatching(/^send the browser to \/\S+ and keep string$/),
  ]);
  expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer ghp_example']);
});
