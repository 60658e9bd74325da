// The operator's own keys: one JSON object of setting names and values; an empty one is not configured.
import type { SystemKeys } from '../../domain/ports/system-keys.ts';
import { Secret } from '../../domain/values/secret.ts';
import { jsonSecret, type Observers, type SecretSource } from './json-secret.ts';

const isSet = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '';

const keysOf = (document: Record<string, unknown>): ReadonlyMap<string, Secret<string>> =>
  new Map(
    Object.entries(document)
      .filter(isSet)
      .map(([name, value]) => [name, new Secret(value)]),
  );

export const secretsManagerSystemKeys = (source: SecretSource, observers: Observers): SystemKeys => ({
  systemKeys: jsonSecret(source, keysOf, observers),
});
