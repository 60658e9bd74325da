// The history of the table: a snapshot after every call that changed a user, and the changes of every OAuth state.
// It reads the table itself, not the answers of a store, so a wrong answer is detected.

import type { Item } from '../../../../lib/domain/credential/rows.ts';
import type { StateRow } from '../../../../lib/domain/oauth/oauth-state.ts';
import type { UserRecord } from '../../../../lib/domain/ports/user-store.ts';
import { emptyUserRecord, type MemoryTable, type MemoryUser } from '../../../support/memory/memory-table.ts';
import type { Scheduler } from '../environment/scheduler.ts';

type Items = ReadonlyMap<string, Item>;

/** The state of a user from `step` on, and the call that caused it. */
export interface Snapshot {
  step: number;
  callId: number;
  method: string;
  userRecord: UserRecord;
  rows: Items;
  managed: Items;
  openWindows: number;
  leases: number;
  before: Snapshot | null;
}

export interface StateRecord {
  row: StateRow;
  createdStep: number;
  isStored: boolean;
}

export interface Timeline {
  /** Call right after anything that may have changed the table. */
  observe(callId: number, method: string): void;
  users: ReadonlyMap<string, readonly Snapshot[]>;
  states: ReadonlyMap<string, StateRecord>;
  /** How many leases the user has now. */
  countLeases(userId: string): number;
}

export const emptySnapshot: Snapshot = {
  step: 0,
  callId: 0,
  method: '',
  userRecord: emptyUserRecord,
  rows: new Map(),
  managed: new Map(),
  openWindows: 0,
  leases: 0,
  before: null,
};

/** Stores replace items and user records; they never modify them in place. */
const sameItems = (a: Items, b: Items): boolean => {
  if (a.size !== b.size) return false;
  for (const [key, item] of a) if (b.get(key) !== item) return false;
  return true;
};

const isSame = ({ userRecord, rows, managed }: Snapshot, user: MemoryUser): boolean =>
  userRecord === (user.userRecord ?? emptyUserRecord) &&
  sameItems(rows, user.credentials) &&
  sameItems(managed, user.managed);

export const createTimeline = (table: MemoryTable, scheduler: Scheduler): Timeline => {
  const users = new Map<string, Snapshot[]>();
  const states = new Map<string, StateRecord>();

  const observeUser = (userId: string, user: MemoryUser, by: { callId: number; method: string }) => {
    const snapshots = users.get(userId) ?? [emptySnapshot];
    const before = snapshots.at(-1) as Snapshot;
    users.set(userId, snapshots);
    if (isSame(before, user)) return;
    const now = {
      userRecord: user.userRecord ?? emptyUserRecord,
      rows: new Map(user.credentials),
      managed: new Map(user.managed),
    };
    snapshots.push({
      ...by,
      ...now,
      step: scheduler.step(),
      openWindows: user.openStates.size,
      leases: user.leases.size,
      before,
    });
  };

  return {
    users,
    states,
    countLeases: (userId) => table.users.get(userId)?.leases.size ?? 0,
    observe(callId, method) {
      for (const [userId, user] of table.users) observeUser(userId, user, { callId, method });
      for (const [hash, row] of table.states) {
        if (!states.has(hash)) states.set(hash, { row, createdStep: scheduler.step(), isStored: true });
      }
      for (const [hash, state] of states) state.isStored = table.states.has(hash);
    },
  };
};
