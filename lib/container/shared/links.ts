// What finds the link of a request, within the limits of its caller.

import { tokenBuckets } from '../../adapters/resilience/token-buckets.ts';
import { readRedirectPolicy } from './redirects.ts';
import { clock, limitUsers, type Started } from './start.ts';
import { makeLinks } from './stores.ts';

/** Dependencies of the link plane. Who guesses at links is limited by their network, who holds one by its user. */
export const makeLinkCalls = (started: Started) => ({
  links: makeLinks(started),
  redirects: readRedirectPolicy(started.config),
  callLimit: tokenBuckets(started.config.MAX_BAD_CALLBACKS_PER_SECOND, clock),
  userLimit: limitUsers(started),
});
