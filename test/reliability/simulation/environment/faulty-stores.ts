// The raw stores as one invocation meets them: every call may fail, and a read of a user may be torn, as the pages of a
// DynamoDB Query are: the head as of before, the rows as of later, never the reverse.

import { type CredentialRow, rowId } from '../../../../lib/domain/credential/rows.ts';
import type { CredentialRefreshStore } from '../../../../lib/domain/ports/credential-refresh-store.ts';
import { PortFault } from '../../../../lib/domain/ports/port-fault.ts';
import type { UserStore } from '../../../../lib/domain/ports/user-store.ts';
import type { Attempt } from './attempt.ts';
import type { Stores } from './raw-stores.ts';
import type { Invocation } from './scheduler.ts';
import type { World } from './world.ts';

type Method = (...parameters: unknown[]) => Promise<unknown>;

const attempted = <P extends object>(port: P, attempt: Attempt): P =>
  Object.fromEntries(
    Object.entries(port as Record<string, Method>).map(([name, method]) => [
      name,
      (...parameters: unknown[]) => attempt(name, () => method(...parameters)),
    ]),
  ) as P;

const PAGE_PAUSE_MILLISECONDS = 30;

const inPages = (world: World, invocation: Invocation, users: UserStore): UserStore['readUser'] => {
  const { dice, scheduler } = world;
  return async (userId) => {
    const first = await users.readUser(userId);
    if (dice.chance(0.5)) return first;
    await scheduler.pause(invocation, dice.below(PAGE_PAUSE_MILLISECONDS));
    const later = await users.readUser(userId);
    const turn = dice.pick(['', 'b', '~']);
    const isFirstPage = (row: CredentialRow) => rowId(row) < turn;
    return {
      head: first.head,
      rows: [...first.rows.filter(isFirstPage), ...later.rows.filter((row) => !isFirstPage(row))],
    };
  };
};

/** The contract of some methods: at most once, best effort; so a fault is swallowed here, below the retries. */
const once =
  <P extends unknown[]>(method: (...parameters: P) => Promise<void>) =>
  async (...parameters: P): Promise<void> => {
    try {
      await method(...parameters);
    } catch (error) {
      if (!(error instanceof PortFault)) throw error;
    }
  };

/** Every lease that was put, by whom and over what, whatever he believed to be there. */
const noting = (
  world: World,
  invocation: Invocation,
  { readLease, swapLease }: CredentialRefreshStore,
): CredentialRefreshStore['swapLease'] => {
  return async (key, swap) => {
    const from = await readLease(key);
    const done = await swapLease(key, swap);
    const { to } = swap;
    const [at, step] = [world.scheduler.now(), world.scheduler.step()];
    if (done) world.refreshes.leases.push({ callId: invocation.id, key, from, to, at, step });
    return done;
  };
};

export const faultyStores = (world: World, invocation: Invocation, attempt: Attempt): Stores => {
  const { users, grants, erasures, states, configuration } = world.raw;
  const faultyStates = attempted(states, attempt);
  const faultyGrants = attempted({ ...grants, swapLease: noting(world, invocation, grants) }, attempt);
  return {
    users: attempted({ ...users, readUser: inPages(world, invocation, users) }, attempt),
    erasures: attempted(erasures, attempt),
    states: { ...faultyStates, releaseState: once(faultyStates.releaseState) },
    grants: {
      ...faultyGrants,
      noteUse: once(faultyGrants.noteUse),
      rescheduleRenewal: once(faultyGrants.rescheduleRenewal),
    },
    configuration: attempted(configuration, attempt),
  };
};
