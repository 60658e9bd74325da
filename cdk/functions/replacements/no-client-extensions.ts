// Replaces what the SDK's clients do for extensions in the bundles. Extensions are a setting of a client that the service does not use;
// without one, every setting stays as it is.

/** The settings of a client, unchanged. */
export const resolveRuntimeExtensions = <T>(config: T): T => config;
