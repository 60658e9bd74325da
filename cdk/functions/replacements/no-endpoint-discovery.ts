// Replaces the SDK's endpoint discovery in the bundles. It is a setting of the client that no command of this service uses: DynamoDB
// tells the endpoint of an account in other ways.

/** No setting of the environment turns discovery on. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: (): undefined => undefined,
  configFileSelector: (): undefined => undefined,
  default: undefined,
};

/** The configuration of a client, unchanged. */
export const resolveEndpointDiscoveryConfig = <T>(config: T): T => config;
