// A fault put in on purpose, between the retries and the store, to prove that the simulator sees it: a mistake somebody
// could make in an adapter. Nothing in the product can switch one on.
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import type { OAuthProtocol } from '../../../../lib/domain/ports/oauth-protocol.ts';
import type { Random } from '../../../../lib/domain/ports/runtime.ts';
import type { Sealer } from '../../../../lib/domain/ports/sealer.ts';
import type { RefreshBudget } from '../../../../lib/domain/refresh/budget.ts';
import type { MemoryTable, MemoryUser } from '../../../support/memory/memory-table.ts';
import type { Stores } from '../environment/raw-stores.ts';
import type { StoreCaller } from '../environment/store-caller.ts';
import type { Request } from '../workload/request.ts';

/** What a planted fault is made of. `stores` fail as stores do; `raw` do not, and belong inside an `attempt`. */
export interface FaultContext {
  stores: Stores;
  raw: Stores;
  table: MemoryTable;
  callStore: StoreCaller;
  random: Random;
  now: () => number;
}

export interface PlantedFault {
  /** How the rule begins by which it must be found out. */
  breaks: string;
  wrap?: (context: FaultContext) => Partial<Stores>;
  /** In place of another port, where it is another that lies. */
  sealer?: (sealer: Sealer) => Sealer;
  oauth?: (oauth: OAuthProtocol) => OAuthProtocol;
  budget?: RefreshBudget;
  /** In place of the operation, where an operation's own check is what is left out. */
  perform?: (deps: Deps, request: Request) => Promise<unknown>;
}

export type PlantedFaults = Readonly<Record<string, PlantedFault>>;

/** Runs the effect with the erasure mark out of sight. */
export const asIfNotErasing = <T>(user: MemoryUser, effect: () => T): T => {
  const { head } = user;
  if (head === null || head.erasing === null) return effect();
  const hidden = { ...head, erasing: null };
  user.head = hidden;
  const answer = effect();
  user.head = user.head === hidden ? head : { ...user.head, erasing: head.erasing };
  return answer;
};

/** Runs the effect as if the erasure `id` were under way; the mark stays as it was unless the effect moves it. */
export const asIfErasing = <T>(user: MemoryUser, id: string, effect: () => T): T => {
  const { head } = user;
  if (head === null) return effect();
  const pretended = { ...head, erasing: id };
  user.head = pretended;
  const answer = effect();
  if (user.head === pretended) user.head = head;
  return answer;
};
