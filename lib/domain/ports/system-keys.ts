// The ports to the operator's own keys and to the list of system credentials that they configure.
import type { Secret } from '../values/secret.ts';

export interface SystemKeys {
  /** The settings that have a value, by name. Throws `secrets_unavailable`. */
  systemKeys(): Promise<ReadonlyMap<string, Secret<string>>>;
}

export interface SystemDirectory {
  /** Ids of the system credentials that have all their settings. */
  configuredIds(): Promise<ReadonlySet<string>>;
}
