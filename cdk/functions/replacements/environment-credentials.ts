// Replaces the SDK's credential provider chain in the bundles. Lambda always passes the role's credentials in environment
// variables (AWS Lambda Developer Guide, "Defined runtime environment variables"); the other providers would be a sixth of a bundle.
import { fromEnv } from '@aws-sdk/credential-provider-env';

/** The credential provider that the SDK clients use by default. */
export const defaultProvider = fromEnv;
