// Builds the dependencies of each function; the only place where adapters are made. A function gets only the ports it uses:
// user-api has no reader of secrets, not even in its bundle.

import { dynamodbConfigurationStore } from './adapters/dynamodb/dynamodb-configuration-store.ts';
import { dynamodbCredentialRefreshStore } from './adapters/dynamodb/dynamodb-credential-refresh-store.ts';
import { dynamodbErasureStore } from './adapters/dynamodb/dynamodb-erasure-store.ts';
import { dynamodbStateStore } from './adapters/dynamodb/dynamodb-state-store.ts';
import { dynamodbUserStore } from './adapters/dynamodb/dynamodb-user-store.ts';
import { readStreamRecords } from './adapters/dynamodb/stream-records.ts';
import { openTable } from './adapters/dynamodb/table.ts';
import { tableClock } from './adapters/dynamodb/table-clock.ts';
import { eventbridgeEventBus } from './adapters/eventbridge/eventbridge-event-bus.ts';
import { cachedDataKeys } from './adapters/kms/cached-data-keys.ts';
import { jweSealer } from './adapters/kms/jwe-sealer.ts';
import { kmsDataKeys } from './adapters/kms/kms-data-keys.ts';
import { lambdaRefreshDispatcher } from './adapters/lambda/lambda-refresh-dispatcher.ts';
import { openidClientProtocol } from './adapters/oauth/openid-client-protocol.ts';
import { cachedValue } from './adapters/resilience/cached-value.ts';
import { retryingPort } from './adapters/resilience/retrying-port.ts';
import { tokenBuckets } from './adapters/resilience/token-buckets.ts';
import { callDeadline, endOfCall, leftOfCall } from './adapters/runtime/call-deadline.ts';
import { cryptoRandom } from './adapters/runtime/crypto-random.ts';
import { systemClock } from './adapters/runtime/system-clock.ts';
import { timerSleep } from './adapters/runtime/timer-sleep.ts';
import { secretsManagerProviders } from './adapters/secrets/secrets-manager-providers.ts';
import { secretsManagerSystemKeys } from './adapters/secrets/secrets-manager-system-keys.ts';
import { emfMeter } from './adapters/telemetry/emf-meter.ts';
import { jsonLog } from './adapters/telemetry/json-log.ts';
import { type Config, readConfig, readTraceId, requireSetting } from './config.ts';
import type { RedirectPolicy } from './domain/oauth/redirect-url.ts';
import type { Limits } from './domain/ports/deps.ts';
import { providerMilliseconds, refreshBudget } from './domain/refresh/budget.ts';
import { checkOutboundUrl } from './domain/values/outbound-url.ts';
import { getRenewalLeadSeconds } from './platform.ts';
import { directoryApiAddresses } from './providers/api-addresses.ts';
import { keyPlacements } from './providers/key-placements.ts';
import { publishedConfiguration } from './providers/published-configuration.ts';
import { directoryFromKeys } from './providers/system-directory.ts';

/** One per process, as there is one table. */
const clock = tableClock(systemClock);

/** For retries: durations of the process itself. */
const retries = { clock: systemClock, random: cryptoRandom, sleep: timerSleep };

const timing = { clock, random: cryptoRandom, sleep: timerSleep };

const makeLog = (service: string) => jsonLog({ service, clock: systemClock, readTraceId });

/** Dependencies of every function behind API Gateway. */
const makeServing = (config: Config) => ({
  ...timing,
  deadline: callDeadline,
  userLogKey: requireSetting(config, 'USER_LOG_KEY'),
});

const readLimits = (config: Config): Limits => ({
  maxCredentialsPerUser: config.MAX_CREDENTIALS_PER_USER,
  maxOpenStatesPerUser: config.MAX_OPEN_STATES_PER_USER,
  oauthStateTtlSeconds: config.OAUTH_STATE_TTL_SECONDS,
  refreshMinTtlSeconds: config.REFRESH_MIN_TTL_SECONDS,
  refreshLeadSeconds: getRenewalLeadSeconds(config.REFRESH_MIN_TTL_SECONDS, config.SWEEP_SECONDS),
});

