// The settings the functions read from their environment, passed from context under the same names. Missing ones are left out:
// the functions have the defaults.
import type { Node } from 'constructs';
import { contextValue, httpsAddress, originList, type Rule, urlList, wholeNumber } from './context-values.ts';

const DAY = 86_400;

const SETTING_RULES = {
  PUBLIC_BASE_URL: httpsAddress,
  OAUTH_STATE_TTL_SECONDS: wholeNumber(1, DAY),
  MAX_OPEN_STATES_PER_USER: wholeNumber(1, 100_000),
  REFRESH_MIN_TTL_SECONDS: wholeNumber(0, DAY),
  PROVIDER_TIMEOUT_MS: wholeNumber(1, 15_000),
  REFRESH_LEASE_SECONDS: wholeNumber(1, DAY),
  ALLOWED_RETURN_ORIGINS: originList,
  ALLOWED_CALLBACK_URLS: urlList,
  SECRETS_MAX_AGE_SECONDS: wholeNumber(0, DAY),
  SYSTEM_KEYS_MAX_AGE_SECONDS: wholeNumber(0, DAY),
  SWEEP_SECONDS: wholeNumber(1, DAY),
  MAX_CREDENTIALS_PER_USER: wholeNumber(1, 100_000),
} satisfies Record<string, Rule>;

type SettingName = keyof typeof SETTING_RULES;

/** The given settings, by name. */
export type Settings = Partial<Record<SettingName, string>>;

/** Reads and checks the settings. Throws on a malformed one. */
export const readSettings = (node: Node): Settings =>
  Object.fromEntries(
    Object.entries(SETTING_RULES).flatMap(([name, rule]) => {
      const value = contextValue(node, name, rule);
      return value === undefined ? [] : [[name, value]];
    }),
  );
