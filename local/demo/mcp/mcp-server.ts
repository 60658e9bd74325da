// The demo MCP server, beside the demo provider on one address. It takes only tokens that the provider issued for this very resource, and
// says where to get one (RFC 9728), so that it can be connected by its URL alone.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type Provider from 'oidc-provider';
import { readBody } from '../../http/read-body.ts';
import { jsonReply, type Reply, refusals } from '../../http/reply.ts';
import { DEMO_ACCOUNTS } from '../demo-pages.ts';
import type { McpCaller } from './mcp-protocol.ts';

const PATH = '/mcp';
const METADATA_PATH = `/.well-known/oauth-protected-resource${PATH}`;
/** The scope that every call needs. */
const SCOPE = 'demo.read';
/** The scopes of its tokens. */
export const MCP_SCOPES = `${SCOPE} demo.write`;
const MAX_BODY_BYTES = 64 * 1024;
const TOKEN_NAME_DIGITS = 12;

/** The URL of the server: what a user connects, and the resource of its tokens. */
export const mcpServerUrl = (issuer: string): string => issuer + PATH;

const readPath = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';

/** Whether the request is for this server and not for the provider. */
export const isForMcp = (request: IncomingMessage): boolean => [PATH, METADATA_PATH].includes(readPath(request));

const describeResource = (issuer: string): Reply =>
  jsonReply(200, {
    resource: mcpServerUrl(issuer),
    resource_name: 'Demo MCP server',
    authorization_servers: [issuer],
    scopes_supported: MCP_SCOPES.split(' '),
    bearer_methods_supported: ['header'],
  });

interface Refusal {
  status: 401 | 403;
  /** RFC 6750 §3.1; none: the call had no token. */
  error?: 'invalid_token' | 'insufficient_scope';
  /** What a token needs. */
  scope?: string;
}

const refuse = (issuer: string, { status, error, scope = SCOPE }: Refusal): Reply => {
  const named = error === undefined ? '' : `error="${error}", `;
  const challenge = `Bearer ${named}scope="${scope}", resource_metadata="${issuer}${METADATA_PATH}"`;
  return jsonReply(status, { error: error ?? 'unauthorized' }, { 'www-authenticate': challenge });
};

const nameToken = (token: string): string =>
  createHash('sha256').update(token).digest('hex').slice(0, TOKEN_NAME_DIGITS);

/** The caller that a token is of, or the refusal to answer with. */
const findCaller = async (provider: Provider, token: string): Promise<McpCaller | Reply> => {
  const { issuer } = provider;
  const found = await provider.AccessToken.find(token);
  if (!found?.isValid || found.aud !== mcpServerUrl(issuer))
    return refuse(issuer, { status: 401, error: 'invalid_token' });
  if (!found.scopes.has(SCOPE)) return refuse(issuer, { status: 403, error: 'insufficient_scope' });
  const { accountId: account, scopes } = found;
  const endToken = () => found.destroy();
  return { account, name: DEMO_ACCOUNTS.get(account) ?? account, tokenName: nameToken(token), scopes, endToken };
};

const answerCall = async (request: IncomingMessage, provider: Provider, token: string): Promise<Reply> => {
  const caller = await findCaller(provider, token);
  if ('status' in caller) return caller;
  const body = await readBody(request, MAX_BODY_BYTES);
  if (!body) return refusals.tooLarge;
  const { answerMessage } = await import('./mcp-protocol.ts');
  const outcome = await answerMessage(body.toString('utf8'), caller);
  switch (outcome.kind) {
    case 'answered':
      return jsonReply(200, outcome.answer);
    case 'accepted':
      return { status: 202, headers: {}, body: Buffer.alloc(0) };
    case 'scope_missing':
      return refuse(provider.issuer, { status: 403, error: 'insufficient_scope', scope: outcome.scope });
  }
};

/** Answers a request; only a call with a token needs the provider, which takes time to make. */
export const answerMcp = async (
  request: IncomingMessage,
  issuer: string,
  makeProvider: () => Promise<Provider>,
): Promise<Reply> => {
  if (readPath(request) === METADATA_PATH) return describeResource(issuer);
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token === undefined) return refuse(issuer, { status: 401 });
  // There are no sessions to end, and the server starts no messages.
  if (request.method !== 'POST') return { ...jsonReply(405, { error: 'only POST' }), headers: { allow: 'POST' } };
  return answerCall(request, await makeProvider(), token);
};
