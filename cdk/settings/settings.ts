// The settings the functions read from their environment, under the same names. Missing ones are left out: the functions have
// the defaults.
import { getRenewalLeadSeconds, RENEWAL_LEAD_MAX_SECONDS } from '../../lib/platform.ts';
import { PAGE_SETTING_RULES, SETTING_RULES } from './option-rules.ts';
import type { Stage } from './stage.ts';

type SettingName = keyof typeof SETTING_RULES;
type PageSettingName = keyof typeof PAGE_SETTING_RULES;

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

const selectGiven = <N extends keyof Stage>(stage: Stage, names: readonly N[]): Partial<Record<N, string>> =>
  Object.fromEntries(names.flatMap((name) => (stage[name] === undefined ? [] : [[name, stage[name]]]))) as Partial<
    Record<N, string>
  >;

/** The settings among the options. Throws when they make renewing impossible. */
export const readSettings = (stage: Stage): Settings =>
  assertRenewalInTime(selectGiven(stage, Object.keys(SETTING_RULES) as SettingName[]));

/** The settings of the connect page's function among the options. */
export const readPageSettings = (stage: Stage): Partial<Record<PageSettingName, string>> =>
  selectGiven(stage, Object.keys(PAGE_SETTING_RULES) as PageSettingName[]);
