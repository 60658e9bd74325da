// The raw stores as seen by one invocation: every call may fail, and a read of a user or of an index may be torn like the pages of a
// DynamoDB Query: the user record is older than the rows, never the reverse.

import {
  byCreation,
  type CredentialRow,
  rowId,
  rowProvider,
  type SummaryRow,
} from '../../../../lib/domain/credential/rows.ts';
import type { CredentialRefreshStore } from '../../../../lib/domain/ports/credential-refresh-store.ts';
import { PortFault } from '../../../../lib/domain/ports/port-fault.ts';
import type { UserStore } from '../../../../lib/domain/ports/user-store.ts';
import type { Environment } from './environment.ts';
import type { Stores } from './raw-stores.ts';
import type { Invocation } from './scheduler.ts';
import type { StoreCaller } from './store-caller.ts';

type Method = (...parameters: unknown[]) => Promise<unknown>;

const wrapStore = <P extends object>(port: P, callStore: StoreCaller): P =>
  Object.fromEntries(
    Object.entries(port as Record<string, Method>).map(([name, method]) => [
      name,
      (...parameters: unknown[]) => callStore(name, () => method(...parameters)),
    ]),
  ) as P;

/** In the order of an index: by provider, then by creation. */
const compareIndexPlaces = (a: SummaryRow, b: SummaryRow): number => {
  const [first, second] = [rowProvider(a) ?? '', rowProvider(b) ?? ''];
  return first === second ? byCreation(a, b) : Number(first > second) - Number(first < second);
};

const PAGE_PAUSE_MILLISECONDS = 30;

const readInPages = (environment: Environment, invocation: Invocation, users: UserStore): UserStore['readUser'] => {
  const { prng, scheduler } = environment;
  return async (userId) => {
    const first = await users.readUser(userId);
    if (prng.chance(0.5)) return first;
    await scheduler.pause(invocation, prng.below(PAGE_PAUSE_MILLISECONDS));
    const later = await users.readUser(userId);
    const turn = prng.pick(['', 'b', '~']);
    const isFirstPage = (row: CredentialRow) => rowId(row) < turn;
    return {
      userRecord: first.userRecord,
      rows: [...first.rows.filter(isFirstPage), ...later.rows.filter((row) => !isFirstPage(row))],
    };
  };
};

/** The pages of an index come in the order of its keys, and each shows the entries of its own moment. */
const readIndexInPages = (
  environment: Environment,
  invocation: Invocation,
  users: UserStore,
): UserStore['readSummaries'] => {
  const { prng, scheduler } = environment;
  return async (userId, range) => {
    const first = await users.readSummaries(userId, range);
    if (prng.chance(0.5)) return first;
    await scheduler.pause(invocation, prng.below(PAGE_PAUSE_MILLISECONDS));
    const later = await users.readSummaries(userId, range);
    const turn = prng.pick([undefined, ...first, ...later]);
    const isFirstPage = (row: SummaryRow) => turn !== undefined && compareIndexPlaces(row, turn) < 0;
    return [...first.filter(isFirstPage), ...later.filter((row) => !isFirstPage(row))];
  };
};

/** Some methods promise only best effort, at most once; their faults are ignored here, below the retries. */
const bestEffort =
  <P extends unknown[]>(method: (...parameters: P) => Promise<void>) =>
  async (...parameters: P): Promise<void> => {
    try {
      await method(...parameters);
    } catch (error) {
      if (!(error instanceof PortFault)) throw error;
    }
  };

/** Records every lease that was stored: by which call and over which stored lease, which may not be the one that the call expected. */
const recordLeases = (
  environment: Environment,
  invocation: Invocation,
  { readLease, swapLease }: CredentialRefreshStore,
): CredentialRefreshStore['swapLease'] => {
  return async (key, swap) => {
    const from = await readLease(key);
    const done = await swapLease(key, swap);
    const { to } = swap;
    const [at, step] = [environment.scheduler.now(), environment.scheduler.step()];
    if (done) environment.refreshes.leases.push({ callId: invocation.id, key, from, to, at, step });
    return done;
  };
};

export const faultyStores = (environment: Environment, invocation: Invocation, callStore: StoreCaller): Stores => {
  const { users, refreshes, erasures, states, links, configuration } = environment.raw;
  const faultyStates = wrapStore(states, callStore);
  const faultyRefreshes = wrapStore(
    { ...refreshes, swapLease: recordLeases(environment, invocation, refreshes) },
    callStore,
  );
  return {
    users: wrapStore(
      {
        ...users,
        readUser: readInPages(environment, invocation, users),
        readSummaries: readIndexInPages(environment, invocation, users),
      },
      callStore,
    ),
    erasures: wrapStore(erasures, callStore),
    links: wrapStore(links, callStore),
    states: { ...faultyStates, releaseState: bestEffort(faultyStates.releaseState) },
    refreshes: {
      ...faultyRefreshes,
      noteUse: bestEffort(faultyRefreshes.noteUse),
      rescheduleRenewal: bestEffort(faultyRefreshes.rescheduleRenewal),
    },
    configuration: wrapStore(configuration, callStore),
  };
};
