// Discovery of MCP servers (MCP authorization, revisions 2025-03-26 to 2026-07-28). Every hop is named by the one before it: each goes
// through the guarded fetch, none is followed to where a redirect leads, and all of one call share a time limit.
import type { AuthorizationServer } from '../../domain/mcp/authorization-server.ts';
import { defaultServer, listOriginIssuers } from '../../domain/mcp/discovery/earlier-revision.ts';
import { chooseIssuers, isUsableIssuer } from '../../domain/mcp/discovery/resource-metadata.ts';
import { notConnectable, readReason } from '../../domain/mcp/not-connectable.ts';
import { canonicalResource } from '../../domain/mcp/resource-url.ts';
import type { IssuerStore } from '../../domain/ports/issuer-store.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { DiscoveredServer, ServerDiscovery, ServerToDiscover } from '../../domain/ports/server-discovery.ts';
import type { OutboundPolicy } from '../../domain/values/outbound-url.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import type { GuardedFetch } from '../outbound/guarded-fetch.ts';
import { type DiscoveryAccess, readStatus } from './fetch-document.ts';
import { findMetadata } from './find-metadata.ts';
import { readServerMetadata } from './read-server-metadata.ts';
import { type ServerCache, serverCache } from './server-cache.ts';

/** What the adapter is made of. */
export interface ServerDiscoveryParts {
  /** Bounds each request in size and time. */
  fetch: GuardedFetch;
  policy: OutboundPolicy;
  /** Without retries: the cache does without a table that fails. */
  issuers: Pick<IssuerStore, 'readCachedServer' | 'writeCachedServer'>;
  clock: Clock;
  /** For all requests of one call; default 12 seconds, which leaves a function time to register and to store. */
  budgetMilliseconds?: number;
}

const BUDGET_MILLISECONDS = 12_000;

/** One call's access and the cache. */
interface Search extends DiscoveryAccess {
  cache: ServerCache;
}

/** What the starts of the operator's own providers cached may list no PKCE. */
const readCached = async ({ cache, ...access }: Search, issuer: string): Promise<AuthorizationServer> => {
  const server = await cache(issuer, () => readServerMetadata(access, [issuer]));
  if (!server.offersPkce) throw notConnectable('authorization_server_metadata', 'pkce_unsupported');
  return server;
};

/** The first of the issuers that can be used. Throws the error of the first. */
const readFirst = async (search: Search, issuers: readonly string[]): Promise<AuthorizationServer> => {
  const errors: ServiceError[] = [];
  for (const issuer of issuers) {
    try {
      return await readCached(search, issuer);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      errors.push(error);
    }
  }
  throw errors[0];
};

/** A server of revision 2025-03-26. Only if it refused a request for want of a token itself: any web site has an origin. */
const readEarlierServer = async (search: Search, url: string, status: number | null) => {
  if (status !== 401) throw notConnectable('challenge', readStatus(status ?? 0) ?? 'not_protected');
  try {
    return await readServerMetadata(search, listOriginIssuers(url));
  } catch (error) {
    if (readReason(error) === 'no_metadata') return defaultServer(url);
    throw error;
  }
};

const discover = async (search: Search, asked: ServerToDiscover): Promise<DiscoveredServer> => {
  const { challengeScopes, resource, status } = await findMetadata(search, asked);
  const server = resource
    ? await readFirst(search, chooseIssuers(resource.issuers, search.policy))
    : await readEarlierServer(search, asked.url, status);
  return {
    resource: resource?.resource ?? canonicalResource(asked.url),
    server,
    challengeScopes,
    resourceScopes: resource?.scopes ?? null,
  };
};

/** Implements `ServerDiscovery`. */
export const guardedServerDiscovery = (parts: ServerDiscoveryParts): ServerDiscovery => {
  const { fetch, policy, budgetMilliseconds = BUDGET_MILLISECONDS } = parts;
  const cache = serverCache(parts);
  const begin = (): Search => ({ fetch, policy, cache, signal: AbortSignal.timeout(budgetMilliseconds) });
  return {
    discover: (asked) => discover(begin(), asked),
    async readServer(issuer) {
      if (!isUsableIssuer(issuer, policy)) throw notConnectable('authorization_server_metadata', 'url_not_allowed');
      return readCached(begin(), issuer);
    },
  };
};
