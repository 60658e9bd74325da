// The settings of the local server, read once from the environment. A malformed one is refused by its name. The settings of
// the functions are passed on unchanged, and the functions check them.
import { resolve } from 'node:path';
import { StartRefused } from './start-refused.ts';

/** The checked settings. `home` is an absolute path. */
export interface Settings {
  port: number;
  home: string;
  /** An endpoint that is set is used in place of the service that the server would start. */
  endpoints: Readonly<Record<'dynamodb' | 'kms' | 'secretsManager' | 'eventBridge', string | undefined>>;
  /** Origins of front ends: they may call from browsers (CORS). */
  allowedOrigins: readonly string[];
  secretsMaxAgeSeconds: number;
  sweepSeconds: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = 3000;
/** Short, so that a change of a secret file takes effect within seconds. */
const DEFAULT_SECRETS_MAX_AGE_SECONDS = 5;

const isWholeNumber = (text: string): boolean => /^\d{1,9}$/.test(text);

const readPort = (text: string | undefined): number => {
  if (!text) return DEFAULT_PORT;
  if (isWholeNumber(text) && Number(text) <= 65_535) return Number(text);
  throw new StartRefused('PORT must be a number from 0 to 65535');
};

const readSeconds = (env: Environment, name: string): number | undefined => {
  const text = env[name];
  if (!text) return undefined;
  if (isWholeNumber(text)) return Number(text);
  throw new StartRefused(`${name} must be a whole number of seconds`);
};

const readEndpoint = (env: Environment, name: string): string | undefined => {
  const text = env[name];
  if (!text) return undefined;
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new StartRefused(`${name} must be an http or https URL`);
};

const readList = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);

const refuseWrongPlaces = (env: Environment): void => {
  if (env.AWS_LAMBDA_FUNCTION_NAME) throw new StartRefused('the local server must not run inside AWS Lambda');
  if (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS) {
    throw new StartRefused(
      'unset AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: with it the calls of the functions would go to AWS',
    );
  }
};

/** Throws `StartRefused` naming the variable. */
export const readSettings = (env: Environment): Settings => {
  refuseWrongPlaces(env);
  const secretsMaxAgeSeconds =
    readSeconds(env, 'SECRETS_MAX_AGE_SECONDS') ??
    readSeconds(env, 'SYSTEM_KEYS_MAX_AGE_SECONDS') ??
    DEFAULT_SECRETS_MAX_AGE_SECONDS;
  return {
    port: readPort(env.PORT),
    home: resolve(env.KEYHOLD_HOME || '.keyhold'),
    endpoints: {
      dynamodb: readEndpoint(env, 'AWS_ENDPOINT_URL_DYNAMODB'),
      kms: readEndpoint(env, 'AWS_ENDPOINT_URL_KMS'),
      secretsManager: readEndpoint(env, 'AWS_ENDPOINT_URL_SECRETS_MANAGER'),
      eventBridge: readEndpoint(env, 'AWS_ENDPOINT_URL_EVENTBRIDGE'),
    },
    allowedOrigins: readList(env.ALLOWED_ORIGINS),
    secretsMaxAgeSeconds,
    sweepSeconds: readSeconds(env, 'SWEEP_SECONDS') || Math.min(300, Math.max(1, secretsMaxAgeSeconds)),
  };
};
