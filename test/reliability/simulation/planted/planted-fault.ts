// A planted fault replaces part of a port or an operation for a test, to prove that the simulator detects it: a mistake an
// adapter could contain. The product has no switch for it.
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import type { OAuthProtocol } from '../../../../lib/domain/ports/oauth-protocol.ts';
import type { RefreshDispatcher } from '../../../../lib/domain/ports/refresh-dispatcher.ts';
import type { Clock, Random } from '../../../../lib/domain/ports/runtime.ts';
import type { Sealer } from '../../../../lib/domain/ports/sealer.ts';
import type { RefreshBudget } from '../../../../lib/domain/refresh/budget.ts';
import type { MemoryTable, MemoryUser } from '../../../support/memory/memory-table.ts';
import type { FunctionInstance } from '../environment/function-instances.ts';
import type { Stores } from '../environment/raw-stores.ts';
import type { StoreCaller } from '../environment/store-caller.ts';
import type { Request } from '../workload/request.ts';
import type { Scenario } from '../workload/scenario.ts';

/** What a planted fault can use. `stores` inject faults; `raw` never fail and are called inside `callStore`. */
export interface FaultContext {
  stores: Stores;
  raw: Stores;
  table: MemoryTable;
  callStore: StoreCaller;
  random: Random;
  now: () => number;
}

/** One mistake, and the invariant that must detect it. */
export interface PlantedFault {
  /** How the text of the invariant begins that must detect it. */
  violates: string;
  /** Replaces parts of the drawn scenario, so that a rare fault shows within dozens of seeds instead of thousands. */
  narrows?: Partial<Scenario> | undefined;
  wrap?: (context: FaultContext) => Partial<Stores>;
  /** Replaces another port. */
  sealer?: (sealer: Sealer) => Sealer;
  oauth?: (oauth: OAuthProtocol) => OAuthProtocol;
  budget?: RefreshBudget;
  clock?: (instance: FunctionInstance) => Clock;
  /** From the dependencies of the call that dispatches. */
  dispatcher?: (deps: Deps) => RefreshDispatcher;
  /** Replaces the operation, to leave out one of its own checks. */
  perform?: (deps: Deps, request: Request) => Promise<unknown>;
}

/** By description. */
export type PlantedFaults = Readonly<Record<string, PlantedFault>>;

/** Runs the effect with the erasure mark hidden. */
export const asIfNotErasing = <T>(user: MemoryUser, effect: () => T): T => {
  const { userRecord } = user;
  if (userRecord === null || userRecord.erasing === null) return effect();
  const hidden = { ...userRecord, erasing: null };
  user.userRecord = hidden;
  const answer = effect();
  user.userRecord = user.userRecord === hidden ? userRecord : { ...user.userRecord, erasing: userRecord.erasing };
  return answer;
};

/** Runs the effect as if the erasure `id` were running; restores the mark unless the effect changed it. */
export const asIfErasing = <T>(user: MemoryUser, id: string, effect: () => T): T => {
  const { userRecord } = user;
  if (userRecord === null) return effect();
  const marked = { ...userRecord, erasing: id };
  user.userRecord = marked;
  const answer = effect();
  if (user.userRecord === marked) user.userRecord = userRecord;
  return answer;
};
