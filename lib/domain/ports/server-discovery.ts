// The port that finds out how an MCP server is authorized, by its URL alone. Every hop leads to a place that somebody else names, so
// the adapter sends each request by the outbound policy and bounds its size and time. Connecting uses it. A refresh never does:
// only after a refusal may it ask for the issuer.
import type { AuthorizationServer } from '../mcp/authorization-server.ts';

/**
 * A server to connect. `challenge`: the `WWW-Authenticate` value that the caller got from it. The server is asked where it is null, or
 * leads to no metadata.
 */
export interface ServerToDiscover {
  url: string;
  challenge: string | null;
}

/** A server that can be connected. */
export interface DiscoveredServer {
  /** The resource that tokens are for (RFC 8707, RFC 9728 §2): it covers the URL. */
  resource: string;
  server: AuthorizationServer;
  /** The scopes that the challenge asks for, the caller's before the server's; null: none. */
  challengeScopes: readonly string[] | null;
  /** The scopes that the resource's metadata lists; null: none. */
  resourceScopes: readonly string[] | null;
}

/** Discovers MCP servers and authorization servers. */
export interface ServerDiscovery {
  /**
   * Follows MCP authorization: challenge, protected-resource metadata (RFC 9728), authorization-server metadata (RFC 8414, OpenID), and
   * the fallbacks of earlier revisions. Throws `url_not_allowed` (the URL or the challenge may not be called) and
   * `server_not_connectable` with `step` and `reason`.
   */
  discover(asked: ServerToDiscover): Promise<DiscoveredServer>;
  /** The metadata of an issuer, from the cache or by asking. Throws `server_not_connectable`. */
  readServer(issuer: string): Promise<AuthorizationServer>;
}

/** Asks an MCP server for its issuer: the one question about a server that is allowed on the path of a refresh. */
export interface IssuerReader {
  /**
   * The issuer that the resource's metadata names now, past every cache: `current` while that is one of those named, else the first.
   * null: it cannot be told. Never throws.
   */
  readIssuerNow(resource: string, current: string): Promise<string | null>;
}
