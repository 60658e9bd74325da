// The dependencies of oauth-callback: OAuth states only.

import { tokenBuckets } from '../adapters/resilience/token-buckets.ts';
import { clock, makeServing, start } from './shared/start.ts';
import { makeStates } from './shared/stores.ts';

/** Makes the dependencies of oauth-callback. */
export const oauthCallbackDeps = () => {
  const started = start('oauth-callback');
  const callLimit = tokenBuckets(started.config.MAX_BAD_CALLBACKS_PER_SECOND, clock);
  return { ...makeServing(started), callLimit, log: started.log, states: makeStates(started) };
};
