// The ports to the operator's own keys and to the list of system credentials that they configure.
import type { Secret } from '../values/secret.ts';

/** The secret values that the operator configured for system credentials. */
export interface SystemKeys {
  /** The settings that have a value, by name. Throws `secrets_unavailable`. */
  systemKeys(): Promise<ReadonlyMap<string, Secret<string>>>;
}

/** Which system credentials can be used. Knows no secret. */
export interface SystemDirectory {
  /** Ids of the system credentials that have all their settings. */
  configuredIds(): Promise<ReadonlySet<string>>;
}
