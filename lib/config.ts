// The settings: the only reader of the environment. Whatever is missing or malformed is named when the function starts,
// and its value never is.
import * as z from 'zod';
import { MAX_PROVIDER_MILLISECONDS } from './domain/refresh/budget.ts';

const integer = (fallback: number, { min, max }: { min: number; max: number }) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .default(fallback);

/** A comma list; empty allows nothing. */
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
  KMS_KEY_ID: z.string().min(1).optional(),
  SYSTEM_KEYS_SECRET: z.string().min(1).optional(),
  OAUTH_CLIENTS_SECRET: z.string().min(1).optional(),
  EVENT_BUS_NAME: z.string().min(1).optional(),
  PUBLIC_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  ALLOWED_RETURN_ORIGINS: list,
  ALLOWED_CALLBACK_URLS: list,
  PROVIDER_TIMEOUT_MS: integer(5000, { min: 1, max: MAX_PROVIDER_MILLISECONDS }),
  /** Computed when it is not set, and never shorter than that. */
  REFRESH_LEASE_SECONDS: integer(0, { min: 1, max: 86_400 }),
  SWEEP_SECONDS: integer(300, { min: 1, max: 86_400 }),
  /** Only on a laptop: providers on loopback may be called. */
  LOOPBACK_PROVIDERS: z.stringbool().default(false),
  SECRETS_MAX_AGE_SECONDS: integer(300, { min: 0, max: 86_400 }),
  OAUTH_STATE_TTL_SECONDS: integer(600, { min: 1, max: 86_400 }),
  MAX_OPEN_STATES_PER_USER: integer(100, { min: 1, max: 100_000 }),
  MAX_CREDENTIALS_PER_USER: integer(1000, { min: 1, max: 100_000 }),
  REFRESH_MIN_TTL_SECONDS: integer(300, { min: 0, max: 86_400 }),
});
export type Config = z.infer<typeof Environment>;

const SECRETS_MAX_AGE = 'SECRETS_MAX_AGE_SECONDS';
const OLDER_SPELLING = 'SYSTEM_KEYS_MAX_AGE_SECONDS';

/** An empty variable is one that was not set. */
const present = (environment: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));

export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => {
  const given = present(environment);
  const spelled = given.SECRETS_MAX_AGE_SECONDS === undefined ? OLDER_SPELLING : SECRETS_MAX_AGE;
  given[SECRETS_MAX_AGE] ??= given[OLDER_SPELLING];
  const parsed = Environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const failed = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
  const names = failed.map((name) => (name === SECRETS_MAX_AGE ? spelled : name));
  throw new Error(`missing or malformed setting: ${names.join(', ')}`);
};

/** A setting that this function cannot do without. */
export const needed = <N extends keyof Config>(config: Config, name: N): NonNullable<Config[N]> => {
  const value = config[name];
  if (value === undefined) throw new Error(`missing setting: ${name}`);
  return value as NonNullable<Config[N]>;
};
