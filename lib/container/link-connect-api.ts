// The dependencies of link-connect-api: providers, states, credentials and links, but no keys of system credentials.

import { singleFlight } from '../adapters/runtime/single-flight.ts';
import { makeChecking } from './shared/checking.ts';
import { makeLinkCalls } from './shared/links.ts';
import { makeOAuth, makeRefreshing } from './shared/oauth.ts';
import { makeSealer } from './shared/sealer.ts';
import { makeServing, start } from './shared/start.ts';
import { makeStates, makeUsers } from './shared/stores.ts';

/** Makes the dependencies of link-connect-api. */
export const linkConnectApiDeps = () => {
  const started = start('link-connect-api');
  const oauth = makeOAuth(started);
  return {
    ...makeServing(started),
    ...oauth,
    ...makeRefreshing(started),
    ...makeChecking(started, oauth),
    flights: singleFlight(),
    ...makeLinkCalls(started),
    limits: started.limits,
    log: started.log,
    users: makeUsers(started),
    states: makeStates(started),
    sealer: makeSealer(started),
  };
};
