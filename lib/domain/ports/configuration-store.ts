// The port to the published configuration, which the sweep writes and the functions for users read.
import type { PublicProvider } from '../oauth/view/public-provider.ts';

/** What users may see of the operator's configuration; nothing secret. */
export interface PublishedConfiguration {
  /** Ids of the system credentials that have their settings. */
  systemCredentialIds: readonly string[];
  /** Providers for which the operator has a client. */
  providers: readonly PublicProvider[];
}

/** Stores the published configuration. */
export interface ConfigurationStore {
  /** null if there is none, or none that can be parsed. */
  readConfiguration(): Promise<PublishedConfiguration | null>;
  writeConfiguration(configuration: PublishedConfiguration): Promise<void>;
}
