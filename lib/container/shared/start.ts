// What the functions share: the settings, the log, the clock and the table of one process.

import { openTable } from '../../adapters/dynamodb/table.ts';
import { tableClock } from '../../adapters/dynamodb/table-clock.ts';
import { tokenBuckets } from '../../adapters/resilience/token-buckets.ts';
import { callDeadline } from '../../adapters/runtime/call-deadline.ts';
import { cryptoRandom } from '../../adapters/runtime/crypto-random.ts';
import { systemClock } from '../../adapters/runtime/system-clock.ts';
import { timerSleep } from '../../adapters/runtime/timer-sleep.ts';
import { type Config, readConfig, requireSetting } from '../../config.ts';
import type { Limits } from '../../domain/ports/deps.ts';
import { getRenewalLeadSeconds } from '../../platform.ts';
import { makeLog } from './log.ts';

/** The clock of the process, corrected by the table. One per process, as there is one table. */
export const clock = tableClock(systemClock);

/** The ports of time and randomness for operations. */
export const timing = { clock, random: cryptoRandom, sleep: timerSleep };

/** The ports of time and randomness for retries, which measure durations of the process itself. */
export const retries = { clock: systemClock, random: cryptoRandom, sleep: timerSleep };

const readLimits = (config: Config): Limits => ({
  maxCredentialsPerUser: config.MAX_CREDENTIALS_PER_USER,
  maxOpenStatesPerUser: config.MAX_OPEN_STATES_PER_USER,
  oauthStateTtlSeconds: config.OAUTH_STATE_TTL_SECONDS,
  refreshMinTtlSeconds: config.REFRESH_MIN_TTL_SECONDS,
  refreshLeadSeconds: getRenewalLeadSeconds(config.REFRESH_MIN_TTL_SECONDS, config.SWEEP_SECONDS),
});

/** Reads the settings and opens the table. Throws when a setting is missing or malformed. */
export const start = (service: string) => {
  const config = readConfig();
  return {
    service,
    config,
    table: openTable(config.TABLE_NAME, clock),
    limits: readLimits(config),
    log: makeLog(service),
  };
};

/** What a started function has: its settings, table, limits and log. */
export type Started = ReturnType<typeof start>;

/** Dependencies of every function behind API Gateway. */
export const makeServing = ({ config }: Started) => ({
  ...timing,
  deadline: callDeadline,
  userLogKey: requireSetting(config, 'USER_LOG_KEY'),
});

/** The limit of calls of each user, per second. */
export const limitUsers = ({ config }: Started) => tokenBuckets(config.MAX_CALLS_PER_USER_PER_SECOND, clock);
