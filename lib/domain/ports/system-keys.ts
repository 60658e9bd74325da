// The operator's own keys, and which system credentials they configure.
import type { Secret } from '../values/secret.ts';

export interface SystemKeys {
  /** The settings that hold a value, by name. Throws `secrets_unavailable`. */
  systemKeys(): Promise<ReadonlyMap<string, Secret<string>>>;
}

export interface SystemDirectory {
  /** Ids of the system credentials that can be used now. */
  configuredIds(): Promise<ReadonlySet<string>>;
}
