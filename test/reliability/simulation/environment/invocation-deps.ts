// The dependencies of one invocation: the real retries over the faulty stores, a sealer that can fail,
// and clock, randomness and sleep from the seed.

import { cachedValue } from '../../../../lib/adapters/resilience/cached-value.ts';
import { providerOutcomes } from '../../../../lib/adapters/resilience/provider-outcomes.ts';
import { retryingPort } from '../../../../lib/adapters/resilience/retrying-port.ts';
import { singleFlight } from '../../../../lib/adapters/runtime/single-flight.ts';
import type { Deps, Limits } from '../../../../lib/domain/ports/deps.ts';
import type { Random, Sleep } from '../../../../lib/domain/ports/runtime.ts';
import type { Sealer } from '../../../../lib/domain/ports/sealer.ts';
import { refreshBudget } from '../../../../lib/domain/refresh/budget.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { directoryApiAddresses } from '../../../../lib/providers/api-addresses.ts';
import { credentialChecks } from '../../../../lib/providers/credential-checks.ts';
import { directoryKnownProviders } from '../../../../lib/providers/known-providers.ts';
import { publishedConfiguration } from '../../../../lib/providers/published-configuration.ts';
import { directoryScopeRules } from '../../../../lib/providers/scope-rules.ts';
import { memoryDiscovery } from '../../../support/memory/mcp/memory-discovery.ts';
import { memoryIssuerStore } from '../../../support/memory/mcp/memory-issuer-store.ts';
import { memoryRegistrations } from '../../../support/memory/mcp/memory-registrations.ts';
import { memoryDeps, memorySystemKeys } from '../../../support/memory/memory-deps.ts';
import { memoryEventBus } from '../../../support/memory/memory-event-bus.ts';
import { memoryProviderApi } from '../../../support/memory/memory-provider-api.ts';
import { memorySealer } from '../../../support/memory/memory-sealer.ts';
import type { ProviderKind } from '../../../support/memory/token-provider.ts';
import { faultyStarts } from '../connect/faulty-authorization.ts';
import type { PlantedFault } from '../planted/planted-fault.ts';
import type { RevocationKind } from '../workload/scenario.ts';
import { crash, type Environment, nextFault, recordFault } from './environment.ts';
import { faultyDispatcher, type Invoke } from './faulty-dispatcher.ts';
import { EXCHANGE_MILLISECONDS, faultyProvider } from './faulty-provider.ts';
import { faultyStores } from './faulty-stores.ts';
import type { Prng } from './prng.ts';
import type { Stores } from './raw-stores.ts';
import type { Invocation } from './scheduler.ts';
import { createStoreCaller } from './store-caller.ts';

const createRandom = (prng: Prng): Random => ({
  bytes: (count) => Uint8Array.from({ length: count }, () => prng.below(256)),
  uuid: () => `${prng.below(2 ** 32).toString(16)}-${prng.below(2 ** 32).toString(16)}`,
  fraction: prng.fraction,
});

const BUDGET = refreshBudget(EXCHANGE_MILLISECONDS);
/** The time a refresh needs from its provider call on. */
export const BUDGET_MILLISECONDS = BUDGET.exchangeMilliseconds + BUDGET.storeMilliseconds;
const NO_METER = { record: () => undefined };
const NO_LOG = { info: () => {}, warn: () => {}, error: () => {} };
const NO_PLACEMENTS = { keyPlacement: async () => undefined };
const { redirects } = memoryDeps();
const SYSTEM_KEYS = memorySystemKeys({ openai_api_key: 'operator' });

const createSleep =
  (environment: Environment, invocation: Invocation): Sleep =>
  async (milliseconds) => {
    const { crashes, faultRate } = environment.faultProfile;
    await environment.scheduler.pause(invocation, milliseconds);
    if (!crashes || !environment.prng.chance(faultRate / 10)) return;
    recordFault(environment, 'crashed asleep', { invocation, method: 'sleep' });
    await crash(environment, invocation);
  };

const SEALING_MILLISECONDS = 30;
const SEALER = memorySealer();

