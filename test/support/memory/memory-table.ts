// The table in memory: the same rows, changed by one call at a time. The stores in this folder implement the ports; the
// contract suites check that they behave like the table engine.

import type { Item } from '../../../lib/domain/credential/rows.ts';
import type { LinkRow } from '../../../lib/domain/link/connect-link.ts';
import type { StateRow } from '../../../lib/domain/oauth/oauth-state.ts';
import type { PublishedConfiguration } from '../../../lib/domain/ports/configuration-store.ts';
import type { UserRecord } from '../../../lib/domain/ports/user-store.ts';
import type { RefreshLease } from '../../../lib/domain/refresh/lease.ts';

export interface MemoryUser {
  userRecord: UserRecord | null;
  /** When TTL may delete the user record of an erased user. */
  forgetAtSeconds: number | null;
  /** When the erasure in progress began. */
  erasingSince?: number;
  credentials: Map<string, Item>;
  managed: Map<string, Item>;
  /** By credential id. */
  leases: Map<string, RefreshLease>;
  /** Open flows, by window and erasures. */
  openStates: Map<string, number>;
  /** Connect links, by window and erasures. */
  openLinks: Map<string, number>;
}

export interface MemoryTable {
  users: Map<string, MemoryUser>;
  states: Map<string, StateRow>;
  links: Map<string, LinkRow>;
  configuration: PublishedConfiguration | null;
  /** When the TTL deletion may remove an item (epoch seconds), by its key: leases and counters of open states. */
  ttls: Map<string, number>;
  /** Idempotency tokens of committed transactions. */
  tokens: Set<string>;
}

export const memoryTable = (): MemoryTable => ({
  users: new Map(),
  states: new Map(),
  links: new Map(),
  configuration: null,
  ttls: new Map(),
  tokens: new Set(),
});

export const leaseTtlKey = (userId: string, credentialId: string): string =>
  JSON.stringify(['lease', userId, credentialId]);
export const counterTtlKey = (userId: string, counter: string): string => JSON.stringify(['states', userId, counter]);

export const linksTtlKey = (userId: string, counter: string): string => JSON.stringify(['links', userId, counter]);

export const findUser = (table: MemoryTable, userId: string): MemoryUser => {
  const found = table.users.get(userId);
  if (found) return found;
  const made = {
    userRecord: null,
    forgetAtSeconds: null,
    credentials: new Map(),
    managed: new Map(),
    leases: new Map(),
    openStates: new Map(),
    openLinks: new Map(),
  };
  table.users.set(userId, made);
  return made;
};

export const emptyUserRecord: UserRecord = { version: 0, count: 0, erasing: null, erasures: 0 };
