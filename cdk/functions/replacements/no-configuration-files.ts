// Replaces the SDK's readers of a developer's configuration files and of a server's metadata in the bundles. A Lambda function has
// neither: its region and credentials are in environment variables. A cold start would look for two files.

/** What the SDK puts between a section's prefix and its name. */
export const CONFIG_PREFIX_SEPARATOR = '.';
/** What missing files give. */
export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });
/** What a machine that is no EC2 instance gives. */
export const getInstanceMetadataRegion = async () => undefined;
