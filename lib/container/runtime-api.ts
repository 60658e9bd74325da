// The dependencies of runtime-api: every port of the service but those of publishing.

import { lambdaRefreshDispatcher } from '../adapters/lambda/lambda-refresh-dispatcher.ts';
import { singleFlight } from '../adapters/runtime/single-flight.ts';
import { requireSetting } from '../config.ts';
import { directoryKnownProviders } from '../providers/known-providers.ts';
import { directoryScopeRules } from '../providers/scope-rules.ts';
import { directoryFromKeys } from '../providers/system-directory.ts';
import { makeChecking } from './shared/checking.ts';
import { makeOAuth, makeRefreshing } from './shared/oauth.ts';
import { makeSystemKeys } from './shared/operator-secrets.ts';
import { makeSealer } from './shared/sealer.ts';
import { clock, limitUsers, makeServing, type Started, start } from './shared/start.ts';
import { makeErasures, makeLinks, makeStates, makeUsers } from './shared/stores.ts';

const makeDispatcher = ({ config, log }: Started) =>
  lambdaRefreshDispatcher(
    { url: requireSetting(config, 'REFRESH_INVOKE_URL'), region: requireSetting(config, 'AWS_REGION') },
    { clock, log },
  );

/** Makes the dependencies of runtime-api. */
export const runtimeApiDeps = () => {
  const started = start('runtime-api');
  const systemKeys = makeSystemKeys(started, started.config.SECRETS_MAX_AGE_SECONDS);
  const oauth = makeOAuth(started);
  return {
    ...makeServing(started),
    ...oauth,
    ...makeRefreshing(started),
    ...makeChecking(started, oauth),
    callLimit: limitUsers(started),
    limits: started.limits,
    users: makeUsers(started),
    states: makeStates(started),
    links: makeLinks(started),
    knownProviders: directoryKnownProviders(oauth.providers),
    erasures: makeErasures(started),
    sealer: makeSealer(started),
    flights: singleFlight(),
    dispatcher: makeDispatcher(started),
    systemKeys,
    systemDirectory: directoryFromKeys(systemKeys),
    scopeRules: directoryScopeRules(oauth.providers),
  };
};
