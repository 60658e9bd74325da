// The door to the configuration as users may know it, written by the schedule and read by every function.

/** What users may know of the configuration; nothing secret. */
export interface PublishedConfiguration {
  systemCredentialIds: readonly string[];
  /** Of the providers the operator has configured, what users may know. */
  providers: readonly PublishedProvider[];
}

export interface PublishedProvider {
  provider: string;
  displayName: string;
  defaultScopes: readonly string[];
}

export interface ConfigurationStore {
  readConfiguration(): Promise<PublishedConfiguration | null>;
  writeConfiguration(configuration: PublishedConfiguration): Promise<void>;
}
