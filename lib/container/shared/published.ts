// What the functions that may read no secret know of the operator's configuration.

import { cachedValue } from '../../adapters/resilience/cached-value.ts';
import { systemClock } from '../../adapters/runtime/system-clock.ts';
import { publishedConfiguration } from '../../providers/published-configuration.ts';
import { catalogueScopeRules } from '../../providers/scope-rules.ts';
import type { Started } from './start.ts';
import { makeConfiguration } from './stores.ts';

const cachedConfiguration = (started: Started) => {
  const configuration = makeConfiguration(started);
  return cachedValue({
    fetch: () => configuration.readConfiguration(),
    maxAgeMilliseconds: started.config.SECRETS_MAX_AGE_SECONDS * 1000,
    clock: systemClock,
  });
};

/** The ports that the published configuration serves. */
export const makePublished = (started: Started) => {
  const published = publishedConfiguration(cachedConfiguration(started));
  return {
    systemDirectory: published,
    publishedProviders: published,
    templates: published,
    scopeRules: catalogueScopeRules,
  };
};
