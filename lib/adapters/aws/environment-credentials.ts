// What a bundle holds in place of the SDK's search for credentials: a Lambda finds its role's in the environment, always
// (AWS Lambda Developer Guide, "Defined runtime environment variables"), and the rest of the search is a sixth of a bundle.
import { fromEnv } from '@aws-sdk/credential-provider-env';

export const defaultProvider = fromEnv;
