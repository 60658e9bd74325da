// Connecting MCP servers by their URLs over HTTP, against servers that check the resource, the client and PKCE, and rotate with reuse
// detection: connecting, calling, refreshing, more scopes, two servers on one host, another issuer, a lost client, the end.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { expectProblem } from '../../support/http/problems.ts';
import { type McpStub, startMcpStub } from '../../support/mcp/mcp-stub.ts';
import {
  type Connector,
  makeConnector,
  PLANES,
  type Plane,
  receiptFor,
  startConnecting,
} from '../../support/providers/connect-flow.ts';
import { tokenIn, WITHOUT_SWEEP } from '../../support/providers/refresh-flow.ts';

let stub: McpStub;
let keyhold: Keyhold;
beforeAll(async () => {
  [stub, keyhold] = await Promise.all([startMcpStub(), startConnecting({}, WITHOUT_SWEEP)]);
});
beforeEach(() => stub.reset());
afterAll(async () => {
  await keyhold.stop();
  stub.close();
});

let users = 0;
const someone = (plane: Plane = 'user'): Connector => makeConnector(keyhold, plane, `mcp-${plane}-${++users}`);

const begin = (user: Connector, name: string, body: object = {}) =>
  user.begin({ provider: undefined, mcpServerUrl: stub.serverUrl(name), ...body });

/** All steps; the answer of the last. */
const connectTo = async (user: Connector, name: string, body: object = {}) => {
  const { state, url } = await begin(user, name, body);
  const receipt = await receiptFor(keyhold, [...(await stub.approve(url))]);
  const reply = await user.complete({ state, receipt });
  expect([reply.status, reply.status < 300 ? '' : reply.text]).toEqual([reply.status, '']);
  return reply.json;
};

const call = async (user: Connector, name: string, tool?: string) => {
  const reply = await user.resolve({ url: stub.serverUrl(name) });
  return { ...(await stub.call(stub.serverUrl(name), tokenIn(reply) ?? '', tool)), reply };
};

const refreshes = (issuer = 'main') =>
  stub.sentTo(issuer, 'token').filter(({ form }) => form.grant_type === 'refresh_token');

/** A user whose access token has expired. */
const expired = async (name: string): Promise<Connector & { id: string }> => {
  stub.settings.expiresIn = 1;
  const user = someone();
  const { id } = await connectTo(user, name);
  stub.settings.expiresIn = 3600;
  await sleep(1_100);
  return { ...user, id };
};

describe.each(PLANES)('a connection by URL on the %s plane', (plane) => {
  it('leads to a credential whose token the server accepts', async () => {
    const user = someone(plane);
    const view = await connectTo(user, 'one');
    expect(view).toMatchObject({
      provider: 'mcp',
      type: 'oauth2',
      status: 'active',
      resource: stub.serverUrl('one'),
      scopes: ['mcp:read'],
    });
    const { status, reply } = await call(user, 'one');
    expect([status, reply.json.baseUrl, reply.json.credential.resource]).toEqual([
      200,
      stub.serverUrl('one'),
      view.resource,
    ]);
  });

  it('names the resource and S256 wherever the user and the code go', async () => {
    const user = someone(plane);
    const { state, url } = await begin(user, 'one');
    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toMatchObject({ resource: stub.serverUrl('one'), code_challenge_method: 'S256', scope: 'mcp:read' });
    await user.complete({ state, receipt: await receiptFor(keyhold, [...(await stub.approve(url))]) });
    expect(stub.sentTo('main', 'token').map(({ form }) => form.resource)).toEqual([stub.serverUrl('one')]);
  });

  it('needs one of provider and mcpServerUrl', async () => {
    const user = someone(plane);
    for (const body of [{}, { provider: 'acme', mcpServerUrl: stub.serverUrl('one') }]) {
      expectProblem(await user.start(body), 'invalid_request');
    }
    expectProblem(await user.start({ provider: 'acme', challenge: 'Bearer' }), 'invalid_request');
  });

  it('is refused where no server is, with the hop and the reason', async () => {
    const reply = await someone(plane).start({ mcpServerUrl: `${stub.url}/nothing` });
    expectProblem(reply, 'server_not_connectable', { step: expect.any(String), reason: expect.any(String) });
  });

  it.each(['ftp://a.example/', 'https://10.0.0.1/', 'no URL', 'https://u:p@a.example/'])(
    'is refused for %s',
    async (mcpServerUrl) => {
      expectProblem(await someone(plane).start({ mcpServerUrl }), 'url_not_allowed');
    },
  );
});

describe('the client', () => {
  it('is registered once for all users', async () => {
    await connectTo(someone(), 'one');
    const before = stub.sentTo('main', 'register').length;
    await Promise.all([connectTo(someone(), 'one'), connectTo(someone(), 'two')]);
    expect(before).toBeLessThanOrEqual(1);
    expect(stub.sentTo('main', 'register')).toHaveLength(before);
  });
});

