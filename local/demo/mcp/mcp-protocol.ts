// The messages of the demo MCP server: JSON-RPC over Streamable HTTP without sessions, each answered with JSON. Only what a client needs to
// list tools and call them.
import * as z from 'zod';

/** Whom a call is made for, and with which token. */
export interface McpCaller {
  /** The account's id at the demo provider. */
  account: string;
  name: string;
  /** Names the token, and reveals nothing of it. */
  tokenName: string;
  scopes: ReadonlySet<string>;
  /** Ends the token before its time, as a server does that withdraws one. */
  endToken(): Promise<void>;
}

interface Tool {
  name: string;
  description: string;
  /** The scope that a call needs beside the server's own. */
  scope?: string;
  run(caller: McpCaller): Promise<string>;
}

/** Newest first. */
const VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;
const [NEWEST] = VERSIONS;
const NO_ARGUMENTS = { type: 'object', properties: {}, additionalProperties: false };

const TOOLS: readonly Tool[] = [
  {
    name: 'whoami',
    description: 'Says whose account the call is made with, and names its token.',
    run: async ({ account, name, tokenName }) => JSON.stringify({ account, name, token: tokenName }),
  },
  {
    name: 'end_token',
    description: 'Ends the access token of the call: the next call with it is answered 401.',
    run: async ({ endToken }) => {
      await endToken();
      return 'The access token has ended.';
    },
  },
  {
    name: 'needs_more',
    description: 'Does nothing, and needs the scope demo.write.',
    scope: 'demo.write',
    run: async () => 'Allowed.',
  },
];

/** A request, or without an id a notification. */
const Message = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string(),
  params: z.looseObject({ name: z.string().optional(), protocolVersion: z.string().optional() }).optional(),
});
type Message = z.infer<typeof Message>;

/** JSON-RPC 2.0 §5.1. */
const ERRORS = { invalidRequest: -32600, unknownMethod: -32601, invalidParams: -32602 } as const;

const failed = (code: number, message: string): object => ({ error: { code, message } });

const findTool = (name: string | undefined): Tool | undefined => TOOLS.find((tool) => tool.name === name);

const callTool = async (name: string | undefined, caller: McpCaller): Promise<object> => {
  const tool = findTool(name);
  if (!tool) return failed(ERRORS.invalidParams, 'no such tool');
  return { result: { content: [{ type: 'text', text: await tool.run(caller) }] } };
};

const initialize = (wanted: string | undefined): object => ({
  protocolVersion: VERSIONS.find((version) => version === wanted) ?? NEWEST,
  capabilities: { tools: {} },
  serverInfo: { name: 'keyhold-demo', version: '1.0.0' },
});

const answer = async ({ method, params }: Message, caller: McpCaller): Promise<object> => {
  switch (method) {
    case 'initialize':
      return { result: initialize(params?.protocolVersion) };
    case 'ping':
      return { result: {} };
    case 'tools/list':
      return {
        result: { tools: TOOLS.map(({ name, description }) => ({ name, description, inputSchema: NO_ARGUMENTS })) },
      };
    case 'tools/call':
      return callTool(params?.name, caller);
    default:
      return failed(ERRORS.unknownMethod, 'no such method');
  }
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The scope that a call needs and the caller's token does not have. */
const findMissingScope = ({ method, params }: Message, { scopes }: McpCaller): string | undefined => {
  const scope = method === 'tools/call' ? findTool(params?.name)?.scope : undefined;
  return scope === undefined || scopes.has(scope) ? undefined : scope;
};

/** What one message comes to; a notification has no answer. */
export type McpOutcome =
  | { kind: 'answered'; answer: object }
  | { kind: 'accepted' }
  | { kind: 'scope_missing'; scope: string };

/** Takes one message as text. */
export const answerMessage = async (text: string, caller: McpCaller): Promise<McpOutcome> => {
  const { data: message } = Message.safeParse(parse(text));
  if (!message) {
    const error = failed(ERRORS.invalidRequest, 'expected one JSON-RPC message');
    return { kind: 'answered', answer: { jsonrpc: '2.0', id: null, ...error } };
  }
  const scope = findMissingScope(message, caller);
  if (scope !== undefined) return { kind: 'scope_missing', scope };
  const { id } = message;
  if (id === undefined) return { kind: 'accepted' };
  return { kind: 'answered', answer: { jsonrpc: '2.0', id, ...(await answer(message, caller)) } };
};
