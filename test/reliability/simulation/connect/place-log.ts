// Every place among the open flows that was taken or given back in the table, whatever a store says about it.
import type { MemoryTable } from '../../../support/memory/memory-table.ts';

export interface PlaceEvent {
  callId: number;
  userId: string;
  /** The user and the counter (time window and erasures). */
  key: string;
  change: number;
}

export interface PlaceLog {
  observe(callId: number, method: string): void;
  events: readonly PlaceEvent[];
}

/** DynamoDB deletes a counter after its window (`ttl`): one that begins anew is counted anew. */
const CHANGED_BY: ReadonlySet<string> = new Set(['takePlace', 'createState', 'releaseState', 'ttl']);

interface Counter {
  userId: string;
  open: number;
}

const readCounters = (table: MemoryTable): Map<string, Counter> =>
  new Map(
    [...table.users].flatMap(([userId, { openStates }]) =>
      [...openStates].map(([counter, open]) => [JSON.stringify([userId, counter]), { userId, open }] as const),
    ),
  );

export const createPlaceLog = (table: MemoryTable): PlaceLog => {
  const events: PlaceEvent[] = [];
  let known = new Map<string, Counter>();
  return {
    events,
    observe(callId, method) {
      if (!CHANGED_BY.has(method)) return;
      const counters = readCounters(table);
      for (const [key, { userId }] of new Map([...known, ...counters])) {
        const change = (counters.get(key)?.open ?? 0) - (known.get(key)?.open ?? 0);
        if (change !== 0) events.push({ callId, userId, key, change });
      }
      known = counters;
    },
  };
};
