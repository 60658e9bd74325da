// What a cell is played on: a server, a running Keyhold that has the operator's entry for it, and a user.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { openBrowser, type Visited } from './browser.ts';
import { assertCell } from './cells.ts';
import type { McpStandIn } from './mcp-stand-in.ts';
import type { Peer } from './peer-process.ts';

/** A server and the Keyhold that is played against it. */
export interface Stage {
  peer: Peer;
  keyhold: Keyhold;
  /** PUBLIC_BASE_URL of the Keyhold. */
  publicUrl: string;
  /** The MCP server whose authorization server is the peer. */
  mcpServer: McpStandIn;
}

/** A connected credential. */
export interface Connected {
  user: string;
  id: string;
  /** The address that the browser was sent to first. */
  authorizationUrl: URL;
  /** The callback that the server sent the browser to. */
  callback: URL;
}

/** Writes the operator's entries; the server reads them on every call. */
export const writeEntries = async (keyhold: Keyhold, entries: Record<string, object>): Promise<void> => {
  const folder = join(keyhold.home, 'secrets');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'oauth-clients.json'), JSON.stringify(entries));
};

/** A call of the runtime plane for a user. */
export const callRuntime = (
  { keyhold }: Stage,
  user: string,
  [method, path]: [string, string],
  body?: object,
): Promise<Reply> => keyhold.worker.call(method, `/v1/users/${user}${path}`, body);

/** A short text of a reply that was not expected. */
export const describeReply = ({ status, text }: Reply): string => `${status} ${text.slice(0, 300)}`;

/** As `callRuntime`, and ends the cell unless the status is the expected one. */
export const expectRuntime = async (
  stage: Stage,
  user: string,
  call: [string, string],
  expected: { status: number; body?: object },
  // biome-ignore lint/suspicious/noExplicitAny: each cell knows the shape it expects.
): Promise<any> => {
  const reply = await callRuntime(stage, user, call, expected.body);
  assertCell(reply.status === expected.status, `${call[1]} answered ${describeReply(reply)}`);
  return reply.json;
};

/** The callback in the person's browser: at the local address, whatever the public one is. */
const openCallback = async ({ keyhold }: Stage, { url }: Visited): Promise<string> => {
  const reply = await keyhold.anonymous.call('GET', url.pathname + url.search);
  const receipt = /<code id="receipt">([^<]*)<\/code>/.exec(reply.text)?.[1];
  const error = url.searchParams.get('error_description') ?? url.searchParams.get('error');
  assertCell(receipt, `the callback answered ${reply.status}, with no receipt${error ? `: ${error}` : ''}`);
  return receipt;
};

/** Starts, approves and completes a connection; `body` says of what. */
export const connect = async (stage: Stage, user: string, body: object): Promise<Connected> => {
  const started = await expectRuntime(stage, user, ['POST', '/connections'], { status: 201, body });
  const visited = await openBrowser().visit(started.authorizationUrl, `${stage.publicUrl}/v1/oauth/callback`);
  assertCell(
    visited.status === null,
    `the server kept the browser at ${visited.url.pathname}: ${visited.status} ${visited.html.slice(0, 200)}`,
  );
  const receipt = await openCallback(stage, visited);
  const completed = { state: started.state, receipt };
  const reply = await callRuntime(stage, user, ['POST', '/connections/complete'], completed);
  assertCell(reply.status === 201, `complete answered ${describeReply(reply)}`);
  return { user, id: reply.json.id, authorizationUrl: new URL(started.authorizationUrl), callback: visited.url };
};

/** The stored refresh token, as an export shows it; undefined: there is none. */
export const exportRefreshToken = async (stage: Stage, { user, id }: Connected): Promise<string | undefined> => {
  const exported = await expectRuntime(stage, user, ['GET', '/export'], { status: 200 });
  // biome-ignore lint/suspicious/noExplicitAny: the exported document.
  return exported.credentials.find((entry: any) => entry.id === id)?.secret?.refreshToken;
};

/** Sends a refresh token to the server, past Keyhold, as the client. Answers the status. */
export const exchangeDirectly = async ({ peer }: Stage, refreshToken: string): Promise<number> => {
  const { clientId, clientSecret, clientAuth, tokenEndpoint } = peer.entry;
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
  const headers: Record<string, string> = {};
  if (clientAuth === 'client_secret_basic') {
    headers.authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  } else {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  return (await fetch(tokenEndpoint, { method: 'POST', headers, body: form })).status;
};
