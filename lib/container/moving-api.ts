// The dependencies of moving-api: users, states and what seals and opens their secrets. It knows providers by their records, and
// calls none.

import { directoryTemplates } from '../providers/provider-templates.ts';
import { makeMeter } from './shared/oauth.ts';
import { makeProviders } from './shared/operator-secrets.ts';
import { readRedirectPolicy } from './shared/redirects.ts';
import { makeSealer } from './shared/sealer.ts';
import { limitUsers, makeServing, start } from './shared/start.ts';
import { makeStates, makeUsers } from './shared/stores.ts';

/** Makes the dependencies of moving-api. */
export const movingApiDeps = () => {
  const started = start('moving-api');
  return {
    ...makeServing(started),
    callLimit: limitUsers(started),
    limits: started.limits,
    log: started.log,
    meter: makeMeter(started),
    users: makeUsers(started),
    states: makeStates(started),
    sealer: makeSealer(started),
    redirects: readRedirectPolicy(started.config),
    templates: directoryTemplates(makeProviders(started, started.config.SECRETS_MAX_AGE_SECONDS)),
  };
};