const faultySealer = (environment: Environment, invocation: Invocation): Sealer => {
  const troubled = async <T>(method: string, call: () => Promise<T>): Promise<T> => {
    await environment.scheduler.pause(invocation, environment.prng.below(SEALING_MILLISECONDS));
    const fault = nextFault(environment, invocation, 'sealer');
    if (fault) recordFault(environment, fault, { invocation, method });
    if (fault === 'crashed sealing') await crash(environment, invocation);
    if (fault === 'keys unavailable') throw new ServiceError('keys_unavailable');
    return call();
  };
  return {
    seal: (binding, document) => troubled('seal', () => SEALER.seal(binding, document)),
    open: (binding, sealed) => troubled('open', () => SEALER.open(binding, sealed)),
    openToReseal: (binding, sealed) => troubled('openToReseal', () => SEALER.openToReseal(binding, sealed)),
  };
};

const createStores = (environment: Environment, invocation: Invocation, planted: PlantedFault | undefined): Stores => {
  const callStore = createStoreCaller(environment, invocation);
  const stores = faultyStores(environment, invocation, callStore);
  if (!planted?.wrap) return stores;
  const { raw, table, prng } = environment;
  return {
    ...stores,
    ...planted.wrap({ stores, raw, table, callStore, random: createRandom(prng), now: environment.scheduler.now }),
  };
};

interface InvocationOptions {
  limits: Limits;
  kind: ProviderKind;
  revocation: RevocationKind;
  planted?: PlantedFault | undefined;
  invoke: Invoke;
}

export const invocationDeps = (
  environment: Environment,
  invocation: Invocation,
  { limits, kind, revocation, planted, invoke }: InvocationOptions,
): Deps => {
  const clock = planted?.clock?.(invocation.instance) ?? invocation.instance.clock;
  const timing = { clock, random: createRandom(environment.prng), sleep: createSleep(environment, invocation) };
  const retries = { ...timing, clock: invocation.instance.own };
  const stores = createStores(environment, invocation, planted);
  const providers = environment.operator.directory(invocation.instance, { kind, revocation });
  const configuration = retryingPort(stores.configuration, retries);
  const published = publishedConfiguration(
    cachedValue({ fetch: () => configuration.readConfiguration(), maxAgeMilliseconds: 0, clock }),
  );
  const deps: Deps = {
    ...timing,
    limits,
    configuration,
    templates: published,
    users: retryingPort(stores.users, retries),
    refreshes: retryingPort(stores.refreshes, retries),
    erasures: retryingPort(stores.erasures, retries),
    states: retryingPort(stores.states, retries),
    links: retryingPort(stores.links, retries),
    sealer: planted?.sealer?.(faultySealer(environment, invocation)) ?? faultySealer(environment, invocation),
    systemKeys: SYSTEM_KEYS,
    systemDirectory: published,
    publishedProviders: published,
    knownProviders: directoryKnownProviders(providers),
    providers,
    oauth: planted?.oauth?.(faultyProvider(environment, invocation)) ?? faultyProvider(environment, invocation),
    oauthStarts: faultyStarts(environment, invocation),
    redirects,
    placements: NO_PLACEMENTS,
    apiAddresses: directoryApiAddresses(providers),
    scopeRules: directoryScopeRules(providers),
    checks: credentialChecks(providers, directoryApiAddresses(providers)),
    providerApi: memoryProviderApi(),
    budget: planted?.budget ?? BUDGET,
    meter: NO_METER,
    // An instance runs one invocation at a time.
    flights: singleFlight(),
    log: NO_LOG,
    outcomes: providerOutcomes(),
    eventBus: memoryEventBus(),
    discovery: memoryDiscovery(),
    issuerReader: memoryDiscovery(),
    issuers: memoryIssuerStore(),
    registrations: memoryRegistrations(),
    dispatcher: faultyDispatcher(environment, invocation, invoke),
  };
  return planted?.dispatcher ? { ...deps, dispatcher: planted.dispatcher(deps) } : deps;
};
