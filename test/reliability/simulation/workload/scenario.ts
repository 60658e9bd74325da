// The scenario of one run: few users, ids and clients, so that they conflict; small limits and lifetimes, so that these are
// reached.
import type { Limits } from '../../../../lib/domain/ports/deps.ts';
import { type ProviderKind, providerKinds } from '../../../support/memory/token-provider.ts';
import { drawFaultProfile, type FaultProfile } from '../environment/faults.ts';
import type { Prng } from '../environment/prng.ts';
import type { ClientRequestKind } from './request.ts';

export interface Scenario {
  workload: Workload;
  /** How the provider treats its refresh tokens. */
  providerKind: ProviderKind;
  /** What a revocation takes and ends. */
  revocation: RevocationKind;
  users: readonly string[];
  clients: number;
  callsPerClient: number;
  /** Calls made without faults before the clients start. */
  preparations: number;
  /** Longest pause of a client between two calls. */
  maxPauseMilliseconds: number;
  limits: Limits;
  faultProfile: FaultProfile;
}

/** Both tokens of one grant; an access token of one grant; or both, and every grant of the account ends. */
export type RevocationKind = 'plain' | 'access_token' | 'ends_account';

/** By the seed, not drawn: so the other seeds play as they did without it. */
const revocationKind = (seed: number): RevocationKind =>
  seed % 3 === 0 ? 'ends_account' : seed % 4 === 0 ? 'access_token' : 'plain';

/** How a seed revokes; of connections that end accounts, a third deletes much. */
export const chooseRevocation = (seed: number, subject: Subject): Pick<Scenario, 'revocation'> & Partial<Scenario> => ({
  revocation: revocationKind(seed),
  ...(subject === 'connect' && seed % 9 === 0 && { workload: 'leaving' as const }),
});

type Weights = Readonly<Partial<Record<ClientRequestKind, number>>>;

const workloads = {
  credentials: { add: 5, replace: 4, rename: 3, delete: 4, edit: 4, list: 2, get: 2, resolve: 1 },
  erasure: { erase: 6, add: 6, putManaged: 1, delete: 1, createState: 2, consume: 2, list: 1, replace: 1 },
  rivals: { erase: 7, add: 5, createState: 1 },
  states: { createState: 3, consume: 8, erase: 1 },
  refreshing: { add: 4, replace: 2, rename: 1, delete: 1, erase: 1, list: 1, sweep: 2, resolve: 16 },
  storm: { add: 2, replace: 1, sweep: 1, resolve: 20 },
  revival: { add: 6, delete: 4, replace: 2, resolve: 12 },
  departure: { add: 5, erase: 4, resolve: 8 },
  connecting: { connect: 3, callback: 6, complete: 8, list: 1, delete: 1, erase: 1 },
  merging: { connect: 4, callback: 5, complete: 9, replace: 2, rename: 1, delete: 1, resolve: 2 },
  leaving: { connect: 4, callback: 5, complete: 8, delete: 5 },
  devices: { startDevice: 3, poll: 10, erase: 1, delete: 1 },
  linking: { makeLink: 3, add: 5, connect: 3, callback: 5, complete: 7, startDevice: 1, poll: 3, erase: 1, delete: 1 },
  mixed: {
    add: 4,
    replace: 2,
    rename: 2,
    delete: 2,
    edit: 2,
    erase: 1,
    putManaged: 3,
    deleteManaged: 2,
    getManaged: 2,
    list: 1,
    get: 1,
    resolve: 1,
    createState: 1,
    consume: 2,
    publish: 1,
  },
} as const satisfies Record<string, Weights>;
export type Workload = keyof typeof workloads;

export const usesRefresh = (workload: Workload): boolean =>
  workload === 'refreshing' || workload === 'storm' || workload === 'revival' || workload === 'departure';

const CONNECTING: ReadonlySet<Workload> = new Set<Workload>(['connecting', 'merging', 'leaving', 'devices', 'linking']);

export const usesConnect = (workload: Workload): boolean => CONNECTING.has(workload);

export const requestWeights = (workload: Workload): Weights => workloads[workload];

const drawLimits = (prng: Prng, workload: Workload): Limits => ({
  maxCredentialsPerUser: prng.pick([1, 2, 3, 1000]),
  maxOpenStatesPerUser: prng.pick([1, 3, 100]),
  oauthStateTtlSeconds: prng.pick(usesConnect(workload) ? [10, 600, 600] : [1, 10, 600]),
  refreshMinTtlSeconds: 300,
  refreshLeadSeconds: 900,
});

/** Pauses in which tokens expire, leases expire, or days pass. */
const LONG = [20, 2000, 15_000, 60_000, 3_600_000, 90_000_000];

const RIVAL_PAUSES = { rivals: [20], storm: LONG, revival: [20, 500, 3_000] } as const;

/** Within the shortest life of a link, or around it. */
const LINK_PAUSES = [20, 20, 2_000, 60_000];

const drawPause = (prng: Prng, workload: Workload): number => {
  if (workload === 'linking') return prng.pick(LINK_PAUSES);
  return prng.pick(workload === 'refreshing' ? LONG : [0, 20, 20, 2000, 20_000]);
};

const isRivalry = (workload: Workload): workload is keyof typeof RIVAL_PAUSES => workload in RIVAL_PAUSES;

/** Competing clients send the same request for the same user at the same time. */
const drawClients = (prng: Prng, workload: Workload): Pick<Scenario, 'users' | 'clients' | 'maxPauseMilliseconds'> =>
  isRivalry(workload)
    ? { users: ['ann'], clients: 3 + prng.below(3), maxPauseMilliseconds: prng.pick(RIVAL_PAUSES[workload]) }
    : {
        users: prng.chance(0.7) ? ['ann'] : ['ann', 'bob'],
        clients: 2 + prng.below(3),
        maxPauseMilliseconds: drawPause(prng, workload),
      };

const WORKLOADS_BY_SUBJECT = {
  store: { credentials: 4, erasure: 2, rivals: 3, states: 3, mixed: 2 },
  refresh: { refreshing: 4, storm: 4, revival: 3 },
  connect: { connecting: 4, merging: 4, devices: 3 },
  link: { linking: 1 },
} as const satisfies Record<string, Partial<Record<Workload, number>>>;

/** The subject of a suite: stored data, grants and their refreshes, connections, or connect links. */
export type Subject = keyof typeof WORKLOADS_BY_SUBJECT;

export const drawScenario = (prng: Prng, subject: Subject): Omit<Scenario, 'revocation'> => {
  const workload = prng.weighted<Workload>(WORKLOADS_BY_SUBJECT[subject]);
  return {
    workload,
    providerKind: prng.pick(providerKinds),
    ...drawClients(prng, workload),
    callsPerClient: (usesConnect(workload) ? 2 : 1) + prng.below(usesRefresh(workload) ? 5 : 4),
    preparations: prng.below(3) + (usesRefresh(workload) ? 1 : usesConnect(workload) ? 3 : 0),
    limits: drawLimits(prng, workload),
    faultProfile: drawFaultProfile(prng),
  };
};