describe('a refresh', () => {
  it('is one exchange for eight callers at once, at a server that detects reuse', async () => {
    const user = await expired('one');
    stub.requests.length = 0;
    const replies = await Promise.all(Array.from({ length: 8 }, () => user.resolve({ url: stub.serverUrl('one') })));
    expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(refreshes()).toMatchObject([{ form: { resource: stub.serverUrl('one') } }]);
    expect(new Set(replies.map(tokenIn)).size).toBe(1);
    expect((await call(user, 'one')).status).toBe(200);
    // Only the token endpoint: nothing is discovered or registered for it.
    const paths = stub.requests.map(({ path }) => path);
    expect(paths.filter((path) => /well-known|register/.test(path))).toEqual([]);
  });

  it('follows a token that the server refused', async () => {
    const user = someone();
    await connectTo(user, 'one');
    const { json } = await user.resolve({ url: stub.serverUrl('one') });
    const again = await user.resolve({ url: stub.serverUrl('one'), refusedTokenRef: json.tokenRef });
    expect(again.status).toBe(200);
    expect(tokenIn(again)).not.toBe(json.credential.secret.accessToken);
    expect(refreshes()).toHaveLength(1);
  });
});

describe('more scopes', () => {
  it('come into the same credential, beside those that it has', async () => {
    const user = someone();
    const { id } = await connectTo(user, 'one');
    const { status, challenge } = await call(user, 'one', 'write');
    expect(status).toBe(403);
    const view = await connectTo(user, 'one', { credentialId: id, challenge });
    expect([view.id, view.scopes.toSorted()]).toEqual([id, ['mcp:read', 'mcp:write']]);
    expect((await call(user, 'one', 'write')).status).toBe(200);
    expect(await user.own()).toHaveLength(1);
  });
});

describe('two servers on one host', () => {
  it('have tokens of their own, and neither is answered for the other', async () => {
    const user = someone();
    const [one, two] = [await connectTo(user, 'one'), await connectTo(user, 'two')];
    const [a, b] = [await call(user, 'one'), await call(user, 'two')];
    expect([a.status, b.status]).toEqual([200, 200]);
    expect([a.reply.json.credential.id, b.reply.json.credential.id]).toEqual([one.id, two.id]);
    expectProblem(await user.resolve({ credentialId: one.id, url: stub.serverUrl('two') }), 'url_not_allowed');
    expectProblem(await user.resolve({ url: `${stub.serverUrl('one')}2` }), 'not_connected');
    expectProblem(await user.resolve({ url: `${stub.serverUrl('one')}/..%2ftwo` }), 'url_not_allowed');
  });
});

describe('a server that moves to another issuer', () => {
  it('has its grants marked as such, and is connected anew there with a client of its own', async () => {
    stub.settings.issuers.set('moving', 'old').set('staying', 'old');
    const [user, other] = [await expired('moving'), await expired('staying')];
    const before = stub.sentTo('old', 'authorize').at(-1)?.path ?? '';
    const oldClient = new URLSearchParams(before.split('?')[1]).get('client_id') ?? 'none';
    stub.settings.issuers.set('moving', 'next');
    stub.forgetClients('old');
    const refused = await user.resolve({ url: stub.serverUrl('moving') });
    expectProblem(refused, 'reconnect_required', { reason: 'issuer_changed' });
    const view = await connectTo(user, 'moving', { credentialId: user.id });
    expect([view.id, view.status]).toEqual([user.id, 'active']);
    expect((await call(user, 'moving')).status).toBe(200);
    expect(oldClient).toContain('client-of-old');
    const sent = ['authorize', 'token'].flatMap((path) => stub.sentTo('next', path));
    expect(JSON.stringify(sent)).not.toContain(oldClient);
    expect(stub.sentTo('next', 'register')).toHaveLength(1);
    // The other server still names the old issuer, which no longer knows the client.
    const gone = await other.resolve({ url: stub.serverUrl('staying') });
    expect([gone.json.code, gone.json.reason]).toEqual(['reconnect_required', 'client_gone']);
  });
});

describe('the end of a connection', () => {
  it('revokes the grant at the server', async () => {
    const user = someone();
    const { id } = await connectTo(user, 'one');
    const token = tokenIn(await user.resolve({ url: stub.serverUrl('one') })) ?? '';
    expect((await stub.call(stub.serverUrl('one'), token)).status).toBe(200);
    expect((await user.remove(id)).json).toMatchObject({ deleted: true, revoked: true });
    expect((await stub.call(stub.serverUrl('one'), token)).status).toBe(401);
  });
});

describe('a link for a server', () => {
  it('is made with its URL', async () => {
    const path = `/v1/users/${someone().userId}/connect-links`;
    const made = await keyhold.worker.call('POST', path, { mcpServerUrl: stub.serverUrl('one') });
    expect(made.status).toBe(201);
    const both = await keyhold.worker.call('POST', path, { mcpServerUrl: stub.serverUrl('one'), provider: 'github' });
    expectProblem(both, 'invalid_request');
  });
});
