// What reads the metadata of the issuers that the operator's entries name, within the rules and the time of requests to providers.

import { issuerMetadata } from '../../adapters/issuer/issuer-metadata.ts';
import { issuerQuestion } from '../../adapters/mcp/ask-issuer.ts';
import { guardedFetch } from '../../adapters/outbound/guarded-fetch.ts';
import { systemClock } from '../../adapters/runtime/system-clock.ts';
import { outboundOptions } from './outbound.ts';
import type { Started } from './start.ts';

/** The reader of metadata of one process. */
export const makeIssuerMetadata = (started: Started) => {
  const options = outboundOptions(started);
  return issuerMetadata({
    ask: issuerQuestion({ fetch: guardedFetch(options), policy: options.policy }),
    timeoutMilliseconds: options.timeoutMilliseconds,
    clock: systemClock,
    log: started.log,
  });
};
