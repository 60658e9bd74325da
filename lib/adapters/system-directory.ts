// Which system credentials can be used now: known from the keys themselves where a function may read them, and from the
// published configuration where it may not.
import type { Clock, SystemDirectory, SystemKeys } from '../domain/ports.ts';
import type { ConfigurationStore } from '../domain/store-ports.ts';
import { configuredSystemIds } from '../domain/system-credentials.ts';
import { cachedValue } from './resilience/cached-value.ts';

export const directoryFromKeys = (keys: SystemKeys): SystemDirectory => ({
  configuredIds: async () => configuredSystemIds(new Set((await keys.systemKeys()).keys())),
});

export const directoryFromConfiguration = (
  configuration: ConfigurationStore,
  { clock, maxAgeSeconds }: { clock: Clock; maxAgeSeconds: number },
): SystemDirectory => {
  const needNoKey = configuredSystemIds(new Set());
  const published = cachedValue({
    fetch: () => configuration.readConfiguration(),
    maxAgeMilliseconds: maxAgeSeconds * 1000,
    clock,
  });
  return {
    configuredIds: async () => new Set([...needNoKey, ...((await published())?.systemCredentialIds ?? [])]),
  };
};
