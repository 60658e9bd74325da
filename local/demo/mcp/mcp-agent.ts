// GET /_local/mcp-agent?user=alice: an agent that connects the demo MCP server by its URL where the user has not, calls a tool, and calls
// it again after the server has ended the token. It holds no token: the client's fetch does. The answer is what it did, as text.
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { KeyholdError } from '../../../client/keyhold-error.ts';
import { createWorker, type Worker } from '../../../client/worker.ts';
import { jsonReply, type Reply } from '../../http/reply.ts';
import { Subject } from '../../local-routes/json-body.ts';
import { DEMO_ACCOUNTS } from '../demo-pages.ts';
import { approveAtDemo } from './approve-at-demo.ts';

const Query = z.object({
  user: Subject.default('alice'),
  /** Who approves at the demo provider. */
  as: z.enum(['ada', 'grace']).default('ada'),
});

const WhoAmI = z.object({ name: z.string(), token: z.string() });
const ToolResult = z.object({ result: z.object({ content: z.tuple([z.object({ text: z.string() })]) }) });

interface Agent {
  worker: Worker;
  userId: string;
  mcpServerUrl: string;
}

const isConnected = async ({ worker, userId, mcpServerUrl }: Agent): Promise<boolean> => {
  const { credentials } = await worker.listCredentials(userId, { provider: 'mcp' });
  return credentials.some(({ resource, status }) => resource === mcpServerUrl && status === 'active');
};

const connect = async ({ worker, userId, mcpServerUrl }: Agent, account: string): Promise<string[]> => {
  const { state, authorizationUrl } = await worker.startConnection(userId, { mcpServerUrl });
  const receipt = await approveAtDemo(authorizationUrl, account);
  const { id } = await worker.completeConnection(userId, { state, receipt });
  return [
    `${mcpServerUrl} answered 401: Keyhold found its authorization server, and registered a client there.`,
    `${DEMO_ACCOUNTS.get(account)} approved (the demo plays the browser): ${userId} has the credential ${id}.`,
  ];
};

const callTool = async ({ worker, userId, mcpServerUrl }: Agent, name: string): Promise<string> => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } });
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const response = await worker.fetchForMcp(userId, mcpServerUrl)(mcpServerUrl, { method: 'POST', headers, body });
  const { status, ok } = response;
  if (!ok) throw new KeyholdError({ code: 'unavailable', status, title: `the MCP server answered ${status}` });
  return ToolResult.parse(await response.json()).result.content[0].text;
};

const whoAmI = async (agent: Agent): Promise<string> => {
  const { name, token } = WhoAmI.parse(JSON.parse(await callTool(agent, 'whoami')));
  return `whoami: ${name}, with the token ${token}.`;
};

const work = async (agent: Agent, account: string): Promise<string[]> => {
  const steps = (await isConnected(agent))
    ? [`${agent.userId} has connected ${agent.mcpServerUrl} before.`]
    : await connect(agent, account);
  const before = await whoAmI(agent);
  await callTool(agent, 'end_token');
  const after = await whoAmI(agent);
  return [
    ...steps,
    before,
    'end_token: the server ends that token before its time.',
    after,
    'The last call was answered 401 at first. Keyhold refreshed the token once, and the agent saw none of it.',
  ];
};

const textReply = (lines: readonly string[]): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: Buffer.from(`${lines.join('\n')}\n`),
});

const REFUSED = 502;

/** Answers with what was done, line by line; where Keyhold refuses a step, with its message. */
export const playMcpAgent = async ({ url = '', headers }: IncomingMessage, mcpServerUrl: string): Promise<Reply> => {
  const { data: query } = Query.safeParse(Object.fromEntries(new URL(url, 'http://local').searchParams));
  if (!query) {
    return jsonReply(400, { message: 'expected ?user= with 1 to 256 characters, and perhaps &as=ada or &as=grace' });
  }
  const worker = createWorker({ url: `http://${headers.host}` });
  try {
    return textReply(await work({ worker, userId: query.user, mcpServerUrl }, query.as));
  } catch (error) {
    if (error instanceof KeyholdError) return jsonReply(REFUSED, { message: error.message });
    throw error;
  }
};
