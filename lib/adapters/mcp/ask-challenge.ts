// Asks an MCP server how it is authorized: a request without a token, which a protected server answers with 401 and a challenge.
import { type ReadChallenge, readChallenge } from '../../domain/mcp/discovery/challenge.ts';
import { notConnectable } from '../../domain/mcp/not-connectable.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import type { OutboundFault } from '../outbound/outbound-fault.ts';
import { type DiscoveryAccess, MCP_REVISION, readFault } from './fetch-document.ts';

/** What the server answered. */
interface ServerAnswer {
  status: number;
  challenge: ReadChallenge | null;
}

/** Changes nothing, opens no session, and needs a token at every server that gives its tools to users only. */
const LIST_TOOLS = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/list',
  params: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': MCP_REVISION,
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});

const REQUEST = {
  method: 'POST',
  headers: {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': MCP_REVISION,
    'mcp-method': 'tools/list',
  },
  body: LIST_TOOLS,
};

/** A URL that the caller chose and that may not be called. */
export const urlNotAllowed = (): ServiceError =>
  new ServiceError('url_not_allowed', { detail: 'The URL of the server, or of its metadata, may not be called.' });

/** The status alone where the body could not be read. */
const answerFault = (error: unknown): ServerAnswer => {
  const reason = readFault(error);
  if (reason === 'url_not_allowed') throw urlNotAllowed();
  const { status } = error as OutboundFault;
  if (status === null) throw notConnectable('challenge', reason);
  return { status, challenge: null };
};

/** Sends the request. Throws `url_not_allowed`, `server_not_connectable` (`unreachable`, `too_slow`). */
export const askChallenge = async ({ fetch, signal }: DiscoveryAccess, url: string): Promise<ServerAnswer> => {
  try {
    const { status, headers } = await fetch(url, { ...REQUEST, signal });
    const value = headers.get('www-authenticate');
    return { status, challenge: status === 401 && value !== null ? readChallenge(value) : null };
  } catch (error) {
    return answerFault(error);
  }
};
