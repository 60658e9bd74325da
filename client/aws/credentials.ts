// AWS credentials for signing: those given, else those of the environment, else the standard chain of the AWS SDK (profile, SSO,
// container, instance), which is loaded only when it is needed.

/** Credentials of AWS, as the SDK's providers return them. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
  expiration?: Date | undefined;
}

/** Credentials, or a function that returns them: any provider of the AWS SDK fits. */
export type CredentialSource = AwsCredentials | (() => Promise<AwsCredentials>);

type Environment = Readonly<Record<string, string | undefined>>;

const fromEnvironment = (env: Environment): AwsCredentials | null => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env;
  if (!accessKeyId || !secretAccessKey) return null;
  return { accessKeyId, secretAccessKey, sessionToken: AWS_SESSION_TOKEN || undefined };
};

const loadChain = async (profile: string | undefined): Promise<() => Promise<AwsCredentials>> => {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  return defaultProvider(profile === undefined ? {} : { profile });
};

/** Renewed this long before they expire. */
const MARGIN_MILLISECONDS = 300_000;

/** Keeps what a source returns until shortly before it expires; what names no expiry is asked for each time. */
const untilExpiry = (source: () => Promise<AwsCredentials>): (() => Promise<AwsCredentials>) => {
  let kept: AwsCredentials | undefined;
  return async () => {
    const end = kept?.expiration?.getTime() ?? 0;
    if (kept === undefined || end - MARGIN_MILLISECONDS <= Date.now()) kept = await source();
    return kept;
  };
};

/** The provider of credentials. With a profile the environment's keys are not used, as in the AWS CLI. */
export const credentialProvider = (
  source: CredentialSource | undefined,
  profile: string | undefined,
  env: Environment,
): (() => Promise<AwsCredentials>) => {
  if (typeof source === 'function') return untilExpiry(source);
  if (source) return async () => source;
  let chain: Promise<() => Promise<AwsCredentials>> | undefined;
  return async () => {
    const ready = profile === undefined ? fromEnvironment(env) : null;
    if (ready) return ready;
    chain ??= loadChain(profile);
    return (await chain)();
  };
};
