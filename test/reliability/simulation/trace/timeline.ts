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

/** An OAuth state as it was from `step` on, and which call made it so; `row` is null once it is deleted. */
export interface StateMoment {
  step: number;
  at: number;
  callId: number;
  method: string;
  row: StateRow | null;
}

export interface StateRecord {
  row: StateRow;
  createdStep: number;
  isStored: boolean;
  /** Every change, the creation first. */
  moments: StateMoment[];
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

/** What later requests change in a state, which the store in memory does in place. */
const isSameState = (a: StateRow, b: StateRow): boolean =>
  a.usedBy === b.usedBy &&
  a.pendingCode === b.pendingCode &&
  a.receiptHash === b.receiptHash &&
  a.deniedAt === b.deniedAt &&
  a.pollAfter === b.pollAfter &&
  a.outcome === b.outcome &&
  a.credentialId === b.credentialId;

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
      openWindows: user.openStates.size + user.openLinks.size,
      leases: user.leases.size,
      before,
    });
  };

  const observeState = (hash: string, row: StateRow | null, by: { callId: number; method: string }) => {
    const [step, at] = [scheduler.step(), scheduler.now()];
    const known = states.get(hash);
    const moment = { ...by, step, at, row: row && { ...row } };
    if (!known) {
      if (row) states.set(hash, { row, createdStep: step, isStored: true, moments: [moment] });
      return;
    }
    const last = known.moments.at(-1)?.row ?? null;
    if (row === null ? last === null : last !== null && isSameState(last, row)) return;
    known.isStored = row !== null;
    known.moments.push(moment);
  };

  return {
    users,
    states,
    countLeases: (userId) => table.users.get(userId)?.leases.size ?? 0,
    observe(callId, method) {
      for (const [userId, user] of table.users) observeUser(userId, user, { callId, method });
      for (const [hash, row] of table.states) observeState(hash, row, { callId, method });
      for (const hash of states.keys()) if (!table.states.has(hash)) observeState(hash, null, { callId, method });
    },
  };
};
