// Where one run happens: its dice, its time, its table, what is written down about it, and the weather of the moment.
import { type MemoryTable, memoryTable } from '../../../support/memory/memory-table.ts';
import { type TokenProvider, tokenProvider } from '../../../support/memory/token-provider.ts';
import { emptyRefreshLog, type RefreshLog } from '../evidence/refresh-log.ts';
import { type Story, storyOf } from '../evidence/story.ts';
import { type Timeline, timelineOf } from '../evidence/timeline.ts';
import { type Dice, diceOf } from './dice.ts';
import { CALM, type Callee, drawFault, type FaultKind, type FaultsOf, type Weather } from './faults.ts';
import { rawStores, type Stores } from './raw-stores.ts';
import { type Invocation, type Scheduler, schedulerOf } from './scheduler.ts';

export interface World {
  dice: Dice;
  scheduler: Scheduler;
  table: MemoryTable;
  /** The stores as they are when nothing goes wrong. */
  raw: Stores;
  timeline: Timeline;
  story: Story;
  weather: Weather;
  /** Until then every call of a store is refused. */
  outageUntil: number;
  /** How often each fault struck. */
  struck: Map<FaultKind, number>;
  provider: TokenProvider;
  refreshes: RefreshLog;
  /** In place of the weather: which call of whom meets which fault. */
  script: FaultScript | null;
}

export type FaultScript = <C extends Callee>(invocation: Invocation, callee: C) => FaultsOf[C] | null;

/** What goes wrong with the next call of an invocation. */
export const nextFault = <C extends Callee>(world: World, invocation: Invocation, callee: C): FaultsOf[C] | null => {
  if (world.script) return world.script(invocation, callee);
  return drawFault(callee, world.dice, world.weather);
};

const START = Date.UTC(2030, 0, 1);

export const worldOf = (seed: number, tellStory: boolean): World => {
  const dice = diceOf(seed);
  const scheduler = schedulerOf(dice, START);
  const table = memoryTable();
  return {
    dice,
    scheduler,
    table,
    raw: rawStores(table),
    timeline: timelineOf(table, scheduler),
    story: storyOf(tellStory, () => `${scheduler.step()} +${scheduler.now() - START}ms`),
    weather: CALM,
    outageUntil: 0,
    struck: new Map(),
    provider: tokenProvider({ expiresInSeconds: dice.pick([30, 60, 3600]) }),
    refreshes: emptyRefreshLog(),
    script: null,
  };
};

export const strike = (world: World, fault: FaultKind, at: { invocation: Invocation; method: string }): void => {
  world.struck.set(fault, (world.struck.get(fault) ?? 0) + 1);
  if (at.method === 'storeRefreshed') world.refreshes.hindered.add(at.invocation.id);
  world.story.tell(() => `call ${at.invocation.id} ${at.method}: ${fault.toUpperCase()}`);
};

/** Ends the invocation; what is returned never settles. */
export const crash = (world: World, invocation: Invocation): Promise<never> => {
  world.scheduler.kill(invocation);
  return new Promise(() => {});
};
