// The port that registers a client at an authorization server (RFC 7591). Only starting a connection uses it: a refresh never registers.
import type { AuthorizationServer } from '../mcp/authorization-server.ts';
import type { NewClient } from '../mcp/registration.ts';

/** Where a client is registered, and for which redirect URI. */
export interface ClientToRegister {
  server: AuthorizationServer;
  redirectUri: string;
}

/** Registers clients. */
export interface ClientRegistration {
  /**
   * One request; the answer is checked. Throws `server_not_connectable` of step `registration`. After a failure the server may have
   * registered a client that is never used.
   */
  register(asked: ClientToRegister): Promise<NewClient>;
}
