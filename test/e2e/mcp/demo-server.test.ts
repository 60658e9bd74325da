// The demo MCP server of `npm start`: what an MCP client finds there without Keyhold, the one command that the banner prints, and the real
// SDK as two users. It takes tokens for itself only, and is at the same address after a restart.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorker } from '../../../client/worker.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import {
  connectDemo,
  decideAtDemo,
  makeConnector,
  readDemoMcpUrl,
  receiptFor,
} from '../../support/providers/connect-flow.ts';
import { tokenIn } from '../../support/providers/refresh-flow.ts';

let keyhold: Keyhold;
let url: string;
beforeAll(async () => {
  keyhold = await startKeyhold();
  url = readDemoMcpUrl(keyhold);
});
afterAll(() => keyhold.stop());

const playAgent = (query: string) => keyhold.anonymous.call('GET', `/_local/mcp-agent?${query}`);

const post = (token: string, message: object | string, method = 'POST') => {
  const body = typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', id: 1, ...message });
  return fetch(url, {
    ...{ method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
    ...(method === 'POST' && { body }),
  });
};

const connect = async (userId: string, account: 'ada' | 'grace') => {
  const user = makeConnector(keyhold, 'user', userId);
  const { state, url: authorization } = await user.begin({ provider: undefined, mcpServerUrl: url });
  const back = await decideAtDemo(authorization, account);
  const receipt = await receiptFor(keyhold, [...back.searchParams]);
  const { status, json } = await user.complete({ state, receipt });
  expect([status, json.resource]).toEqual([201, url]);
  return user;
};

const whoAmI = async (userId: string): Promise<{ account: string }> => {
  const server = new URL(url);
  const agent = new Client({ name: 'agent', version: '1.0.0' });
  const { fetchForMcp } = createWorker({ url: keyhold.url });
  await agent.connect(new StreamableHTTPClientTransport(server, { fetch: fetchForMcp(userId, server) }));
  expect((await agent.listTools()).tools.map(({ name }) => name)).toEqual(['whoami', 'end_token', 'needs_more']);
  const { content } = await agent.callTool({ name: 'whoami' });
  await agent.close();
  return JSON.parse((content as { text: string }[])[0]?.text ?? '');
};

describe('the demo MCP server', () => {
  it('says where to get a token, and which', async () => {
    const refused = await fetch(url, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(401);
    const [, metadataUrl = ''] =
      /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '') ?? [];
    const metadata = (await (await fetch(metadataUrl)).json()) as { resource: string; authorization_servers: string[] };
    expect(metadata.resource).toBe(url);
    const [issuer = ''] = metadata.authorization_servers;
    const server = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();
    expect(server).toMatchObject({
      issuer,
      registration_endpoint: expect.any(String),
      code_challenge_methods_supported: ['S256'],
    });
  });

  it('answers no page of another origin', async () => {
    for (const at of [url, url.replace(/mcp$/, '.well-known/oauth-protected-resource/mcp')]) {
      expect((await fetch(at, { method: 'POST', headers: { origin: 'https://evil.example' } })).status).toBe(403);
    }
  });

  it('has each user’s account for the SDK, and no other user’s', async () => {
    await connect('sdk-alice', 'ada');
    await connect('sdk-bob', 'grace');
    expect((await Promise.all(['sdk-alice', 'sdk-bob'].map(whoAmI))).map(({ account }) => account)).toEqual([
      'ada',
      'grace',
    ]);
    await expect(whoAmI('sdk-carol')).rejects.toMatchObject({ code: 'not_connected' });
  });

  it('takes no token that was issued for another resource', async () => {
    const user = makeConnector(keyhold, 'user', 'other-resource');
    await connectDemo(keyhold, user, { as: 'ada' });
    const other = tokenIn(await user.resolve({ provider: 'demo' })) ?? '';
    const refused = await post(other, { method: 'ping' });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('error="invalid_token"'),
    ]);
  });

  it('is authorized for no other resource', async () => {
    const user = makeConnector(keyhold, 'user', 'wrong-target');
    const { url: authorization } = await user.begin({ provider: undefined, mcpServerUrl: url });
    authorization.searchParams.set('resource', `${url}/other`);
    const { headers } = await fetch(authorization, { redirect: 'manual' });
    expect(new URL(headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_target');
  });

  it('answers what is no call as JSON-RPC and Streamable HTTP want it', async () => {
    const user = await connect('wire', 'ada');
    const token = tokenIn(await user.resolve({ url })) ?? '';
    const answers = await Promise.all(
      ['x', '[]', { method: 'none' }, { method: 'tools/call', params: { name: 'none' } }].map(async (message) => {
        const { error } = (await (await post(token, message)).json()) as { error: { code: number } };
        return error.code;
      }),
    );
    expect(answers).toEqual([-32600, -32600, -32601, -32602]);
    expect((await post(token, JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }))).status).toBe(
      202,
    );
    expect((await post(token, {}, 'GET')).status).toBe(405);
    expect((await post(token, ' '.repeat(70_000))).status).toBe(413);
  });
});

describe('the printed agent', () => {
  const TOKEN = /whoami: (.*), with the token ([0-9a-f]{12})\./g;
  const readCalls = (text: string) => [...text.matchAll(TOKEN)].map(([, name, token]) => ({ name, token }));

  it('connects alice, and calls a tool with a token and with the one that was refreshed', async () => {
    const { status, text } = await playAgent('user=alice');
    expect([status, text]).toEqual([200, expect.stringContaining('registered a client')]);
    const [before, after] = readCalls(text);
    expect([before?.name, after?.name]).toEqual(['Ada Lovelace', 'Ada Lovelace']);
    expect(after?.token).not.toBe(before?.token);
    const { json } = await keyhold.user('alice').call('GET', '/v1/me/credentials?provider=mcp');
    expect(json.credentials).toMatchObject([{ status: 'active', resource: url, source: 'user' }]);
  });

  it('uses the connection again, and has another account for bob', async () => {
    await playAgent('user=twice');
    const again = await playAgent('user=twice');
    expect(again.text).toContain('before');
    expect(readCalls((await playAgent('user=bob&as=grace')).text)[0]?.name).toBe('Grace Hopper');
  });

  it.each(['user=', 'as=nobody'])('refuses %s', async (query) => {
    expect((await playAgent(query)).status).toBe(400);
  });

  it('still has the connection after a restart', async () => {
    await playAgent('user=restart');
    await keyhold.stop();
    keyhold = await startKeyhold({ home: keyhold.home });
    expect(readDemoMcpUrl(keyhold)).toBe(url);
    const { status, text } = await playAgent('user=restart');
    expect([status, text]).toEqual([200, expect.stringContaining('before')]);
    expect(readCalls(text)).toHaveLength(2);
  });
});
