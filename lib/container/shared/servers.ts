// What finds MCP servers, registers clients there, and asks one for its issuer after a refusal: all within the rules of outbound
// requests. Apart from each other, so that a function that refreshes has no code that registers.

import { guardedIssuerReader } from '../../adapters/mcp/guarded-issuer-reader.ts';
import { guardedServerDiscovery } from '../../adapters/mcp/guarded-server-discovery.ts';
import { guardedFetch } from '../../adapters/outbound/guarded-fetch.ts';
import { ISSUER_READ_MILLISECONDS } from '../../platform.ts';
import { outboundOptions } from './outbound.ts';
import { clock, type Started } from './start.ts';
import { makeServerCache } from './stores.ts';

/** Discovers servers. */
export const makeDiscovery = (started: Started) => {
  const options = outboundOptions(started);
  return guardedServerDiscovery({
    fetch: guardedFetch(options),
    policy: options.policy,
    issuers: makeServerCache(started),
    clock,
  });
};

/** Asks a server for its issuer, in the time that a refused refresh has left. */
export const makeIssuerReader = (started: Started) => {
  const { policy, ...options } = outboundOptions(started);
  const parts = { fetch: guardedFetch({ policy, ...options }), policy, budgetMilliseconds: ISSUER_READ_MILLISECONDS };
  return { issuerReader: guardedIssuerReader(parts) };
};
