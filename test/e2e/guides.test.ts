// The guides: every block of commands marked `sh` is pasted into bash in its order, on the local server, with stubs in place of GitHub
// and of an invented provider; those with curl only into zsh too. What needs AWS is checked by unit/house/documented-commands.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStub, startApiStub } from '../support/client/api-stub.ts';
import { readBlocks } from '../support/client/marked-blocks.ts';
import { type GuideServer, startGuideServer, writeOperatorSecret } from '../support/documents/guide-server.ts';
import { type GuideOptions, pasteGuide, readGuide } from '../support/documents/guide-shell.ts';
import { hasPython, runPython } from '../support/documents/python.ts';
import type { Keyhold } from '../support/http/local-server.ts';
import { expectAnswers } from '../support/process/expect-answers.ts';
import { isInstalled, type PastedBlock } from '../support/process/pasted-commands.ts';

const isMissing = { python3: !hasPython(), boto3: !hasPython('boto3') };
for (const [name] of Object.entries(isMissing).filter(([, missing]) => missing)) {
  console.warn(`${name} is not installed: what needs it is skipped`);
}

let server: GuideServer;
let api: ApiStub;
let keyhold: Keyhold;
beforeAll(async () => {
  server = await startGuideServer();
  ({ api, keyhold } = server);
});
afterAll(() => server.stop());
beforeEach(() => server.reset());

/** The output of each block, once all were found to be as a reader expects. */
const follow = async (guide: string, options: Partial<GuideOptions> = {}): Promise<string[]> => {
  const { pasted, stderr } = await pasteGuide(keyhold, guide, { shell: 'bash', ...options });
  expect(stderr).not.toMatch(/not found|parse error|syntax error|unmatched|unexpected/i);
  pasted.forEach(expectAnswers);
  return pasted.map(({ output }: PastedBlock) => output);
};

