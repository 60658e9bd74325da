// The dependencies of connect-api: providers, states and credentials, but no keys of system credentials. A
// deletion may refresh a token.

import { singleFlight } from '../adapters/runtime/single-flight.ts';
import { makeChecking } from './checking.ts';
import { makeOAuth, makeRefreshing } from './oauth.ts';
import { makeSealer } from './sealer.ts';
import { limitUsers, makeServing, start } from './start.ts';
import { makeStates, makeUsers } from './stores.ts';

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
