// Calls an MCP server on its wire, one JSON-RPC message per POST: with the initialize handshake up to 2025-11-25, without one and with
// the version in every message from 2026-07-28.

/** A server's answer. `challenge` is the value of WWW-Authenticate. */
export interface McpReply {
  status: number;
  challenge: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: the result's shape depends on the method.
  json: any;
}

/** How one server is called. */
export interface McpWire {
  url: string;
  /** The revision, such as `2026-07-28`. */
  version: string;
}

const CLIENT_INFO = { name: 'keyhold-conformance', version: '1.0.0' };
const LAST_STATEFUL = '2025-11-25';

const isStateful = ({ version }: McpWire): boolean => version <= LAST_STATEFUL;

/** The JSON of an answer, which may come as the one event of a stream. */
const readMessage = (text: string): unknown => {
  const data = /^data: ?(.+)$/m.exec(text)?.[1] ?? text;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
};

const post = async (wire: McpWire, headers: Record<string, string>, message: object): Promise<McpReply> => {
  const response = await fetch(wire.url, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': wire.version,
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  });
  const challenge = response.headers.get('www-authenticate');
  return { status: response.status, challenge, json: readMessage(await response.text()) };
};

const inMessage = (wire: McpWire) =>
  isStateful(wire)
    ? {}
    : {
        _meta: {
          'io.modelcontextprotocol/protocolVersion': wire.version,
          'io.modelcontextprotocol/clientCapabilities': {},
          'io.modelcontextprotocol/clientInfo': CLIENT_INFO,
        },
      };

/** The handshake; on the stateless wire there is none, and null is answered. */
const shakeHands = async (wire: McpWire, headers: Record<string, string>): Promise<McpReply | null> => {
  if (!isStateful(wire)) return null;
  const params = { protocolVersion: wire.version, capabilities: {}, clientInfo: CLIENT_INFO };
  const reply = await post(wire, headers, { id: 0, method: 'initialize', params });
  if (reply.status !== 200) return reply;
  await post(wire, headers, { method: 'notifications/initialized' });
  return null;
};

/** Lists the tools, after the handshake where there is one. */
export const listTools = async (wire: McpWire, headers: Record<string, string>): Promise<McpReply> =>
  (await shakeHands(wire, headers)) ??
  post(wire, { ...headers, 'mcp-method': 'tools/list' }, { id: 1, method: 'tools/list', params: inMessage(wire) });

/** Calls the suite's tool. */
export const callTool = (wire: McpWire, headers: Record<string, string>): Promise<McpReply> =>
  post(
    wire,
    { ...headers, 'mcp-method': 'tools/call', 'mcp-name': 'test-tool' },
    { id: 2, method: 'tools/call', params: { name: 'test-tool', arguments: {}, ...inMessage(wire) } },
  );
