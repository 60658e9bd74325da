// The settings the functions read from their environment, passed from context under the same names. Missing ones are left out:
// the functions have the defaults.
import type { Node } from 'constructs';
import { getRenewalLeadSeconds, RENEWAL_LEAD_MAX_SECONDS, SETTING_BOUNDS } from '../../lib/platform.ts';
import { contextValue, httpsAddress, originList, type Rule, urlList, wholeNumber } from './context-values.ts';

const bounded = ({ min, max }: { min: number; max: number }): Rule => wholeNumber(min, max);

const SETTING_RULES = {
  PUBLIC_BASE_URL: httpsAddress,
  OAUTH_STATE_TTL_SECONDS: bounded(SETTING_BOUNDS.OAUTH_STATE_TTL_SECONDS),
  MAX_OPEN_STATES_PER_USER: bounded(SETTING_BOUNDS.MAX_OPEN_STATES_PER_USER),
  REFRESH_MIN_TTL_SECONDS: bounded(SETTING_BOUNDS.REFRESH_MIN_TTL_SECONDS),
  PROVIDER_TIMEOUT_MS: bounded(SETTING_BOUNDS.PROVIDER_TIMEOUT_MS),
  EXCHANGE_TIMEOUT_MS: bounded(SETTING_BOUNDS.EXCHANGE_TIMEOUT_MS),
  REFRESH_LEASE_SECONDS: bounded(SETTING_BOUNDS.REFRESH_LEASE_SECONDS),
  ALLOWED_RETURN_ORIGINS: originList,
  ALLOWED_CALLBACK_URLS: urlList,
  SECRETS_MAX_AGE_SECONDS: bounded(SETTING_BOUNDS.SECRETS_MAX_AGE_SECONDS),
  SYSTEM_KEYS_MAX_AGE_SECONDS: bounded(SETTING_BOUNDS.SECRETS_MAX_AGE_SECONDS),
  SWEEP_SECONDS: bounded(SETTING_BOUNDS.SWEEP_SECONDS),
  MAX_CREDENTIALS_PER_USER: bounded(SETTING_BOUNDS.MAX_CREDENTIALS_PER_USER),
} satisfies Record<string, Rule>;

type SettingName = keyof typeof SETTING_RULES;

/** The given settings, by name. */
export type Settings = Partial<Record<SettingName, string>>;

const DEFAULT_SECONDS = '300';

/** A deployed sweep must renew a token of one hour before `resolve` has to. A local server may sweep as rarely as it likes. */
const assertRenewalInTime = (settings: Settings): Settings => {
  const { REFRESH_MIN_TTL_SECONDS: minTtl = DEFAULT_SECONDS, SWEEP_SECONDS: sweep = DEFAULT_SECONDS } = settings;
  if (getRenewalLeadSeconds(Number(minTtl), Number(sweep)) <= RENEWAL_LEAD_MAX_SECONDS) return settings;
  throw new Error(
    `context REFRESH_MIN_TTL_SECONDS must be at most ${RENEWAL_LEAD_MAX_SECONDS} less twice SWEEP_SECONDS: tokens cannot be renewed in time`,
  );
};

/** Reads and checks the settings. Throws on a malformed one. */
export const readSettings = (node: Node): Settings => assertRenewalInTime(readEach(node));

const readEach = (node: Node): Settings =>
  Object.fromEntries(
    Object.entries(SETTING_RULES).flatMap(([name, rule]) => {
      const value = contextValue(node, name, rule);
      return value === undefined ? [] : [[name, value]];
    }),
  );
