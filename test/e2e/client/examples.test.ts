// The examples of the client, each run as its user would: from the installed package, by plain Node, with stubs of the APIs.
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiStub, atStub, startApiStub } from '../../support/client/api-stub.ts';
import { type Consumer, makeConsumer } from '../../support/client/consumer.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { decideAtDemo, readDemoMcpUrl, startConnecting } from '../../support/providers/connect-flow.ts';

const FILES = ['connect-link', 'github-worker', 'github-sdk', 'slack-sdk', 'ai-tool', 'mcp-agent', 'front-end'];
const PAGE = 'https://app.example.com/connected';

let api: ApiStub;
let keyhold: Keyhold;
let consumer: Consumer;
beforeAll(async () => {
  api = await startApiStub({
    'GET /user': { body: { login: 'ada' } },
    'GET /user/repos': { body: [{ name: 'engine' }, { name: 'notes' }] },
    'POST /repos/ada/notes/issues': { status: 201, body: { html_url: 'https://github.com/ada/notes/issues/1' } },
    'POST /chat.postMessage': { body: { ok: true } },
  });
  const providers = { github: atStub(api), slack: atStub(api) };
  [keyhold, consumer] = await Promise.all([startConnecting(providers, { ALLOWED_RETURN_URLS: PAGE }), makeConsumer()]);
  consumer.copy('client/examples', 'examples');
  for (const [provider, scopes] of [
    ['github', ['repo']],
    ['slack', ['chat:write']],
  ]) {
    const grant = { type: 'oauth2', provider, id: `${provider}`, accessToken: `token-of-${provider}`, scopes };
    expect((await keyhold.worker.call('POST', '/v1/users/alice/credentials', grant)).status).toBe(201);
  }
});
afterAll(async () => {
  await keyhold.stop();
  api.close();
});

/** What an expression prints in a module that imports an example. */
const runExample = async (name: string, names: string, expression: string): Promise<unknown> => {
  const text = `import { ${names} } from './examples/${name}.ts';\nconsole.log(JSON.stringify(await ${expression}));`;
  consumer.write(`run-${name}.ts`, text);
  const { stdout, stderr, exitCode } = await consumer.node([`run-${name}.ts`], { KEYHOLD_URL: keyhold.url });
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
};

const lastRequest = () => api.requests.at(-1);

describe('the examples', () => {
  it('pass a strict compiler', async () => {
    const files = FILES.map((name) => `examples/${name}.ts`);
    expect(await consumer.compile(files, { skipLibCheck: true, allowImportingTsExtensions: true })).toEqual([]);
  });

  it('make a link for the connect page', async () => {
    const url = await runExample('connect-link', 'makeConnectLink', `makeConnectLink('alice', '${PAGE}')`);
    expect(url).toMatch(new RegExp(`^${keyhold.url}/connect#[\\w-]{43}$`));
  });

  it('list repositories as a worker', async () => {
    expect(await runExample('github-worker', 'listRepositories', "listRepositories('alice')")).toEqual([
      'engine',
      'notes',
    ]);
    expect(lastRequest()?.headers.authorization).toBe('Bearer token-of-github');
  });

  it('say what a user without a connection must do', async () => {
    expect(await runExample('github-worker', 'listRepositories', "listRepositories('bob')")).toBe(
      'connect GitHub first',
    );
  });

  it('give the SDK of GitHub a token for each call', async () => {
    expect(await runExample('github-sdk', 'readLogin', `readLogin('alice', '${api.url}')`)).toBe('ada');
    expect(lastRequest()?.headers.authorization).toBe('Bearer token-of-github');
  });

  it('give the SDK of Slack the token', async () => {
    const call = `postMessage('alice', { channel: 'C1', text: 'hello' }, { slackApiUrl: '${api.url}/' })`;
    expect(await runExample('slack-sdk', 'postMessage', call)).toBe('posted');
    expect(lastRequest()).toMatchObject({
      headers: { authorization: 'Bearer token-of-slack' },
      form: { text: 'hello' },
    });
  });

  it('give a model a tool that acts as the user and shows no token', async () => {
    const call = "toolsFor('alice').openIssue.execute({ repository: 'ada/notes', title: 'A bug' }, {})";
    const answer = await runExample('ai-tool', 'toolsFor', call);
    expect(answer).toEqual({ url: 'https://github.com/ada/notes/issues/1' });
    expect(lastRequest()).toMatchObject({
      headers: { authorization: 'Bearer token-of-github' },
      body: '{"title":"A bug"}',
    });
  });
});

