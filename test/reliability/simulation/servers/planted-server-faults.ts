// Planted faults in connecting and refreshing MCP servers: a client forgotten, not noted, of another issuer or grant, used before it is
// stored, or registered by a refresh.
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import type { RegisteredClient } from '../../../../lib/domain/ports/issuer-store.ts';
import type { OAuthClient } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';
import { authorizationServer } from '../../../support/memory/mcp/memory-discovery.ts';
import type { PlantedServerFault } from './simulate-servers.ts';

interface Planted {
  /** How the text of the invariant begins that must detect it. */
  violates: string;
  plant: PlantedServerFault;
}

const TRUE_MARK = 'a grant is marked only';
const OWN_CLIENT = 'a code or token goes only';
const STORED = 'a client is used once it is stored';

/** Refreshes as another client. */
const refreshAs = (deps: Deps, change: (client: OAuthClient) => OAuthClient): Partial<Deps> => ({
  oauth: { ...deps.oauth, refresh: (client, ...rest) => deps.oauth.refresh(change(client), ...rest) },
});

const asClient = (client: OAuthClient, other: RegisteredClient | undefined): OAuthClient =>
  other ? { ...client, clientId: other.clientId, clientSecret: new Secret(`secret of ${other.clientId}`) } : client;

const isAt =
  ({ profile }: OAuthClient) =>
  ({ issuer }: RegisteredClient): boolean =>
    issuer === profile.issuer;

/** By description. */
export const plantedServerFaults: Readonly<Record<string, Planted>> = {
  'the client of a grant forgotten once another took its place': {
    violates: TRUE_MARK,
    plant: ({ issuers }) => ({ issuers: { ...issuers, readFormerClient: async () => null } }),
  },
  'the client of another issuer used at a refresh': {
    violates: OWN_CLIENT,
    plant: (deps, { issuers }) =>
      refreshAs(deps, (client) =>
        asClient(
          client,
          [...issuers.clients.values()].find((other) => !isAt(client)(other)),
        ),
      ),
  },
  'the present client used for every grant of its issuer': {
    violates: OWN_CLIENT,
    plant: (deps, { issuers }) =>
      refreshAs(deps, (client) => asClient(client, [...issuers.clients.values()].find(isAt(client)))),
  },
  'a refresh that leaves the resource out': {
    violates: OWN_CLIENT,
    plant: (deps) => refreshAs(deps, (client) => ({ ...client, profile: { ...client.profile, resource: null } })),
  },
  'a client registered after a refused refresh': {
    violates: 'only a start registers',
    plant: (deps) => ({
      oauth: {
        ...deps.oauth,
        refresh: async (client, ...rest) => {
          try {
            return await deps.oauth.refresh(client, ...rest);
          } catch (error) {
            const server = authorizationServer(client.profile.issuer ?? '');
            await deps.registrations.register({ server, redirectUri: '' }).catch(() => null);
            throw error;
          }
        },
      },
    }),
  },
  'a client used whether or not it was stored': {
    violates: STORED,
    plant: ({ issuers }) => ({
      issuers: { ...issuers, putClient: (client, replaces) => issuers.putClient(client, replaces).catch(() => client) },
    }),
  },
  'a client that overwrites the one of another process': {
    violates: STORED,
    plant: ({ issuers }, trace) => ({
      issuers: {
        ...issuers,
        putClient: async (client, replaces) => {
          const stored = await issuers.putClient(client, replaces);
          for (const [key, { clientId }] of trace.issuers.clients)
            if (clientId === stored.clientId) trace.issuers.clients.set(key, client);
          return client;
        },
      },
    }),
  },
  'a grant marked for its client before that is noted': {
    violates: 'no grant is marked for a client',
    plant: ({ issuers }) => ({ issuers: { ...issuers, noteRefusedClient: async () => {} } }),
  },
  'an issuer taken for another': {
    violates: TRUE_MARK,
    plant: () => ({ issuerReader: { readIssuerNow: async () => 'https://auth-c.example' } }),
  },
  'a client replaced each time it is refused': {
    violates: 'a client is replaced only',
    plant: ({ issuers }) => ({
      issuers: {
        ...issuers,
        readClient: async (key) => {
          const client = await issuers.readClient(key);
          return client && client.refusedAt !== null ? { ...client, createdAt: 0 } : client;
        },
      },
    }),
  },
};
