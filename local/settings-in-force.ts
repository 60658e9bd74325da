// The settings in force, for the index page: every setting of the functions with its default, and those of the server. All of
// them are names, numbers and addresses; a user name or password in an address is left out.
import { readConfig } from '../lib/config.ts';
import { readPageConfig } from '../lib/page-config.ts';
import type { Settings } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const ENDPOINTS = ['DYNAMODB', 'KMS', 'SECRETS_MANAGER', 'EVENTBRIDGE'].map((name) => `AWS_ENDPOINT_URL_${name}`);

const withoutUserInfo = (text: string): string => text.replace(/(\/\/)[^/@\s]*@/g, '$1');

const describeValue = (value: unknown): string =>
  withoutUserInfo(Array.isArray(value) ? value.join(', ') : String(value));

/** `env`: the environment that the functions were started with. */
export const describeSettings = (
  { port, home, allowedOrigins }: Settings,
  env: Environment,
): Record<string, string> => {
  const { REFRESH_LEASE_SECONDS: lease, ...config } = readConfig(env as NodeJS.ProcessEnv);
  const own = {
    PORT: port,
    KEYHOLD_HOME: home,
    ALLOWED_ORIGINS: allowedOrigins,
    ...Object.fromEntries(ENDPOINTS.map((name) => [name, env[name] ?? ''])),
  };
  const page = readPageConfig(env as NodeJS.ProcessEnv);
  const ofFunctions = { ...config, ...page, REFRESH_LEASE_SECONDS: lease || 'computed' };
  return Object.fromEntries(
    Object.entries({ ...own, ...ofFunctions }).map(([name, value]) => [name, describeValue(value ?? '')]),
  );
};
