// The dependencies of user-api. It can seal secrets, but neither open them nor read the operator's: no reader of secrets is in its
// bundle.

import { cachedValue } from '../adapters/resilience/cached-value.ts';
import { systemClock } from '../adapters/runtime/system-clock.ts';
import { publishedConfiguration } from '../providers/published-configuration.ts';
import { catalogueScopeRules } from '../providers/scope-rules.ts';
import { makeSealer } from './sealer.ts';
import { limitUsers, makeServing, type Started, start } from './start.ts';
import { makeConfiguration, makeUsers } from './stores.ts';

const cachedConfiguration = (started: Started) => {
  const configuration = makeConfiguration(started);
  return cachedValue({
    fetch: () => configuration.readConfiguration(),
    maxAgeMilliseconds: started.config.SECRETS_MAX_AGE_SECONDS * 1000,
    clock: systemClock,
  });
};

/** Makes the dependencies of user-api. */
export const userApiDeps = () => {
  const started = start('user-api');
  const published = publishedConfiguration(cachedConfiguration(started));
  return {
    ...makeServing(started),
    callLimit: limitUsers(started),
    limits: started.limits,
    log: started.log,
    users: makeUsers(started),
    sealer: makeSealer(started),
    systemDirectory: published,
    publishedProviders: published,
    templates: published,
    scopeRules: catalogueScopeRules,
  };
};
