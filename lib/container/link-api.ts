// The dependencies of link-api: those of user-api, and links.

import { makeSealer } from './sealer.ts';
import { makeLinkCalls } from './shared/links.ts';
import { makePublished } from './shared/published.ts';
import { makeServing, start } from './start.ts';
import { makeUsers } from './stores.ts';

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
