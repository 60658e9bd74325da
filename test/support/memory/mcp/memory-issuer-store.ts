// Issuers in memory: their metadata, one client per issuer and redirect URI, and the clients before it.
import type {
  CachedServer,
  FormerClientKey,
  IssuerStore,
  RegisteredClient,
  RegisteredClientKey,
} from '../../../../lib/domain/ports/issuer-store.ts';

const clientKey = ({ issuer, redirectUri }: RegisteredClientKey): string => JSON.stringify([issuer, redirectUri]);

const formerKey = (key: FormerClientKey): string => JSON.stringify([clientKey(key), key.clientId]);

export interface MemoryIssuers {
  servers: Map<string, CachedServer>;
  clients: Map<string, RegisteredClient>;
  former: Map<string, RegisteredClient>;
}

export const memoryIssuers = (): MemoryIssuers => ({
  servers: new Map(),
  clients: new Map(),
  former: new Map(),
});

export const memoryIssuerStore = ({ servers, clients, former }: MemoryIssuers = memoryIssuers()): IssuerStore => ({
  async readCachedServer(issuer) {
    return structuredClone(servers.get(issuer) ?? null);
  },
  async writeCachedServer(cached) {
    servers.set(cached.server.issuer, structuredClone(cached));
  },
  async readClient(key) {
    return structuredClone(clients.get(clientKey(key)) ?? null);
  },
  async readFormerClient(key) {
    return structuredClone(former.get(formerKey(key)) ?? null);
  },
  async putClient(client, replaces) {
    const stored = clients.get(clientKey(client));
    const isNamed =
      stored?.clientId === replaces?.clientId &&
      stored?.secretRev === replaces?.secretRev &&
      stored?.unusedUntil === replaces?.unusedUntil;
    if (stored && !isNamed) return structuredClone(stored);
    clients.set(clientKey(client), structuredClone(client));
    if (replaces && replaces.clientId !== client.clientId)
      former.set(formerKey(replaces), { ...structuredClone(replaces), unusedUntil: null });
    return client;
  },
  async keepClient(key) {
    const stored = clients.get(clientKey(key));
    if (stored?.clientId === key.clientId) stored.unusedUntil = null;
  },
  async noteRefusedClient(key, refusedAt) {
    const stored = clients.get(clientKey(key));
    if (stored?.clientId === key.clientId) stored.refusedAt = refusedAt;
  },
});
