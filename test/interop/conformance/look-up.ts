// What an operator reads in a server's metadata before writing an entry for it. No OAuth is done here: Keyhold gets the entry alone.
import { Refused } from './keyhold-user.ts';
import type { McpWire } from './mcp-wire.ts';

/** What an entry of `oauth-clients` names of an authorization server. */
export interface LookedUp {
  issuer: string;
  tokenEndpoint: unknown;
}

const readJson = async (url: string): Promise<Record<string, unknown>> => {
  const response = await fetch(url);
  return (await response.json()) as Record<string, unknown>;
};

/** The authorization server that the MCP server names. Throws `Refused`. */
export const lookUpServer = async ({ url }: McpWire): Promise<LookedUp> => {
  const { origin, pathname } = new URL(url);
  const resource = await readJson(`${origin}/.well-known/oauth-protected-resource${pathname}`);
  const [issuer] = resource.authorization_servers as string[];
  if (issuer === undefined) throw new Refused('the MCP server names no authorization server');
  const metadata = await readJson(`${issuer}/.well-known/oauth-authorization-server`);
  return { issuer, tokenEndpoint: metadata.token_endpoint };
};
