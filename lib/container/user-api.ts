// The dependencies of user-api. It can seal secrets, but neither open them nor read the operator's: no reader of secrets is in its
// bundle.

import { makePublished } from './shared/published.ts';
import { makeSealer } from './shared/sealer.ts';
import { limitUsers, makeServing, start } from './shared/start.ts';
import { makeUsers } from './shared/stores.ts';

/** Makes the dependencies of user-api. */
export const userApiDeps = () => {
  const started = start('user-api');
  return {
    ...makeServing(started),
    ...makePublished(started),
    callLimit: limitUsers(started),
    limits: started.limits,
    log: started.log,
    users: makeUsers(started),
    sealer: makeSealer(started),
  };
};