const readRedirectPolicy = (config: Config): RedirectPolicy => ({
  publicBaseUrl: requireSetting(config, 'PUBLIC_BASE_URL').replace(/\/$/, ''),
  allowedReturnUrls: config.ALLOWED_RETURN_URLS,
  allowsOwnPaths: config.LOOPBACK_PROVIDERS,
  allowedCallbackUrls: config.ALLOWED_CALLBACK_URLS,
});

/** Dependencies of every function with a table. */
const start = (service: string) => {
  const config = readConfig();
  return {
    service,
    config,
    table: openTable(config.TABLE_NAME, clock),
    limits: readLimits(config),
    log: makeLog(service),
  };
};

const limitUsers = ({ config }: Started) => tokenBuckets(config.MAX_CALLS_PER_USER_PER_SECOND, clock);

const makeSealer = (config: Config) =>
  jweSealer(cachedDataKeys(kmsDataKeys(requireSetting(config, 'KMS_KEY_ID')), systemClock), systemClock, cryptoRandom);

const makeConfiguration = ({ table }: ReturnType<typeof start>) =>
  retryingPort(dynamodbConfigurationStore(table), retries);

type Started = ReturnType<typeof start>;

const cachedConfiguration = (started: Started) => {
  const configuration = makeConfiguration(started);
  return cachedValue({
    fetch: () => configuration.readConfiguration(),
    maxAgeMilliseconds: started.config.SECRETS_MAX_AGE_SECONDS * 1000,
    clock: systemClock,
  });
};

const makeSystemKeys = ({ config, log }: Started, maxAgeSeconds: number) =>
  secretsManagerSystemKeys(
    { secretId: requireSetting(config, 'SYSTEM_KEYS_SECRET'), maxAgeSeconds },
    { clock: systemClock, log },
  );

const outboundPolicy = ({ config }: Started) => (config.LOOPBACK_PROVIDERS ? 'local' : 'public');

const makeProviders = (started: Started, maxAgeSeconds: number) => {
  const { config, log } = started;
  const policy = outboundPolicy(started);
  const allows = (url: string) => checkOutboundUrl(url, policy) !== null;
  const source = { secretId: requireSetting(config, 'OAUTH_CLIENTS_SECRET'), maxAgeSeconds };
  return secretsManagerProviders(source, allows, { clock: systemClock, log });
};

/** Dependencies of connecting and revoking. */
const makeOAuth = (started: Started) => ({
  providers: makeProviders(started, started.config.SECRETS_MAX_AGE_SECONDS),
  oauth: openidClientProtocol({
    clock,
    policy: outboundPolicy(started),
    timeoutMilliseconds: started.config.PROVIDER_TIMEOUT_MS,
    exchangeMilliseconds: started.config.EXCHANGE_TIMEOUT_MS,
    endOfCall,
    shareOfCall: (wanted) => providerMilliseconds(wanted, leftOfCall()),
  }),
  redirects: readRedirectPolicy(started.config),
});

const makeRefreshes = ({ table }: Started) => retryingPort(dynamodbCredentialRefreshStore(table), retries);

/** Dependencies of refreshing, besides those of OAuth. */
const makeRefreshing = (started: Started) => ({
  refreshes: makeRefreshes(started),
  budget: refreshBudget(started.config.EXCHANGE_TIMEOUT_MS, started.config.REFRESH_LEASE_SECONDS * 1000),
  meter: emfMeter({ service: started.service, namespace: started.config.METRICS_NAMESPACE, clock }),
});

const makeDispatcher = ({ config, log }: Started) =>
  lambdaRefreshDispatcher(
    { url: requireSetting(config, 'REFRESH_INVOKE_URL'), region: requireSetting(config, 'AWS_REGION') },
    { clock, log },
  );

