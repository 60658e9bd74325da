// What one run is about: few users, few ids, few clients, so that they meet; small limits and lifetimes, so that these are
// reached.
import type { Limits } from '../../../../lib/domain/ports/deps.ts';
import { type ProviderKind, providerKinds } from '../../../support/memory/token-provider.ts';
import type { Dice } from '../world/dice.ts';
import { type Weather, weatherOf } from '../world/faults.ts';
import type { RequestKind } from './request.ts';

export interface Scenario {
  theme: Theme;
  /** How the provider of grants treats its refresh tokens. */
  providerKind: ProviderKind;
  users: readonly string[];
  clients: number;
  callsPerClient: number;
  /** Calls made in peace before the clients come. */
  preparations: number;
  /** Longest pause of a client between two calls. */
  thinkingMilliseconds: number;
  limits: Limits;
  weather: Weather;
}

type Weights = Readonly<Partial<Record<RequestKind, number>>>;

const themes = {
  credentials: { add: 5, replace: 4, rename: 3, delete: 4, edit: 4, list: 2, get: 2, resolve: 1 },
  erasure: { erase: 6, add: 6, putManaged: 1, delete: 1, createState: 2, consume: 2, list: 1, replace: 1 },
  rivals: { erase: 7, add: 5, createState: 1 },
  states: { createState: 3, consume: 8, erase: 1 },
  refreshing: { add: 4, replace: 2, rename: 1, delete: 1, erase: 1, list: 1, sweep: 2, resolve: 16 },
  storm: { add: 2, replace: 1, sweep: 1, resolve: 20 },
  revival: { add: 6, delete: 4, replace: 2, resolve: 12 },
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
export type Theme = keyof typeof themes;

export const playsGrants = (theme: Theme): boolean =>
  theme === 'refreshing' || theme === 'storm' || theme === 'revival';

export const requestWeights = (theme: Theme): Weights => themes[theme];

const limitsOf = (dice: Dice): Limits => ({
  maxCredentialsPerUser: dice.pick([1, 2, 3, 1000]),
  maxOpenStatesPerUser: dice.pick([1, 3, 100]),
  oauthStateTtlSeconds: dice.pick([1, 10, 600]),
  refreshMinTtlSeconds: 300,
  refreshLeadSeconds: 900,
});

/** Until tokens lapse, leases too, and days pass. */
const LONG = [20, 2000, 15_000, 60_000, 3_600_000, 90_000_000];

const RIVALS_THINK = { rivals: [20], storm: LONG, revival: [20, 500, 3_000] } as const;

const isRivalry = (theme: Theme): theme is keyof typeof RIVALS_THINK => theme in RIVALS_THINK;

/** Rivals want the same thing of the same user at the same time. */
const crowdOf = (dice: Dice, theme: Theme): Pick<Scenario, 'users' | 'clients' | 'thinkingMilliseconds'> =>
  isRivalry(theme)
    ? { users: ['ann'], clients: 3 + dice.below(3), thinkingMilliseconds: dice.pick(RIVALS_THINK[theme]) }
    : {
        users: dice.chance(0.7) ? ['ann'] : ['ann', 'bob'],
        clients: 2 + dice.below(3),
        thinkingMilliseconds: dice.pick(theme === 'refreshing' ? LONG : [0, 20, 20, 2000, 20_000]),
      };

const ABOUT = {
  store: { credentials: 4, erasure: 2, rivals: 3, states: 3, mixed: 2 },
  grants: { refreshing: 4, storm: 4, revival: 3 },
} as const satisfies Record<string, Partial<Record<Theme, number>>>;

/** What a suite is about: what is stored, or grants and their refreshing. */
export type Subject = keyof typeof ABOUT;

export const scenarioOf = (dice: Dice, subject: Subject): Scenario => {
  const theme = dice.weighted<Theme>(ABOUT[subject]);
  return {
    theme,
    providerKind: dice.pick(providerKinds),
    ...crowdOf(dice, theme),
    callsPerClient: 1 + dice.below(playsGrants(theme) ? 5 : 4),
    preparations: dice.below(3) + (playsGrants(theme) ? 1 : 0),
    limits: limitsOf(dice),
    weather: weatherOf(dice),
  };
};
