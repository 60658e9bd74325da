// The environment of the functions. Every AWS name in it is set by the server, so that no profile, session or endpoint of
// the developer can send a call to AWS.
import { devNull } from 'node:os';
import { localCredentials, REGION } from '../aws/local-aws.ts';
import type { Settings } from '../settings.ts';

type Environment = Record<string, string | undefined>;

/** What the server has started, by the addresses that the functions call. */
export interface Parts {
  /** The address the server prints. */
  url: string;
  endpoints: { dynamodb: string; kms: string; secretsManager: string; eventBridge: string };
  /** Where the function that refreshes is invoked. */
  refreshInvokeUrl: string;
  /** Undefined when AWS_ENDPOINT_URL_KMS names another KMS. */
  keyArn: string | undefined;
}

/** The table that is created unless the environment names another. */
export const TABLE_NAME = 'keyhold';

/** Calls per second. Here one process stands for all instances of a function, which on Lambda do one call at a time each. */
const INSTANCE_LIMIT = '1000';

const awsVariables = ({ endpoints }: Parts): Environment => ({
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

/** Keeps every variable of the developer's environment except AWS's. */
export const makeEnvironment = (given: Environment, settings: Settings, parts: Parts): Environment => {
  const kept = Object.entries(given).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(kept),
    TABLE_NAME: given.TABLE_NAME || TABLE_NAME,
    KMS_KEY_ID: parts.keyArn ?? (given.KMS_KEY_ID || 'alias/keyhold'),
    SYSTEM_KEYS_SECRET: given.SYSTEM_KEYS_SECRET || 'system-keys',
    OAUTH_CLIENTS_SECRET: given.OAUTH_CLIENTS_SECRET || 'oauth-clients',
    EVENT_BUS_NAME: given.EVENT_BUS_NAME || 'keyhold',
    REFRESH_INVOKE_URL: parts.refreshInvokeUrl,
    PUBLIC_BASE_URL: given.PUBLIC_BASE_URL || parts.url,
    USER_LOG_KEY: given.USER_LOG_KEY || 'local-user-log-key',
    LOOPBACK_PROVIDERS: 'true',
    SECRETS_MAX_AGE_SECONDS: String(settings.secretsMaxAgeSeconds),
    SWEEP_SECONDS: String(settings.sweepSeconds),
    MAX_CALLS_PER_USER_PER_SECOND: given.MAX_CALLS_PER_USER_PER_SECOND || INSTANCE_LIMIT,
    MAX_BAD_CALLBACKS_PER_SECOND: given.MAX_BAD_CALLBACKS_PER_SECOND || INSTANCE_LIMIT,
    ...awsVariables(parts),
  };
};

/** Replaces the environment of this process; names that are not in the new one are deleted. */
export const enterEnvironment = (environment: Environment): void => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) process.env[name] = value;
};
