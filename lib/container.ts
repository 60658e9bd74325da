// The only place where adapters are made. Each function gets what it needs and no more: the user's function is never
// handed a reader of secrets, and its bundle does not even hold one.

import { dynamodbConfigurationStore } from './adapters/dynamodb/dynamodb-configuration-store.ts';
import { dynamodbCredentialRefreshStore } from './adapters/dynamodb/dynamodb-credential-refresh-store.ts';
import { dynamodbErasureStore } from './adapters/dynamodb/dynamodb-erasure-store.ts';
import { dynamodbStateStore } from './adapters/dynamodb/dynamodb-state-store.ts';
import { dynamodbUserStore } from './adapters/dynamodb/dynamodb-user-store.ts';
import { readStreamRecords } from './adapters/dynamodb/stream-records.ts';
import { openTable } from './adapters/dynamodb/table.ts';
import { eventbridgeEventBus } from './adapters/eventbridge/eventbridge-event-bus.ts';
import { cachedDataKeys } from './adapters/kms/cached-data-keys.ts';
import { jweSealer } from './adapters/kms/jwe-sealer.ts';
import { kmsDataKeys } from './adapters/kms/kms-data-keys.ts';
import { openidClientProtocol } from './adapters/oauth/openid-client-protocol.ts';
import { cachedValue } from './adapters/resilience/cached-value.ts';
import { retryingPort } from './adapters/resilience/retrying-port.ts';
import { callDeadline, endOfCall } from './adapters/runtime/call-deadline.ts';
import { cryptoRandom } from './adapters/runtime/crypto-random.ts';
import { systemClock as clock } from './adapters/runtime/system-clock.ts';
import { timerSleep } from './adapters/runtime/timer-sleep.ts';
import { secretsManagerProviders } from './adapters/secrets/secrets-manager-providers.ts';
import { secretsManagerSystemKeys } from './adapters/secrets/secrets-manager-system-keys.ts';
import { powertoolsLog } from './adapters/telemetry/powertools-log.ts';
import { powertoolsMeter } from './adapters/telemetry/powertools-meter.ts';
import { type Config, needed, readConfig } from './config.ts';
import type { Limits, RedirectPolicy } from './domain/ports/deps.ts';
import { refreshBudget } from './domain/refresh/budget.ts';
import { checkOutboundUrl } from './domain/values/outbound-url.ts';
import { keyPlacements } from './providers/key-placements.ts';
import { publishedConfiguration } from './providers/published-configuration.ts';
import { directoryFromKeys } from './providers/system-directory.ts';

const timing = { clock, random: cryptoRandom, sleep: timerSleep };

/** What every function behind the gateway has. */
const serving = { ...timing, deadline: callDeadline };

const limits = (config: Config): Limits => ({
  maxCredentialsPerUser: config.MAX_CREDENTIALS_PER_USER,
  maxOpenStatesPerUser: config.MAX_OPEN_STATES_PER_USER,
  oauthStateTtlSeconds: config.OAUTH_STATE_TTL_SECONDS,
  refreshMinTtlSeconds: config.REFRESH_MIN_TTL_SECONDS,
  // Two sweeps, should one fail, before resolve itself would find the token no longer fresh.
  refreshLeadSeconds: config.REFRESH_MIN_TTL_SECONDS + 2 * config.SWEEP_SECONDS,
});

const redirectsOf = (config: Config): RedirectPolicy => ({
  publicBaseUrl: needed(config, 'PUBLIC_BASE_URL').replace(/\/$/, ''),
  allowedReturnOrigins: config.ALLOWED_RETURN_ORIGINS,
  allowedCallbackUrls: config.ALLOWED_CALLBACK_URLS,
});

/** What every function has. */
const start = (service: string) => {
  const config = readConfig();
  return { service, config, table: openTable(config.TABLE_NAME), limits: limits(config), log: powertoolsLog(service) };
};

const sealerOf = (config: Config) => jweSealer(cachedDataKeys(kmsDataKeys(needed(config, 'KMS_KEY_ID')), clock));

const configurationOf = ({ table }: ReturnType<typeof start>) =>
  retryingPort(dynamodbConfigurationStore(table), timing);

type Started = ReturnType<typeof start>;

