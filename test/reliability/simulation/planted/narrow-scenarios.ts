// Narrower scenarios, in which planted faults that are rare in the drawn ones show within dozens of seeds.
import type { FaultProfile, StoreFault } from '../environment/faults.ts';
import type { Scenario } from '../workload/scenario.ts';

/** A fault profile of these store faults alone, equally frequent; the provider and the keys fail as often. */
const faultsAlone = (faultRate: number, ...faults: StoreFault[]): FaultProfile => ({
  faultRate,
  weights: Object.fromEntries(faults.map((fault) => [fault, 1])),
  crashes: faults.some((fault) => fault.startsWith('crashed')),
});

const MERGES = { workload: 'merging', users: ['ann'], callsPerClient: 9 } as const;

/** By what happens in them. */
export const narrowScenarios = {
  merges: { ...MERGES, clients: 6, maxPauseMilliseconds: 2_000 },
  mergesWithLostAnswers: { ...MERGES, clients: 4, maxPauseMilliseconds: 500, faultProfile: faultsAlone(0.35, 'lost') },
  sharedAccounts: {
    ...{ workload: 'leaving', users: ['ann'], clients: 4, callsPerClient: 9, maxPauseMilliseconds: 20 },
    revocation: 'ends_account',
  },
  departures: { workload: 'departure' },
  revivals: {
    ...{ workload: 'revival', users: ['ann'], clients: 5, callsPerClient: 6, maxPauseMilliseconds: 20 },
    faultProfile: faultsAlone(0.2, 'delayed', 'frozen'),
  },
  crashesWithinMinutes: {
    ...{ workload: 'storm', users: ['ann'], clients: 4, callsPerClient: 9, maxPauseMilliseconds: 60_000 },
    ...{ providerKind: 'strict', faultProfile: faultsAlone(0.1, 'crashed after') },
  },
  lostAnswersInAStorm: {
    ...{ workload: 'storm', users: ['ann'], clients: 6, callsPerClient: 6, maxPauseMilliseconds: 20_000 },
    ...{ providerKind: 'grace', faultProfile: faultsAlone(0.2, 'lost') },
  },
  lostAnswersAndReplacements: {
    ...{ workload: 'refreshing', users: ['ann'], clients: 4, callsPerClient: 9, maxPauseMilliseconds: 20 },
    ...{ providerKind: 'strict', faultProfile: faultsAlone(0.2, 'lost') },
  },
} as const satisfies Record<string, Partial<Scenario>>;
