// The operator's own keys, from a secret that holds one JSON object: setting name → value. An empty value counts as not set.
import type { SystemKeys } from '../../domain/ports/system-keys.ts';
import { Secret } from '../../domain/values/secret.ts';
import { jsonSecret, type Observers, type SecretSource } from './json-secret.ts';

const isSet = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '';

const parseKeys = (document: Record<string, unknown>): ReadonlyMap<string, Secret<string>> =>
  new Map(
    Object.entries(document)
      .filter(isSet)
      .map(([name, value]) => [name, new Secret(value)]),
  );

/** Implements `SystemKeys`. */
export const secretsManagerSystemKeys = (source: SecretSource, observers: Observers): SystemKeys => ({
  systemKeys: jsonSecret(source, parseKeys, observers),
});
