// The dependencies of refresh-sweep: to publish the configuration, and to renew credentials.

import { makeUnstoredIssuers } from './shared/asking-issuers.ts';
import { makeOAuth, makeRefreshing } from './shared/oauth.ts';
import { makeProviders, makeSystemKeys } from './shared/operator-secrets.ts';
import { makeSealer } from './shared/sealer.ts';
import { start, timing } from './shared/start.ts';
import { makeConfiguration, makeUsers } from './shared/stores.ts';

/** Makes the dependencies of refresh-sweep. */
export const refreshSweepDeps = () => {
  const started = start('refresh-sweep');
  const refreshing = makeRefreshing(started);
  const readServer = makeUnstoredIssuers(started);
  return {
    log: started.log,
    meter: refreshing.meter,
    // Without a cache: the readers of the published configuration cache it.
    publishing: {
      systemKeys: makeSystemKeys(started, 0),
      providers: makeProviders(started, 0, readServer),
      configuration: makeConfiguration(started),
    },
    sweeping: {
      ...timing,
      ...makeOAuth(started, readServer),
      ...refreshing,
      limits: started.limits,
      users: makeUsers(started),
      sealer: makeSealer(started),
    },
  };
};
