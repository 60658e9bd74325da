// What asks the issuers that the operator's entries name, within the rules and the time of requests to providers.

import { issuerMetadata } from '../../adapters/issuer/issuer-metadata.ts';
import { issuerQuestion } from '../../adapters/mcp/ask-issuer.ts';
import { serverCache } from '../../adapters/mcp/server-cache.ts';
import { guardedFetch } from '../../adapters/outbound/guarded-fetch.ts';
import { systemClock } from '../../adapters/runtime/system-clock.ts';
import { outboundOptions } from './outbound.ts';
import { clock, type Started } from './start.ts';
import { makeServerCache } from './stores.ts';

const HOUR_MILLISECONDS = 3_600_000;
const PAUSE_MILLISECONDS = 5_000;

const makeQuestion = (started: Started) => {
  const options = outboundOptions(started);
  const ask = issuerQuestion({ fetch: guardedFetch(options), policy: options.policy });
  return (issuer: string) => ask(issuer, AbortSignal.timeout(options.timeoutMilliseconds));
};

/** For a function that may write what it reads, for all functions. */
export const makeAskingIssuers = (started: Started) => {
  const ask = makeQuestion(started);
  const cache = serverCache({ issuers: makeServerCache(started), clock });
  return (issuer: string) => cache(issuer, () => ask(issuer));
};

/** For a function that keeps it in its own memory. */
export const makeUnstoredIssuers = (started: Started) =>
  issuerMetadata({
    read: makeQuestion(started),
    maxAgeMilliseconds: HOUR_MILLISECONDS,
    pauseMilliseconds: PAUSE_MILLISECONDS,
    clock: systemClock,
  });
