// The faults of one call of a store, of the keys, of a provider or of the dispatcher, and how often they happen in a run. A fault prevents the
// write, hides its success, or crashes the caller.
import type { Prng } from './prng.ts';

export const storeFaults = [
  'throttled',
  'conflict',
  'refused',
  'hung',
  'denied',
  'lost',
  'delayed',
  'frozen',
  'crashed before',
  'crashed after',
  'outage',
] as const;
export type StoreFault = (typeof storeFaults)[number];

export const sealerFaults = ['keys unavailable', 'crashed sealing'] as const;
export type SealerFault = (typeof sealerFaults)[number];

export const providerFaults = [
  'provider down',
  'provider lost the answer',
  'provider slow',
  'provider answers late',
  'frozen at the provider',
  'crashed before the provider',
  'crashed after the provider',
] as const;
export type ProviderFaultKind = (typeof providerFaults)[number];

export const dispatcherFaults = [
  'dispatch refused',
  'invocation lost',
  'invocation doubled',
  'invocation late',
  'crashed after the dispatch',
] as const;
export type DispatcherFault = (typeof dispatcherFaults)[number];

/** What happens beside the calls (disturbances.ts). */
export const disturbances = ['function frozen', 'ttl deletion'] as const;

/** A change of the operator's entry (operator.ts). */
export const operatorFaults = ['entry changed'] as const;

export const faultKinds = [
  ...storeFaults,
  ...sealerFaults,
  ...providerFaults,
  ...dispatcherFaults,
  ...disturbances,
  ...operatorFaults,
  'crashed asleep',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** How often faults happen in a run. */
export interface FaultProfile {
  /** Of each call. */
  faultRate: number;
  weights: Readonly<Partial<Record<StoreFault, number>>>;
  crashes: boolean;
}

export const NO_FAULTS: FaultProfile = { faultRate: 0, weights: {}, crashes: false };

const STEADY: FaultProfile['weights'] = {
  throttled: 3,
  conflict: 3,
  refused: 2,
  hung: 1,
  lost: 8,
  delayed: 2,
  frozen: 2,
};

export const drawFaultProfile = (prng: Prng): FaultProfile => {
  const crashes = prng.chance(0.4);
  const weights = {
    ...STEADY,
    ...(crashes && { 'crashed before': 2, 'crashed after': 3 }),
    ...(prng.chance(0.2) && { outage: 1, denied: 1 }),
  };
  return { faultRate: prng.pick([0, 0.05, 0.1, 0.2, 0.35]), weights, crashes };
};

const drawStoreFault = (prng: Prng, faultProfile: FaultProfile): StoreFault | null =>
  faultProfile.faultRate > 0 && prng.chance(faultProfile.faultRate) ? prng.weighted(faultProfile.weights) : null;

const drawSealerFault = (prng: Prng, { faultRate, crashes }: FaultProfile): SealerFault | null => {
  if (faultRate === 0 || !prng.chance(faultRate / 4)) return null;
  return crashes ? prng.pick(sealerFaults) : 'keys unavailable';
};

const STEADY_PROVIDER: readonly ProviderFaultKind[] = [
  'provider down',
  'provider lost the answer',
  'provider slow',
  'provider answers late',
  'frozen at the provider',
];

const drawProviderFault = (prng: Prng, { faultRate, crashes }: FaultProfile): ProviderFaultKind | null => {
  if (faultRate === 0 || !prng.chance(faultRate)) return null;
  return prng.pick(crashes ? providerFaults : STEADY_PROVIDER);
};

const drawDispatcherFault = (prng: Prng, { faultRate, crashes }: FaultProfile): DispatcherFault | null => {
  if (faultRate === 0 || !prng.chance(Math.min(0.5, faultRate * 2))) return null;
  const fault = prng.pick(dispatcherFaults);
  return fault.startsWith('crashed') && !crashes ? 'invocation lost' : fault;
};

/** The faults possible at a call, by the port it calls. */
export interface FaultsOf {
  store: StoreFault;
  sealer: SealerFault;
  provider: ProviderFaultKind;
  dispatcher: DispatcherFault;
}
export type Callee = keyof FaultsOf;

const draws: { [C in Callee]: (prng: Prng, faultProfile: FaultProfile) => FaultsOf[C] | null } = {
  store: drawStoreFault,
  sealer: drawSealerFault,
  provider: drawProviderFault,
  dispatcher: drawDispatcherFault,
};

/** Draws the fault at random by the run's profile. */
export const drawFault = <C extends Callee>(callee: C, prng: Prng, faultProfile: FaultProfile): FaultsOf[C] | null =>
  draws[callee](prng, faultProfile);
