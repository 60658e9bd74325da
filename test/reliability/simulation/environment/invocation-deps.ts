// What the real operations are given in one invocation: the real retries over the faulty stores, a sealer that can fail,
// and clock, chance and sleep from the seed.

import { publishedConfiguration } from '../../../../lib/adapters/published-configuration.ts';
import { retryingPort } from '../../../../lib/adapters/resilience/retrying-port.ts';
import type { Deps, Limits } from '../../../../lib/domain/ports/deps.ts';
import type { Random, Sleep } from '../../../../lib/domain/ports/runtime.ts';
import type { Sealer } from '../../../../lib/domain/ports/sealer.ts';
import { refreshBudget } from '../../../../lib/domain/refresh/budget.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { memoryDeps, memorySystemKeys } from '../../../support/memory/memory-deps.ts';
import { memoryEventBus } from '../../../support/memory/memory-event-bus.ts';
import { knownProvider, memoryProviders } from '../../../support/memory/memory-oauth.ts';
import { memorySealer } from '../../../support/memory/memory-sealer.ts';
import type { ProviderKind } from '../../../support/memory/token-provider.ts';
import type { PlantedFault } from '../planted/planted-fault.ts';
import { attemptOf } from './attempt.ts';
import type { Dice } from './dice.ts';
import { faultyProvider } from './faulty-provider.ts';
import { faultyStores } from './faulty-stores.ts';
import type { Stores } from './raw-stores.ts';
import type { Invocation } from './scheduler.ts';
import { crash, nextFault, strike, type World } from './world.ts';

const randomOf = (dice: Dice): Random => ({
  bytes: (count) => Uint8Array.from({ length: count }, () => dice.below(256)),
  uuid: () => `${dice.below(2 ** 32).toString(16)}-${dice.below(2 ** 32).toString(16)}`,
  fraction: dice.fraction,
});

const BUDGET = refreshBudget(5_000);
/** What a refresh needs from its call to the provider on. */
export const BUDGET_MILLISECONDS = BUDGET.providerMilliseconds + BUDGET.storeMilliseconds;
const NO_METER = { record: () => undefined };
const acme = (rotatesRefreshTokens?: boolean) =>
  memoryProviders(knownProvider({ revocationEndpoint: 'https://acme.example/revoke', rotatesRefreshTokens }));
/** A provider that is not known to keep its refresh tokens counts as one that rotates them. */
const PROVIDERS = { strict: acme(), grace: acme(), static: acme(false) };
const NO_PLACEMENTS = { keyPlacement: async () => undefined };
const { redirects: links } = memoryDeps();
const SYSTEM_KEYS = memorySystemKeys({ openai_api_key: 'operator' });

const sleepOf =
  (world: World, invocation: Invocation): Sleep =>
  async (milliseconds) => {
    const { crashes, faultRate } = world.weather;
    await world.scheduler.pause(invocation, milliseconds);
    if (!crashes || !world.dice.chance(faultRate / 10)) return;
    strike(world, 'crashed asleep', { invocation, method: 'sleep' });
    await crash(world, invocation);
  };

const SEALING_MILLISECONDS = 30;
const SEALER = memorySealer();

const faultySealer = (world: World, invocation: Invocation): Sealer => {
  const troubled = async <T>(method: string, call: () => Promise<T>): Promise<T> => {
    await world.scheduler.pause(invocation, world.dice.below(SEALING_MILLISECONDS));
    const fault = nextFault(world, invocation, 'sealer');
    if (fault) strike(world, fault, { invocation, method });
    if (fault === 'crashed sealing') await crash(world, invocation);
    if (fault === 'keys unavailable') throw new ServiceError('keys_unavailable');
    return call();
  };
  return {
    seal: (binding, document) => troubled('seal', () => SEALER.seal(binding, document)),
    open: (binding, sealed) => troubled('open', () => SEALER.open(binding, sealed)),
    openToReseal: (binding, sealed) => troubled('openToReseal', () => SEALER.openToReseal(binding, sealed)),
  };
};

const storesOf = (world: World, invocation: Invocation, planted: PlantedFault | undefined): Stores => {
  const attempt = attemptOf(world, invocation);
  const stores = faultyStores(world, invocation, attempt);
  if (!planted?.wrap) return stores;
  const { raw, table, dice } = world;
  return {
    ...stores,
    ...planted.wrap({ stores, raw, table, attempt, random: randomOf(dice), now: world.scheduler.now }),
  };
};

export const invocationDeps = (
  world: World,
  invocation: Invocation,
  { limits, kind, planted }: { limits: Limits; kind: ProviderKind; planted?: PlantedFault | undefined },
): Deps => {
  const clock = { now: world.scheduler.now };
  const timing = { clock, random: randomOf(world.dice), sleep: sleepOf(world, invocation) };
  const stores = storesOf(world, invocation, planted);
  const configuration = retryingPort(stores.configuration, timing);
  const published = publishedConfiguration(configuration, { clock, maxAgeSeconds: 0 });
  return {
    ...timing,
    limits,
    configuration,
    users: retryingPort(stores.users, timing),
    refreshes: retryingPort(stores.grants, timing),
    erasures: retryingPort(stores.erasures, timing),
    states: retryingPort(stores.states, timing),
    sealer: planted?.sealer?.(faultySealer(world, invocation)) ?? faultySealer(world, invocation),
    systemKeys: SYSTEM_KEYS,
    systemDirectory: published,
    publishedProviders: published,
    providers: PROVIDERS[kind],
    oauth: planted?.oauth?.(faultyProvider(world, invocation)) ?? faultyProvider(world, invocation),
    redirects: links,
    placements: NO_PLACEMENTS,
    budget: planted?.budget ?? BUDGET,
    meter: NO_METER,
    eventBus: memoryEventBus(),
  };
};
