// The port to what is stored about issuers: their metadata, cached for all functions, and the client that was registered at each,
// which exists once per issuer and redirect URI. Each method makes one attempt and throws a PortFault when the table fails.
import type { AuthorizationServer } from '../mcp/authorization-server.ts';
import type { ClientAuth } from '../oauth/provider-record.ts';

/** Metadata as it was read at `readAt` (epoch milliseconds). */
export interface CachedServer {
  server: AuthorizationServer;
  readAt: number;
}

/** A registered client (RFC 7591 §3.2.1). Times in epoch milliseconds. */
export interface RegisteredClient {
  issuer: string;
  redirectUri: string;
  clientId: string;
  clientAuth: ClientAuth;
  /** The sealed client secret, with its data key; null: a public client. */
  secret: { sealed: string; wrappedKey: Uint8Array } | null;
  /** Random, new whenever the secret is sealed. */
  secretRev: string;
  /** When the secret ends; null: never. */
  expiresAt: number | null;
  createdAt: number;
}

/** Names a registered client. */
export type RegisteredClientKey = Pick<RegisteredClient, 'issuer' | 'redirectUri'>;

/** Stores metadata and clients by issuer. */
export interface IssuerStore {
  readCachedServer(issuer: string): Promise<CachedServer | null>;
  writeCachedServer(cached: CachedServer): Promise<void>;
  readClient(key: RegisteredClientKey): Promise<RegisteredClient | null>;
  /**
   * Stores a client if there is none, or if the stored one is still `replaces` (its client id). Returns the client that is stored now:
   * another one's when it came first.
   */
  putClient(client: RegisteredClient, replaces: string | null): Promise<RegisteredClient>;
}
