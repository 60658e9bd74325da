// The only place where adapters are made. Each function gets what it needs and no more: the user's function is never
// handed a reader of secrets, and its bundle does not even hold one.
import { cryptoRandom } from './adapters/crypto-random.ts';
import { dynamodbConfigurationStore } from './adapters/dynamodb/dynamodb-configuration-store.ts';
import { dynamodbErasureStore } from './adapters/dynamodb/dynamodb-erasure-store.ts';
import { dynamodbStateStore } from './adapters/dynamodb/dynamodb-state-store.ts';
import { dynamodbUserStore } from './adapters/dynamodb/dynamodb-user-store.ts';
import { openTable } from './adapters/dynamodb/table.ts';
import { cachedDataKeys } from './adapters/kms/cached-data-keys.ts';
import { jweSealer } from './adapters/kms/jwe-sealer.ts';
import { kmsDataKeys } from './adapters/kms/kms-data-keys.ts';
import { powertoolsLog } from './adapters/powertools-log.ts';
import { retryingPort } from './adapters/resilience/retrying-port.ts';
import { secretsManagerSystemKeys } from './adapters/secrets/secrets-manager-system-keys.ts';
import { systemClock as clock } from './adapters/system-clock.ts';
import { directoryFromConfiguration, directoryFromKeys } from './adapters/system-directory.ts';
import { timerSleep } from './adapters/timer-sleep.ts';
import { type Config, needed, readConfig } from './config.ts';
import type { Limits } from './domain/deps.ts';
import { apiKeyPlacement } from './providers/api-key-placements.ts';

const timing = { clock, random: cryptoRandom, sleep: timerSleep };

const limits = (config: Config): Limits => ({
  maxCredentialsPerUser: config.MAX_CREDENTIALS_PER_USER,
  maxOpenStatesPerUser: config.MAX_OPEN_STATES_PER_USER,
  oauthStateTtlSeconds: config.OAUTH_STATE_TTL_SECONDS,
  refreshMinTtlSeconds: config.REFRESH_MIN_TTL_SECONDS,
});

/** What every function has. */
const start = (service: string) => {
  const config = readConfig();
  return { config, table: openTable(config.TABLE_NAME), limits: limits(config), log: powertoolsLog(service) };
};

const sealerOf = (config: Config) => jweSealer(cachedDataKeys(kmsDataKeys(needed(config, 'KMS_KEY_ID')), clock));

const configurationOf = ({ table }: ReturnType<typeof start>) =>
  retryingPort(dynamodbConfigurationStore(table), timing);

const systemKeysOf = ({ config, log }: ReturnType<typeof start>, maxAgeSeconds: number) =>
  secretsManagerSystemKeys({ secretId: needed(config, 'SYSTEM_KEYS_SECRET'), maxAgeSeconds }, { clock, log });

export const userApiDeps = () => {
  const started = start('user-api');
  const maxAgeSeconds = started.config.SECRETS_MAX_AGE_SECONDS;
  return {
    ...timing,
    limits: started.limits,
    log: started.log,
    users: retryingPort(dynamodbUserStore(started.table), timing),
    sealer: sealerOf(started.config),
    systemDirectory: directoryFromConfiguration(configurationOf(started), { clock, maxAgeSeconds }),
  };
};

export const connectApiDeps = () => {
  const { table, limits, log } = start('connect-api');
  return { ...timing, limits, log, users: retryingPort(dynamodbUserStore(table), timing) };
};

export const runtimeApiDeps = () => {
  const started = start('runtime-api');
  const systemKeys = systemKeysOf(started, started.config.SECRETS_MAX_AGE_SECONDS);
  return {
    ...timing,
    limits: started.limits,
    log: started.log,
    users: retryingPort(dynamodbUserStore(started.table), timing),
    erasures: retryingPort(dynamodbErasureStore(started.table), timing),
    states: retryingPort(dynamodbStateStore(started.table), timing),
    sealer: sealerOf(started.config),
    systemKeys,
    systemDirectory: directoryFromKeys(systemKeys),
    placements: { keyPlacement: apiKeyPlacement },
  };
};

export const refreshSweepDeps = () => {
  const started = start('refresh-sweep');
  // Past the cache: what it publishes is cached once more by its readers.
  return { log: started.log, systemKeys: systemKeysOf(started, 0), configuration: configurationOf(started) };
};
