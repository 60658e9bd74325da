// What reads the metadata of the issuers that the operator's entries name. Only what starts connections, and the sweep, ask an issuer;
// every other function reads what the starts have stored, and has no code that asks.

import { issuerMetadata } from '../../adapters/issuer/issuer-metadata.ts';
import { systemClock } from '../../adapters/runtime/system-clock.ts';
import { notConnectable } from '../../domain/mcp/not-connectable.ts';
import type { Started } from './start.ts';
import { makeIssuers } from './stores.ts';

const MAX_AGE_MILLISECONDS = 60_000;

/** Reads what is stored: the metadata that was read when a connection was started. */
export const makeStoredIssuers = (started: Started) => {
  const store = makeIssuers(started);
  return issuerMetadata({
    read: async (issuer) => {
      const cached = await store.readCachedServer(issuer);
      if (cached === null) throw notConnectable('authorization_server_metadata', 'no_metadata');
      return cached.server;
    },
    maxAgeMilliseconds: MAX_AGE_MILLISECONDS,
    pauseMilliseconds: 0,
    clock: systemClock,
  });
};
