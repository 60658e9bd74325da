// The environment that the functions find at their cold start: on a laptop every AWS name is ours, so that no profile,
// session or endpoint of the person who starts the server can send a call to AWS.
import { devNull } from 'node:os';
import { localCredentials, REGION } from '../aws/local-aws.ts';
import type { Settings } from '../settings.ts';

type Environment = Record<string, string | undefined>;

export interface Parts {
  /** As printed. */
  url: string;
  endpoints: { dynamodb: string; kms: string; secretsManager: string; eventBridge: string };
  /** Undefined when KMS is not the stand-in. */
  keyArn: string | undefined;
}

export const TABLE_NAME = 'keyhold';

const returnOrigins = (given: string | undefined, publicBaseUrl: string): string => {
  // A malformed address is for the functions to refuse, by its name.
  const own = URL.canParse(publicBaseUrl) ? new URL(publicBaseUrl).origin : '';
  return [given, own].filter(Boolean).join(',');
};

const forAws = ({ endpoints }: Parts): Environment => ({
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  AWS_ENDPOINT_URL_KMS: endpoints.kms,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
  AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventBridge,
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
});

/** Everything but AWS's own names is kept as it was given. */
export const makeEnvironment = (given: Environment, settings: Settings, parts: Parts): Environment => {
  const kept = Object.entries(given).filter(([name]) => !name.startsWith('AWS_'));
  const publicBaseUrl = given.PUBLIC_BASE_URL || parts.url;
  return {
    ...Object.fromEntries(kept),
    TABLE_NAME: given.TABLE_NAME || TABLE_NAME,
    KMS_KEY_ID: parts.keyArn ?? (given.KMS_KEY_ID || 'alias/keyhold'),
    SYSTEM_KEYS_SECRET: given.SYSTEM_KEYS_SECRET || 'system-keys',
    OAUTH_CLIENTS_SECRET: given.OAUTH_CLIENTS_SECRET || 'oauth-clients',
    EVENT_BUS_NAME: given.EVENT_BUS_NAME || 'keyhold',
    PUBLIC_BASE_URL: publicBaseUrl,
    LOOPBACK_PROVIDERS: 'true',
    ALLOWED_RETURN_ORIGINS: returnOrigins(given.ALLOWED_RETURN_ORIGINS, publicBaseUrl),
    SECRETS_MAX_AGE_SECONDS: String(settings.secretsMaxAgeSeconds),
    SWEEP_SECONDS: String(settings.sweepSeconds),
    // Metrics are lines of the log that nobody here reads.
    POWERTOOLS_METRICS_DISABLED: given.POWERTOOLS_METRICS_DISABLED || 'true',
    ...forAws(parts),
  };
};

/** Replaces the process's environment: what is not in the new one is gone. */
export const enterEnvironment = (environment: Environment): void => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) process.env[name] = value;
};
