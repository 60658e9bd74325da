// Issuers in memory: their metadata, and one client per issuer and redirect URI.
import type {
  CachedServer,
  IssuerStore,
  RegisteredClient,
  RegisteredClientKey,
} from '../../../../lib/domain/ports/issuer-store.ts';

const clientKey = ({ issuer, redirectUri }: RegisteredClientKey): string => JSON.stringify([issuer, redirectUri]);

export interface MemoryIssuers {
  servers: Map<string, CachedServer>;
  clients: Map<string, RegisteredClient>;
}

export const memoryIssuers = (): MemoryIssuers => ({ servers: new Map(), clients: new Map() });

export const memoryIssuerStore = ({ servers, clients }: MemoryIssuers = memoryIssuers()): IssuerStore => ({
  async readCachedServer(issuer) {
    return structuredClone(servers.get(issuer) ?? null);
  },
  async writeCachedServer(cached) {
    servers.set(cached.server.issuer, structuredClone(cached));
  },
  async readClient(key) {
    return structuredClone(clients.get(clientKey(key)) ?? null);
  },
  async putClient(client, replaces) {
    const stored = clients.get(clientKey(client));
    if (stored && stored.clientId !== replaces) return structuredClone(stored);
    clients.set(clientKey(client), structuredClone(client));
    return client;
  },
});