describe('the agent for MCP servers', () => {
  it('calls a tool, and says where to go for one that needs more scopes', async () => {
    expect((await keyhold.anonymous.call('GET', '/_local/mcp-agent?user=dora')).status).toBe(200);
    const url = readDemoMcpUrl(keyhold);
    const call = (tool: string) => runExample('mcp-agent', 'callTool', `callTool('dora', '${url}', '${tool}')`);
    expect(await call('whoami')).toEqual([expect.stringContaining('Ada Lovelace')]);
    const { origin, searchParams } = new URL(String(await call('needs_more')));
    expect([origin, searchParams.get('scope')]).toEqual([new URL(url).origin, expect.stringContaining('demo.write')]);
  });
});

describe('the tool for a model', () => {
  const check = (repositories: string[]) => {
    const parse = 'toolsFor("alice").openIssue.inputSchema.safeParse({ repository, title: "T" }).success';
    return runExample('ai-tool', 'toolsFor', `${JSON.stringify(repositories)}.map((repository) => ${parse})`);
  };

  it.each([
    ['o/r/forks?', 'o/r?', 'o/r#', 'o/r/', 'o/r/x', '/o/r'],
    ['../user', './user', 'o/..', 'o/.', '..', 'o', ''],
    ['o/r%2f..', 'o\\r', 'o/r\n', 'o/r x', 'https://evil.example/x'],
  ])('takes no text that leads elsewhere: %j, %j, %j and others', async (...repositories) => {
    expect(await check(repositories)).toEqual(repositories.map(() => false));
  });

  it('takes a repository', async () => {
    const repositories = ['ada/notes', 'ada-l/.github', 'a/b.c_d', 'a/..b'];
    expect(await check(repositories)).toEqual(repositories.map(() => true));
  });
});

describe('the front end', () => {
  it('is bundled for a browser without anything of Node or AWS, connects and disconnects', async () => {
    const { metafile } = await build({
      entryPoints: [`${consumer.folder}/examples/front-end.ts`],
      outfile: `${consumer.folder}/front-end.js`,
      absWorkingDir: consumer.folder,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      metafile: true,
    });
    expect(Object.keys(metafile.inputs).filter((path) => /smithy|aws/.test(path))).toEqual([]);
    expect(metafile.outputs['front-end.js']?.bytes).toBeLessThan(16_000);
    const { makeConnections } = await import(`${consumer.folder}/front-end.js`);
    const kept = new Map<string, string>();
    const goneTo: string[] = [];
    const { json } = await keyhold.anonymous.call('POST', '/_local/token', { sub: 'carol' });
    const page = makeConnections({
      keyholdUrl: keyhold.url,
      readToken: async () => json.accessToken,
      goTo: (url: string) => goneTo.push(url),
      storage: {
        getItem: (name: string) => kept.get(name) ?? null,
        setItem: (name: string, value: string) => kept.set(name, value),
        removeItem: (name: string) => kept.delete(name),
      },
    });
    await page.connect('demo', PAGE);
    const callback = await decideAtDemo(new URL(goneTo[0] ?? ''), 'ada');
    const back = await fetch(callback, { redirect: 'manual' });
    const query = new URL(back.headers.get('location') ?? '').searchParams;
    const connected = await page.finish(query);
    expect(connected).toMatchObject({ provider: 'demo', username: 'Ada Lovelace', status: 'active' });
    expect(await page.finish(query)).toBeNull();
    expect(await page.list()).toContainEqual(connected);
    expect(await page.disconnect(connected.id)).toMatchObject({ deleted: true, revoked: true });
  });
});
