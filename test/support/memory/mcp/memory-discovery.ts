// MCP servers in memory: what discovery finds by URL, and which issuer a resource names now. Others cannot be connected.
import type { AuthorizationServer } from '../../../../lib/domain/mcp/authorization-server.ts';
import { notConnectable } from '../../../../lib/domain/mcp/not-connectable.ts';
import type {
  DiscoveredServer,
  IssuerReader,
  ServerDiscovery,
  ServerToDiscover,
} from '../../../../lib/domain/ports/server-discovery.ts';

/** An authorization server with plain endpoints below its issuer. */
export const authorizationServer = (issuer: string, given: Partial<AuthorizationServer> = {}): AuthorizationServer => ({
  issuer,
  authorizationEndpoint: `${issuer}/authorize`,
  tokenEndpoint: `${issuer}/token`,
  revocationEndpoint: `${issuer}/revoke`,
  deviceAuthorizationEndpoint: null,
  registrationEndpoint: `${issuer}/register`,
  clientAuthMethods: null,
  acceptsMetadataDocuments: false,
  namesIssuer: true,
  offersPkce: true,
  scopesSupported: null,
  grantTypes: null,
  ...given,
});

export interface MemoryDiscovery extends ServerDiscovery, IssuerReader {
  /** What was asked to be discovered, in order. */
  asked: ServerToDiscover[];
  /** The resources whose issuer was asked for, in order. */
  issuersAsked: string[];
  /** The issuer that each resource names now; of others it is not known. */
  issuersNow: Map<string, string>;
  /** Adds a server that is found by the URL. */
  add(url: string, found: Partial<DiscoveredServer> & Pick<DiscoveredServer, 'server'>): void;
}

export const memoryDiscovery = (): MemoryDiscovery => {
  const found = new Map<string, DiscoveredServer>();
  const discovery: MemoryDiscovery = {
    asked: [],
    issuersAsked: [],
    issuersNow: new Map(),
    add(url, server) {
      found.set(url, { resource: url, challengeScopes: null, resourceScopes: null, ...server });
    },
    async discover(asked) {
      discovery.asked.push(asked);
      const server = found.get(asked.url);
      if (!server) throw notConnectable('challenge', 'unreachable');
      return server;
    },
    async readServer(issuer) {
      const server = [...found.values()].find((one) => one.server.issuer === issuer);
      if (!server) throw notConnectable('authorization_server_metadata', 'unreachable');
      return server.server;
    },
    async readIssuerNow(resource) {
      discovery.issuersAsked.push(resource);
      return discovery.issuersNow.get(resource) ?? null;
    },
  };
  return discovery;
};