/** An answer of the demo agent without what differs between two runs: port, credential, tokens. */
const withoutNames = (text: string): string =>
  text
    .trim()
    .replace(/:\d+\//, ':0/')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4,12}){4}/, 'id')
    .replaceAll(/token [0-9a-f]{12}/g, 'token');

const readJson = (guide: string, index = 0) => JSON.parse(readGuide(guide, 'json')[index] ?? '');

describe.each(['bash', 'zsh'] as const)('in %s', (shell) => {
  it.skipIf(!isInstalled(shell))(
    'the first ten minutes store a key, connect an account and disconnect it',
    async () => {
      const outputs = await follow('first-ten-minutes', { shell });
      expect(outputs[3]).toContain('"authorization":"Bearer sk-not-a-real-key"');
      expect(outputs[7]).toMatch(/"provider":"demo".*"username":"Ada Lovelace"/);
      expect(outputs[8]?.match(/^Bearer \S+ \d{4}-/gm)).toHaveLength(5);
      expect(outputs.at(-1)).toMatch(/"deleted":true,"revoked":true/);
    },
  );

  it.skipIf(!isInstalled(shell))('the security model finds no secret in a list or an event', async () => {
    expect((await follow('security-model', { shell }))[0]).toMatch(/\n0\nno trace\n$/);
  });

  it.skipIf(!isInstalled(shell))('the events are shown', async () => {
    expect((await follow('listen-to-events', { shell }))[0]).toContain('"events":[');
  });
});

describe('the guide', () => {
  it('to GitHub connects an account and calls the API with its token', async () => {
    const { github: entry } = readJson('connect-github');
    writeOperatorSecret(keyhold, 'oauth-clients', { github: server.github(entry) });
    const outputs = await follow('connect-github', { replacements: { 'https://api.github.com': api.url } });
    expect(outputs[0]).toMatch(/^github +ok/m);
    expect(new URL(outputs[1] ?? '').searchParams.get('client_id')).toBe(entry.clientId);
    expect(outputs[3]).toContain('"username":"ada"');
    expect(outputs.at(-1)).toContain('"login":"ada"');
    expect(api.requests.at(-1)?.headers.authorization).toBe('Bearer token-of-ada');
  });

  it('to a provider of one’s own connects there, and resolves keys for other APIs', async () => {
    const entry = JSON.stringify(readJson('your-own-provider'));
    const atStub = entry.replaceAll(/https:\/\/(?:auth|api)\.acme\.example/g, api.url);
    writeOperatorSecret(keyhold, 'oauth-clients', JSON.parse(atStub));
    const outputs = await follow('your-own-provider');
    expect(outputs[3]).toMatch(/"username":"Ada".*\n.*"authorization":"Bearer token-of-ada"/);
    expect(outputs[3]).toContain(`"baseUrl":"${api.url}/v2"`);
    expect(outputs[4]).toContain('"authorization":"Bearer not-a-real-key"');
    expect(outputs[5]).toContain('"headers":{"x-api-key":"not-a-real-key"}');
  });

  it('to MCP servers connects the demo server, and calls it with a token that was refreshed', async () => {
    const [output = ''] = await follow('mcp-servers');
    const [, before, after] = /token (\w+)\.\n.*\n.* token (\w+)\./.exec(output) ?? [];
    expect([before !== undefined, before === after]).toEqual([true, false]);
    expect(withoutNames(output)).toBe(withoutNames(readGuide('mcp-servers', 'text')[0] ?? ''));
  });

  it('to the connect page makes links', async () => {
    const outputs = await follow('embed-the-connect-page');
    expect(outputs[0]).toContain(`{"url":"${keyhold.url}/connect#`);
    expect(outputs[1]).toContain(`${keyhold.url}/connect#`);
  });

  it.skipIf(isMissing.python3)('to a worker calls an API in Python', async () => {
    const outputs = await follow('call-from-a-worker');
    expect(outputs[1]).toBe('[{"name": "engine"}]\n');
    expect(outputs[2]).toBe('ask the user to connect: not_connected\n');
    expect(outputs[3]).toContain('"authorization":"Bearer ghp_example"');
  });

  it('to rotation is taken up by the service', async () => {
    writeOperatorSecret(keyhold, 'system-keys', readJson('rotate', 0));
    const { github: entry } = readJson('rotate', 1);
    writeOperatorSecret(keyhold, 'oauth-clients', { github: server.github(entry) });
    const outputs = await follow('rotate');
    expect(outputs[1]).toContain('"authorization":"Bearer sk-the-new-key"');
    expect(outputs[2]).toMatch(/^github +ok/m);
  });

  it('to moving imports, exports and erases', async () => {
    const outputs = await follow('move-in-and-out');
    expect(outputs[1]).toMatch(/^old-1 +openai +api_key/m);
    expect(outputs.at(-1)).toMatch(/^credentials +1$/m);
  });

  it('from AutoGPT imports its line as it stands, and again without effect', async () => {
    const [line = ''] = readGuide('moving-from-autogpt', 'json');
    const files = { 'users.jsonl': line };
    const [tried, imported, verified] = await follow('moving-from-autogpt', { files });
    expect(tried).toBe('{"imported":["moved-1"],"skipped":[]}\n');
    expect(imported).toMatch(/^imported +2$/m);
    expect(verified).toMatch(/^imported +0\nthere before +2$/m);
    const { json } = await keyhold.worker.call('GET', '/v1/users/alice/managed-credentials/ayrshare');
    expect(json).toEqual({ secret: 'example-profile-key' });
    const [, body = ''] = / -d '(.*)' /.exec(readGuide('moving-from-autogpt', 'sh')[0] ?? '') ?? [];
    const again = await keyhold.worker.call('POST', '/v1/users/alice/import', JSON.parse(body));
    expect(again.json).toEqual({ imported: [], skipped: [{ id: 'moved-1', reason: 'exists' }] });
  });

  it('from Nango makes lines and imports them', async () => {
    await follow('moving-from-nango');
    const { json } = await keyhold.worker.call('GET', '/v1/users/alice/credentials?provider=github');
    expect(json.credentials.map(({ id }: { id: string }) => id)).toEqual(['github-prod:c-1']);
  });
});

describe.skipIf(isMissing.python3)('the worker in Python', () => {
  const key = { type: 'api_key', provider: 'github', id: 'my-github', apiKey: 'ghp_example' };
  beforeEach(async () => {
    expect((await keyhold.worker.call('POST', '/v1/users/alice/credentials', key)).status).toBe(201);
  });

  it('reports a key that the API refuses, and asks the user to connect', async () => {
    api.accepts('another-token');
    const stdout = await runPython(keyhold, ['docs/examples/worker.py', 'alice', 'github', '/user/repos']);
    api.accepts(null);
    expect(stdout).toBe('ask the user to connect: reconnect_required\n');
  });

  it('follows no redirect, which would take the key to another host', async () => {
    const elsewhere = await startApiStub();
    api.routes['GET /moved'] = { status: 302, headers: { location: `${elsewhere.url}/user` } };
    await expect(runPython(keyhold, ['docs/examples/worker.py', 'alice', 'github', '/moved'])).rejects.toThrow(/302/);
    expect(elsewhere.requests).toEqual([]);
    elsewhere.close();
  });

  it.skipIf(isMissing.boto3)('takes its keys from boto3 as shown', async () => {
    const [, program = ''] = readGuide('call-from-a-worker', 'python');
    expect(await runPython(keyhold, ['-c', program])).toBe("[{'name': 'engine'}]\n");
  });

  it('spells a user’s id in a path as docs/api.md does for shells and JavaScript', async () => {
    const read = (language: string) => readBlocks('docs/api.md', language)[0] ?? '';
    const spelled = [
      execFileSync('bash', ['-c', read('sh')], { encoding: 'utf8' }),
      execFileSync(process.execPath, ['-e', `${read('js')}console.log(segment)`], { encoding: 'utf8' }),
      await runPython(keyhold, ['-c', `${read('python')}print(segment)`]),
    ];
    expect(spelled).toEqual(Array(3).fill('~YWxpY2VAZXhhbXBsZS5jb20\n'));
  });
});
