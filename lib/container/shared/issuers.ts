// What reads the metadata of the issuers that the operator's entries name, within the rules and the time of requests to providers.

import { issuerMetadata } from '../../adapters/issuer/issuer-metadata.ts';
import { readServerMetadata } from '../../adapters/mcp/read-server-metadata.ts';
import { guardedFetch } from '../../adapters/outbound/guarded-fetch.ts';
import { systemClock } from '../../adapters/runtime/system-clock.ts';
import type { Started } from './start.ts';
import { outboundOptions } from './outbound.ts';

/** The reader of metadata of one process. */
export const makeIssuerMetadata = (started: Started) => {
  const options = outboundOptions(started);
  const fetch = guardedFetch(options);
  return issuerMetadata({
    ask: (issuer, signal) => readServerMetadata({ fetch, signal, policy: options.policy }, [issuer]),
    timeoutMilliseconds: options.timeoutMilliseconds,
    clock: systemClock,
    log: started.log,
  });
};
