// The dependencies of link-api: those of user-api, and links.

import { makeLinkCalls } from './shared/links.ts';
import { makePublished } from './shared/published.ts';
import { makeSealer } from './shared/sealer.ts';
import { makeServing, start } from './shared/start.ts';
import { makeUsers } from './shared/stores.ts';

/** Makes the dependencies of link-api. */
export const linkApiDeps = () => {
  const started = start('link-api');
  return {
    ...makeServing(started),
    ...makePublished(started),
    ...makeLinkCalls(started),
    limits: started.limits,
    log: started.log,
    users: makeUsers(started),
    sealer: makeSealer(started),
  };
};
