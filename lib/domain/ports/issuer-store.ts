// The port to what is stored about issuers: their metadata, cached for all functions, and the client that was registered at each,
// which exists once per issuer and redirect URI, beside the clients that it took the place of. Each method makes one attempt and throws a PortFault when the table
// fails. Metadata is sealed: what this deployment has not read itself counts as missing.
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
  /** The origins of the endpoints that it was registered for: its secret is sent to no other, and is sealed under them. */
  origins: readonly string[];
  clientAuth: ClientAuth;
  /** The sealed client secret, with its data key; null: a public client. */
  secret: { sealed: string; wrappedKey: Uint8Array } | null;
  /** Random, new whenever the secret is sealed. */
  secretRev: string;
  /** When the secret ends; null: never. */
  expiresAt: number | null;
  createdAt: number;
  /** When the server refused the client as one it does not know; null: never. */
  refusedAt: number | null;
  /** When the client is removed if no connection is completed with it before, in whole seconds; null: it is kept. */
  unusedUntil: number | null;
}

/** Names the present client; its own id names one that it took the place of. */
export type FormerClientKey = Pick<RegisteredClient, 'issuer' | 'redirectUri' | 'clientId'>;

/** Names a registered client. */
export type RegisteredClientKey = Pick<RegisteredClient, 'issuer' | 'redirectUri'>;

/** Stores metadata and clients by issuer. */
export interface IssuerStore {
  /** null also where the seal does not open. Throws `keys_unavailable`. */
  readCachedServer(issuer: string): Promise<CachedServer | null>;
  /** Throws `keys_unavailable`. */
  writeCachedServer(cached: CachedServer): Promise<void>;
  /** The client that new connections use; null: none is stored. A row that cannot be read is a PortFault that is not retryable. */
  readClient(key: RegisteredClientKey): Promise<RegisteredClient | null>;
  /** A client that was replaced, for the grants that it still has; as above. */
  readFormerClient(key: FormerClientKey): Promise<RegisteredClient | null>;
  /**
   * Stores a client if there is none, or if the stored one is still `replaces` and as unused, which is kept as a former client in the same step.
   * Returns the client that is stored now: another one's when it came first.
   */
  putClient(client: RegisteredClient, replaces: RegisteredClient | null): Promise<RegisteredClient>;
  /** Keeps the present client from now on, if it is this one: a connection is about to be completed with it. */
  keepClient(key: FormerClientKey): Promise<void>;
  /** Notes on the present client that its server refused it at `refusedAt`; on no other client, and on no former one. */
  noteRefusedClient(key: FormerClientKey, refusedAt: number): Promise<void>;
}
