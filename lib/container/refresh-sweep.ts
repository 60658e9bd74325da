// The dependencies of refresh-sweep: to publish the configuration, and to renew credentials.

import { makeOAuth, makeRefreshing } from './oauth.ts';
import { makeProviders, makeSystemKeys } from './operator-secrets.ts';
import { makeSealer } from './sealer.ts';
import { start, timing } from './start.ts';
import { makeConfiguration, makeUsers } from './stores.ts';

/** Makes the dependencies of refresh-sweep. */
export const refreshSweepDeps = () => {
  const started = start('refresh-sweep');
  const refreshing = makeRefreshing(started);
  return {
    log: started.log,
    meter: refreshing.meter,
    // Without a cache: the readers of the published configuration cache it.
    publishing: {
      systemKeys: makeSystemKeys(started, 0),
      providers: makeProviders(started, 0),
      configuration: makeConfiguration(started),
    },
    sweeping: {
      ...timing,
      ...makeOAuth(started),
      ...refreshing,
      limits: started.limits,
      users: makeUsers(started),
      sealer: makeSealer(started),
    },
  };
};
