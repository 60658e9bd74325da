// The dependencies of an operation, in memory; the test controls time and randomness.

import { providerOutcomes } from '../../../lib/adapters/resilience/provider-outcomes.ts';
import { singleFlight } from '../../../lib/adapters/runtime/single-flight.ts';
import { configuredSystemIds } from '../../../lib/domain/credential/system-credentials.ts';
import { publicProvider } from '../../../lib/domain/oauth/view/public-provider.ts';
import type { CallLimit } from '../../../lib/domain/ports/call-limit.ts';
import type { Deps } from '../../../lib/domain/ports/deps.ts';
import type { PublishedProviders } from '../../../lib/domain/ports/provider-directory.ts';
import type { Clock, Random } from '../../../lib/domain/ports/runtime.ts';
import type { SystemKeys } from '../../../lib/domain/ports/system-keys.ts';
import { refreshBudget } from '../../../lib/domain/refresh/budget.ts';
import { Secret } from '../../../lib/domain/values/secret.ts';
import { refreshCredential } from '../../../lib/operations/refresh/refresh-credential.ts';
import { directoryApiAddresses } from '../../../lib/providers/api-addresses.ts';
import { credentialChecks } from '../../../lib/providers/credential-checks.ts';
import { directoryKnownProviders } from '../../../lib/providers/known-providers.ts';
import { directoryTemplates } from '../../../lib/providers/provider-templates.ts';
import { directoryScopeRules } from '../../../lib/providers/scope-rules.ts';
import { type MemoryDiscovery, memoryDiscovery } from './mcp/memory-discovery.ts';
import { memoryIssuerStore } from './mcp/memory-issuer-store.ts';
import { memoryRegistrations } from './mcp/memory-registrations.ts';
import { memoryCredentialRefreshStore } from './memory-credential-refresh-store.ts';
import { memoryEventBus } from './memory-event-bus.ts';
import { memoryLinkStore } from './memory-link-store.ts';
import { type MemoryLog, memoryLog } from './memory-log.ts';
import { type MemoryMeter, memoryMeter } from './memory-meter.ts';
import { type MemoryOAuth, type MemoryProviders, memoryOAuth, memoryProviders } from './memory-oauth.ts';
import { memoryConfigurationStore, memoryErasureStore, memoryStateStore } from './memory-other-stores.ts';
import { type MemoryProviderApi, memoryProviderApi } from './memory-provider-api.ts';
import { memorySealer } from './memory-sealer.ts';
import { type MemoryTable, memoryTable } from './memory-table.ts';
import { memoryUserStore } from './memory-user-store.ts';

export interface SettableClock extends Clock {
  set(milliseconds: number): void;
  advance(milliseconds: number): void;
}

export const settableClock = (start = Date.UTC(2030, 0, 1)): SettableClock => {
  let now = start;
  return {
    now: () => now,
    // From another beginning, as the real one: a duration compared with a time fails.
    elapsed: () => now - start,
    set: (milliseconds) => {
      now = milliseconds;
    },
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
};

/** A limit that is never reached. */
export const unlimitedCalls: CallLimit = { take: () => 0, giveBack: () => {} };

/** Counts up instead of drawing random values, so every run is the same. */
export const countingRandom = (): Random => {
  let count = 0;
  const next = () => ++count;
  return {
    bytes: (length) => Uint8Array.from({ length }, (_, index) => (next() * 31 + index) % 256),
    uuid: () => `00000000-0000-4000-8000-${String(next()).padStart(12, '0')}`,
    fraction: () => (next() % 97) / 97,
  };
};

export const memorySystemKeys = (keys: Record<string, string>): SystemKeys => ({
  systemKeys: async () => new Map(Object.entries(keys).map(([name, value]) => [name, new Secret(value)])),
});

/** Lists the configured providers, as the published row does. */
const publishedProviders = (providers: MemoryProviders): PublishedProviders => ({
  oauthProviders: async () =>
    (await providers.listConfigured()).map(({ provider, profile }) => ({
      ...publicProvider(provider, profile),
      configured: true,
    })),
  keyProviders: () => [],
});

export interface MemoryDeps extends Deps {
  meter: MemoryMeter;
  log: MemoryLog;
  clock: SettableClock;
  providers: MemoryProviders;
  oauth: MemoryOAuth;
  discovery: MemoryDiscovery;
  issuerReader: MemoryDiscovery;
  providerApi: MemoryProviderApi;
  table: MemoryTable;
}

/** The options of a test; `keys` are the operator's. */
type GivenDeps = Partial<Omit<MemoryDeps, 'clock' | 'table'>> & { keys?: Record<string, string> };

export const memoryDeps = (given: GivenDeps = {}): MemoryDeps => {
  const table = memoryTable();
  const providers = given.providers ?? memoryProviders();
  const oauth = given.oauth ?? memoryOAuth();
  const discovery = memoryDiscovery();
  const clock = settableClock();
  const keys = given.keys ?? {};
  const deps: MemoryDeps = {
    users: memoryUserStore(table),
    refreshes: memoryCredentialRefreshStore(table),
    erasures: memoryErasureStore(table),
    states: memoryStateStore(table),
    links: memoryLinkStore(table),
    configuration: memoryConfigurationStore(table),
    discovery,
    issuerReader: discovery,
    issuers: memoryIssuerStore(),
    registrations: memoryRegistrations(),
    sealer: memorySealer(),
    systemKeys: memorySystemKeys(keys),
    systemDirectory: { configuredIds: async () => configuredSystemIds(new Set(Object.keys(keys))) },
    placements: { keyPlacement: async () => undefined },
    apiAddresses: directoryApiAddresses(providers),
    templates: directoryTemplates(providers),
    scopeRules: directoryScopeRules(providers),
    checks: credentialChecks(providers, directoryApiAddresses(providers)),
    providerApi: memoryProviderApi(),
    providers,
    publishedProviders: publishedProviders(providers),
    knownProviders: directoryKnownProviders(providers),
    oauth,
    oauthStarts: oauth,
    // The function that refreshes: invoked once, and it runs before anything else.
    dispatcher: { dispatch: async (order) => [await refreshCredential(deps, order)].length > 0 },
    flights: singleFlight(),
    eventBus: memoryEventBus(),
    redirects: {
      publicBaseUrl: 'https://keyhold.example',
      allowedReturnUrls: ['https://app.example/', 'https://app.example/done'],
      allowsOwnPaths: false,
      allowedCallbackUrls: ['https://app.example/oauth/callback'],
    },
    random: countingRandom(),
    sleep: async (milliseconds) => clock.advance(Math.ceil(milliseconds)),
    limits: {
      maxCredentialsPerUser: 1000,
      maxOpenStatesPerUser: 100,
      oauthStateTtlSeconds: 600,
      refreshMinTtlSeconds: 300,
      refreshLeadSeconds: 900,
    },
    budget: refreshBudget(5_000),
    meter: memoryMeter(),
    log: memoryLog(),
    outcomes: providerOutcomes(),
    ...given,
    clock,
    table,
  };
  return deps;
};
