// The dependencies of connect-api: providers, states and credentials, but no keys of system credentials. A
// deletion may refresh a token.

import { singleFlight } from '../adapters/runtime/single-flight.ts';
import { makeChecking } from './shared/checking.ts';
import { makeOAuth, makeRefreshing } from './shared/oauth.ts';
import { makeSealer } from './shared/sealer.ts';
import { limitUsers, makeServing, start } from './shared/start.ts';
import { makeStates, makeUsers } from './shared/stores.ts';

/** Makes the dependencies of connect-api. */
export const connectApiDeps = () => {
  const started = start('connect-api');
  const oauth = makeOAuth(started);
  return {
    ...makeServing(started),
    ...oauth,
    ...makeRefreshing(started),
    ...makeChecking(started, oauth),
    flights: singleFlight(),
    callLimit: limitUsers(started),
    limits: started.limits,
    log: started.log,
    users: makeUsers(started),
    states: makeStates(started),
    sealer: makeSealer(started),
  };
};
