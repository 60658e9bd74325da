// An agent made with the real MCP SDK calls the real everything-server, which stands behind authorization: as two users, with tokens that
// end under them, and with scopes that are asked for on the way. The token reaches the server that it is for, and no error shows it.
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InsufficientScopesError } from '../../../client/fetch/insufficient-scopes-error.ts';
import { createWorker, type Worker } from '../../../client/worker.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { type EverythingServer, startEverythingServer } from '../../support/mcp/everything-server.ts';
import { type McpStub, startMcpStub } from '../../support/mcp/mcp-stub.ts';
import { makeConnector, receiptFor, startConnecting } from '../../support/providers/connect-flow.ts';
import { tokenIn, WITHOUT_SWEEP } from '../../support/providers/refresh-flow.ts';

let stub: McpStub;
let everything: EverythingServer;
let keyhold: Keyhold;
let worker: Worker;
beforeAll(async () => {
  [stub, everything, keyhold] = await Promise.all([
    startMcpStub(),
    startEverythingServer(),
    startConnecting({}, WITHOUT_SWEEP),
  ]);
  worker = createWorker({ url: keyhold.url });
});
beforeEach(() => {
  stub.reset();
  stub.settings.upstreams.set('everything', everything.url);
});
afterAll(async () => {
  await keyhold.stop();
  await everything.stop();
  stub.close();
});

const serverUrl = () => stub.serverUrl('everything');

let count = 0;
const newUser = (name: string) => makeConnector(keyhold, 'runtime', `${name}-${++count}`);
type User = ReturnType<typeof newUser>;

const connect = async (user: User, body: object = {}) => {
  const { state, url } = await user.begin({ provider: undefined, mcpServerUrl: serverUrl(), ...body });
  const receipt = await receiptFor(keyhold, [...(await stub.approve(url))]);
  const { status, json } = await user.complete({ state, receipt });
  expect(status).toBeLessThan(300);
  return json;
};

/** A connected user. */
const someone = async (name: string): Promise<User> => {
  const user = newUser(name);
  await connect(user);
  return user;
};

const agents: Client[] = [];
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.close()));
});

const startAgent = async ({ userId }: User): Promise<Client> => {
  const agent = new Client({ name: 'agent', version: '1.0.0' });
  agents.push(agent);
  const url = new URL(serverUrl());
  await agent.connect(new StreamableHTTPClientTransport(url, { fetch: worker.fetchForMcp(userId, url) }));
  return agent;
};

const echo = async (agent: Client, message: string): Promise<unknown> => {
  const { content } = await agent.callTool({ name: 'echo', arguments: { message } });
  return (content as { text: string }[])[0]?.text;
};

const token = async (user: User): Promise<string> => tokenIn(await user.resolve({ url: serverUrl() })) ?? '';

/** The tokens that the server was called with since the records were cleared, in order. */
const tokensSent = (): string[] =>
  stub.requests.filter(({ path }) => path === '/mcp/everything').map(({ headers }) => headers.authorization ?? '');

/** The grant of a token of the stub. */
const readGrant = (text: string): string => text.split('.')[1] ?? '';

const grantsSent = (): string[] => [...new Set(tokensSent().map(readGrant))];

const refreshes = () => stub.sentTo('main', 'token').filter(({ form }) => form.grant_type === 'refresh_token');

const catchError = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

describe('an agent with the SDK', () => {
  it('calls tools as alice, with a token that is refreshed when it expires between two calls', async () => {
    stub.settings.expiresIn = 4;
    const alice = newUser('alice');
    await connect(alice);
    const agent = await startAgent(alice);
    expect(await echo(agent, 'one')).toBe('Echo: one');
    const first = tokensSent().at(-1);
    await sleep(4_100);
    stub.settings.expiresIn = 3600;
    expect(await echo(agent, 'two')).toBe('Echo: two');
    expect(tokensSent().at(-1)).not.toBe(first);
    expect(new Set(refreshes().map(({ form }) => form.resource))).toEqual(new Set([serverUrl()]));
    expect(stub.sentTo('main', 'register').length).toBeLessThanOrEqual(1);
  });

  it('goes on where the server refuses a token before its time', async () => {
    const alice = await someone('alice');
    const agent = await startAgent(alice);
    stub.refuse(await token(alice));
    stub.requests.length = 0;
    const answers = await Promise.all(['a', 'b', 'c'].map((text) => echo(agent, text)));
    expect(answers).toEqual(['Echo: a', 'Echo: b', 'Echo: c']);
    expect(refreshes()).toHaveLength(1);
  });

  it('sends each user’s own token only', async () => {
    const [alice, bob] = [await someone('alice'), await someone('bob')];
    const [agentOfAlice, agentOfBob] = [await startAgent(alice), await startAgent(bob)];
    const [own, others] = [readGrant(await token(bob)), readGrant(await token(alice))];
    expect(own).not.toBe(others);
    stub.requests.length = 0;
    expect(await echo(agentOfBob, 'b')).toBe('Echo: b');
    expect(grantsSent()).toEqual([own]);
    stub.requests.length = 0;
    expect(await echo(agentOfAlice, 'a')).toBe('Echo: a');
    expect(grantsSent()).toEqual([others]);
  });

  it('is told that a user has not connected the server', async () => {
    await expect(startAgent(newUser('carol'))).rejects.toMatchObject({ code: 'not_connected' });
  });
});

describe('a tool that needs more scopes', () => {
  const add = (agent: Client) => agent.callTool({ name: 'get-sum', arguments: { a: 2, b: 3 } });

  it('ends the call with what starts the step-up, after which the same agent calls it', async () => {
    stub.settings.writing.add('get-sum');
    const alice = await someone('alice');
    const agent = await startAgent(alice);
    const secret = await token(alice);
    const error = await catchError(add(agent));
    expect(error).toBeInstanceOf(InsufficientScopesError);
    const { stepUp, missingScopes, code } = error as InsufficientScopesError;
    expect([code, missingScopes]).toEqual(['insufficient_scopes', ['mcp:write']]);
    expect(inspect(error, { depth: 9 })).not.toContain(secret);
    expect((await connect(alice, stepUp)).scopes.toSorted()).toEqual(['mcp:read', 'mcp:write']);
    expect((await add(agent)).content).toEqual([{ type: 'text', text: 'The sum of 2 and 3 is 5.' }]);
  });
});

describe('a user who must connect again', () => {
  it('is named as such, without a secret in the error', async () => {
    const alice = await someone('alice');
    const agent = await startAgent(alice);
    const secret = await token(alice);
    stub.forgetClients('main');
    stub.refuse(secret);
    const error = await catchError(echo(agent, 'x'));
    expect(error).toMatchObject({ code: 'reconnect_required', members: { reason: 'client_gone' } });
    expect(inspect(error, { depth: 9 })).not.toContain(secret);
  });
});