const makeUsers = ({ table }: Started) => retryingPort(dynamodbUserStore(table), retries);
const makeStates = ({ table }: Started) => retryingPort(dynamodbStateStore(table), retries);

/** Dependencies of user-api. It can seal secrets, but neither open them nor read the operator's. */
export const userApiDeps = () => {
  const started = start('user-api');
  const published = publishedConfiguration(cachedConfiguration(started));
  const { limits, log } = started;
  const users = makeUsers(started);
  const sealer = makeSealer(started.config);
  const callLimit = limitUsers(started);
  return {
    ...makeServing(started.config),
    callLimit,
    limits,
    log,
    users,
    sealer,
    systemDirectory: published,
    publishedProviders: published,
  };
};

/** Dependencies of connect-api. */
export const connectApiDeps = () => {
  const started = start('connect-api');
  const { limits, log } = started;
  const sealer = makeSealer(started.config);
  return {
    ...makeServing(started.config),
    ...makeOAuth(started),
    callLimit: limitUsers(started),
    limits,
    log,
    users: makeUsers(started),
    states: makeStates(started),
    sealer,
  };
};

/** Dependencies of oauth-callback: states only. */
export const oauthCallbackDeps = () => {
  const started = start('oauth-callback');
  const callLimit = tokenBuckets(started.config.MAX_BAD_CALLBACKS_PER_SECOND, clock);
  return { ...makeServing(started.config), callLimit, log: started.log, states: makeStates(started) };
};

/** Dependencies of runtime-api. */
export const runtimeApiDeps = () => {
  const started = start('runtime-api');
  const systemKeys = makeSystemKeys(started, started.config.SECRETS_MAX_AGE_SECONDS);
  const oauth = makeOAuth(started);
  return {
    ...makeServing(started.config),
    ...oauth,
    callLimit: limitUsers(started),
    limits: started.limits,
    log: started.log,
    users: makeUsers(started),
    ...makeRefreshing(started),
    dispatcher: makeDispatcher(started),
    erasures: retryingPort(dynamodbErasureStore(started.table), retries),
    states: makeStates(started),
    sealer: makeSealer(started.config),
    systemKeys,
    systemDirectory: directoryFromKeys(systemKeys),
    placements: keyPlacements(oauth.providers),
    apiAddresses: directoryApiAddresses(oauth.providers),
  };
};

/** Dependencies of refresh-credential: to refresh one credential, and no more. */
export const refreshCredentialDeps = () => {
  const started = start('refresh-credential');
  const { limits, log } = started;
  const sealer = makeSealer(started.config);
  return {
    ...timing,
    deadline: callDeadline,
    ...makeOAuth(started),
    ...makeRefreshing(started),
    limits,
    log,
    users: makeUsers(started),
    sealer,
  };
};

/** Dependencies of refresh-sweep: to publish the configuration, and to renew credentials. */
export const refreshSweepDeps = () => {
  const started = start('refresh-sweep');
  const { limits, log } = started;
  const sealer = makeSealer(started.config);
  const refreshing = makeRefreshing(started);
  return {
    log,
    meter: refreshing.meter,
    // Without a cache: the readers of the published configuration cache it.
    publishing: {
      systemKeys: makeSystemKeys(started, 0),
      providers: makeProviders(started, 0),
      configuration: makeConfiguration(started),
    },
    sweeping: {
      ...timing,
      ...makeOAuth(started),
      ...refreshing,
      limits,
      users: makeUsers(started),
      sealer,
    },
  };
};

/** Dependencies of publish-events. No table access: records arrive in the stream event. */
export const publishEventsDeps = () => {
  const eventBus = eventbridgeEventBus(requireSetting(readConfig(), 'EVENT_BUS_NAME'));
  return { log: makeLog('publish-events'), eventBus, readStreamRecords };
};
