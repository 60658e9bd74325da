// The environment of one run: random source, virtual time, table, trace, and the faults in force.
import { type MemoryTable, memoryTable } from '../../../support/memory/memory-table.ts';
import { type TokenProvider, tokenProvider } from '../../../support/memory/token-provider.ts';
import { type AuthorizationServer, createAuthorizationServer } from '../connect/authorization-server.ts';
import { createPlaceLog, type PlaceLog } from '../connect/place-log.ts';
import { createEventLog, type EventLog } from '../trace/event-log.ts';
import { emptyRefreshLog, type RefreshLog } from '../trace/refresh-log.ts';
import { createTimeline, type Timeline } from '../trace/timeline.ts';
import { type Callee, drawFault, type FaultKind, type FaultProfile, type FaultsOf, NO_FAULTS } from './faults.ts';
import { createFunctionInstances, type FunctionInstances } from './function-instances.ts';
import { createOperator, type Operator } from './operator.ts';
import { createPrng, type Prng } from './prng.ts';
import { rawStores, type Stores } from './raw-stores.ts';
import { createScheduler, type Invocation, type Scheduler } from './scheduler.ts';

export interface Environment {
  prng: Prng;
  scheduler: Scheduler;
  instances: FunctionInstances;
  table: MemoryTable;
  /** The stores without faults. */
  raw: Stores;
  timeline: Timeline;
  eventLog: EventLog;
  faultProfile: FaultProfile;
  /** Until this time every store call fails. */
  outageUntil: number;
  /** How often each fault was injected. */
  faultCounts: Map<FaultKind, number>;
  provider: TokenProvider;
  authorization: AuthorizationServer;
  places: PlaceLog;
  /** Calls that were frozen between two awaits, and for how long at most (milliseconds). */
  freezes: Map<number, number>;
  refreshes: RefreshLog;
  /** Replaces random faults: decides the fault of each call of an invocation. */
  script: FaultScript | null;
  operator: Operator;
}

export type FaultScript = <C extends Callee>(invocation: Invocation, callee: C) => FaultsOf[C] | null;

/** The fault of the next call of an invocation. */
export const nextFault = <C extends Callee>(
  environment: Environment,
  invocation: Invocation,
  callee: C,
): FaultsOf[C] | null => {
  if (environment.script) return environment.script(invocation, callee);
  return drawFault(callee, environment.prng, environment.faultProfile);
};

const START = Date.UTC(2030, 0, 1);

export const createEnvironment = (
  seed: number,
  { logEvents, isChanged = false }: { logEvents: boolean; isChanged?: boolean },
): Environment => {
  const prng = createPrng(seed);
  const scheduler = createScheduler(prng, START);
  const table = memoryTable();
  return {
    prng,
    scheduler,
    instances: createFunctionInstances(prng, scheduler),
    table,
    raw: rawStores(table),
    timeline: createTimeline(table, scheduler),
    eventLog: createEventLog(logEvents, () => `${scheduler.step()} +${scheduler.now() - START}ms`),
    faultProfile: NO_FAULTS,
    outageUntil: 0,
    faultCounts: new Map(),
    provider: tokenProvider({ expiresInSeconds: prng.pick([30, 60, 3600]) }),
    authorization: createAuthorizationServer(),
    places: createPlaceLog(table),
    freezes: new Map(),
    refreshes: emptyRefreshLog(),
    script: null,
    operator: createOperator(seed, isChanged),
  };
};

export const recordFault = (
  environment: Environment,
  fault: FaultKind,
  at: { invocation: Invocation; method: string },
): void => {
  environment.faultCounts.set(fault, (environment.faultCounts.get(fault) ?? 0) + 1);
  if (at.method === 'storeRefreshed') environment.refreshes.callsWithStoreFault.add(at.invocation.id);
  environment.eventLog.append(() => `call ${at.invocation.id} ${at.method}: ${fault.toUpperCase()}`);
};

/** Ends the invocation; the returned promise never settles. */
export const crash = (environment: Environment, invocation: Invocation): Promise<never> => {
  environment.scheduler.kill(invocation);
  return new Promise(() => {});
};
