// The settings, and the only reader of the environment. A missing or malformed setting stops the function at its start; the error
// names the setting, never its value.
import * as z from 'zod';
import { SettingError } from './domain/values/setting-error.ts';
import { SETTING_BOUNDS } from './platform.ts';

// The settings share their schemas: each that is made takes time in a cold start.
const text = z.string().min(1).optional();
const address = z.url({ protocol: /^https?$/ }).optional();
const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

/** A whole number within the setting's bounds. */
const integer = (name: keyof typeof SETTING_BOUNDS, fallback: number) => {
  const { min, max } = SETTING_BOUNDS[name];
  return wholeNumber.refine((value) => value >= min && value <= max).default(fallback);
};

/** A comma-separated list; empty allows nothing. */
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  );

const Environment = z.object({
  TABLE_NAME: z.string().min(1),
  KMS_KEY_ID: text,
  SYSTEM_KEYS_SECRET: text,
  OAUTH_CLIENTS_SECRET: text,
  EVENT_BUS_NAME: text,
  /** The key of the hash of a user's id in the log. */
  USER_LOG_KEY: z.string().min(16).optional(),
  /** The namespace of the metrics; without one, none are written. */
  METRICS_NAMESPACE: z.string().min(1).max(255).optional(),
  /** Where the function that refreshes is invoked: the address of Lambda's API with the function's name. */
  REFRESH_INVOKE_URL: address,
  /** Set by Lambda. */
  AWS_REGION: text,
  PUBLIC_BASE_URL: address,
  ALLOWED_RETURN_URLS: list,
  ALLOWED_CALLBACK_URLS: list,
  PROVIDER_TIMEOUT_MS: integer('PROVIDER_TIMEOUT_MS', 5000),
  EXCHANGE_TIMEOUT_MS: integer('EXCHANGE_TIMEOUT_MS', 20_000),
  /** 0, the default: as long as a refresh needs. A shorter lease is never used. */
  REFRESH_LEASE_SECONDS: integer('REFRESH_LEASE_SECONDS', 0),
  SWEEP_SECONDS: integer('SWEEP_SECONDS', 300),
  /** Local mode only: allows calls to providers on loopback, and returning to any path of the server. */
  LOOPBACK_PROVIDERS: z.stringbool().default(false),
  SECRETS_MAX_AGE_SECONDS: integer('SECRETS_MAX_AGE_SECONDS', 300),
  OAUTH_STATE_TTL_SECONDS: integer('OAUTH_STATE_TTL_SECONDS', 600),
  MAX_OPEN_STATES_PER_USER: integer('MAX_OPEN_STATES_PER_USER', 100),
  MAX_CREDENTIALS_PER_USER: integer('MAX_CREDENTIALS_PER_USER', 1000),
  REFRESH_MIN_TTL_SECONDS: integer('REFRESH_MIN_TTL_SECONDS', 300),
  /** Per instance of a function. An instance does one call at a time, some 100 a second: half of them at most are one user's. */
  MAX_CALLS_PER_USER_PER_SECOND: integer('MAX_CALLS_PER_USER_PER_SECOND', 50),
  /** Per instance and source network: callbacks whose state was refused. */
  MAX_BAD_CALLBACKS_PER_SECOND: integer('MAX_BAD_CALLBACKS_PER_SECOND', 5),
});
/** The parsed settings; units are in the names. */
export type Config = z.infer<typeof Environment>;

const SECRETS_MAX_AGE = 'SECRETS_MAX_AGE_SECONDS';
/** The former name of the setting, still accepted. */
const FORMER_NAME = 'SYSTEM_KEYS_MAX_AGE_SECONDS';

/** An empty variable counts as not set. */
const withoutEmpty = (environment: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));

/** Reads the settings. Throws an error that names the malformed ones. */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => {
  const given = withoutEmpty(environment);
  const usedName = given.SECRETS_MAX_AGE_SECONDS === undefined ? FORMER_NAME : SECRETS_MAX_AGE;
  given[SECRETS_MAX_AGE] ??= given[FORMER_NAME];
  // A deployment that set only the former bound meant it for every call.
  if (given.PROVIDER_TIMEOUT_MS !== undefined) given.EXCHANGE_TIMEOUT_MS ??= given.PROVIDER_TIMEOUT_MS;
  const parsed = Environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const failed = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
  const names = failed.map((name) => (name === SECRETS_MAX_AGE ? usedName : name));
  throw new SettingError(`missing or malformed setting: ${names.join(', ')}`);
};

/** Returns an optional setting that this function needs. Throws if it is not set. */
export const requireSetting = <N extends keyof Config>(config: Config, name: N): NonNullable<Config[N]> => {
  const value = config[name];
  if (value === undefined) throw new SettingError(`missing setting: ${name}`);
  return value as NonNullable<Config[N]>;
};

/** The root of the trace header that Lambda sets for each invocation; undefined without a trace. */
export const readTraceId = (): string | undefined => /Root=([^;]+)/.exec(process.env._X_AMZN_TRACE_ID ?? '')?.[1];