const cachedConfiguration = (started: Started) => {
  const configuration = configurationOf(started);
  return cachedValue({
    fetch: () => configuration.readConfiguration(),
    maxAgeMilliseconds: started.config.SECRETS_MAX_AGE_SECONDS * 1000,
    clock,
  });
};

const systemKeysOf = ({ config, log }: Started, maxAgeSeconds: number) =>
  secretsManagerSystemKeys({ secretId: needed(config, 'SYSTEM_KEYS_SECRET'), maxAgeSeconds }, { clock, log });

const outboundPolicy = ({ config }: Started) => (config.LOOPBACK_PROVIDERS ? 'local' : 'public');

const providersOf = (started: Started, maxAgeSeconds: number) => {
  const { config, log } = started;
  const policy = outboundPolicy(started);
  const allows = (url: string) => checkOutboundUrl(url, policy) !== null;
  const source = { secretId: needed(config, 'OAUTH_CLIENTS_SECRET'), maxAgeSeconds };
  return secretsManagerProviders(source, allows, { clock, log });
};

/** What revoking and connecting need. */
const oauthOf = (started: Started) => ({
  providers: providersOf(started, started.config.SECRETS_MAX_AGE_SECONDS),
  oauth: openidClientProtocol({
    clock,
    policy: outboundPolicy(started),
    timeoutMilliseconds: started.config.PROVIDER_TIMEOUT_MS,
    endOfCall,
  }),
  redirects: redirectsOf(started.config),
});

const refreshesOf = ({ table }: Started) => retryingPort(dynamodbCredentialRefreshStore(table), timing);

/** What refreshing needs beside OAuth itself. */
const refreshOf = (started: Started) => ({
  refreshes: refreshesOf(started),
  budget: refreshBudget(started.config.PROVIDER_TIMEOUT_MS, started.config.REFRESH_LEASE_SECONDS * 1000),
  meter: powertoolsMeter(started.service),
});

const usersOf = ({ table }: Started) => retryingPort(dynamodbUserStore(table), timing);
const statesOf = ({ table }: Started) => retryingPort(dynamodbStateStore(table), timing);

export const userApiDeps = () => {
  const started = start('user-api');
  const published = publishedConfiguration(cachedConfiguration(started));
  const { limits, log } = started;
  const users = usersOf(started);
  const sealer = sealerOf(started.config);
  return { ...serving, limits, log, users, sealer, systemDirectory: published, publishedProviders: published };
};

export const connectApiDeps = () => {
  const started = start('connect-api');
  const { limits, log } = started;
  const sealer = sealerOf(started.config);
  return { ...serving, ...oauthOf(started), limits, log, users: usersOf(started), states: statesOf(started), sealer };
};

export const oauthCallbackDeps = () => {
  const started = start('oauth-callback');
  return { ...serving, log: started.log, states: statesOf(started) };
};

export const runtimeApiDeps = () => {
  const started = start('runtime-api');
  const systemKeys = systemKeysOf(started, started.config.SECRETS_MAX_AGE_SECONDS);
  const oauth = oauthOf(started);
  return {
    ...serving,
    ...oauth,
    limits: started.limits,
    log: started.log,
    users: usersOf(started),
    ...refreshOf(started),
    erasures: retryingPort(dynamodbErasureStore(started.table), timing),
    states: statesOf(started),
    sealer: sealerOf(started.config),
    systemKeys,
    systemDirectory: directoryFromKeys(systemKeys),
    placements: keyPlacements(oauth.providers),
  };
};

export const refreshSweepDeps = () => {
  const started = start('refresh-sweep');
  const { limits, log } = started;
  const sealer = sealerOf(started.config);
  return {
    log,
    // Past the cache: what it publishes is cached once more by its readers.
    publishing: {
      systemKeys: systemKeysOf(started, 0),
      providers: providersOf(started, 0),
      configuration: configurationOf(started),
    },
    sweeping: { ...timing, ...oauthOf(started), ...refreshOf(started), limits, users: usersOf(started), sealer },
  };
};

/** No table: the stream hands its records over, and the rows are nobody's business here. */
export const publishEventsDeps = () => {
  const eventBus = eventbridgeEventBus(needed(readConfig(), 'EVENT_BUS_NAME'));
  return { log: powertoolsLog('publish-events'), eventBus, readStreamRecords };
};
