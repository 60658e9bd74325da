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

const CHANGED_BY: ReadonlySet<string> = new Set(['takePlace', 'createState', 'releaseState']);

export const createPlaceLog = (table: MemoryTable): PlaceLog => {
  const events: PlaceEvent[] = [];
  const known = new Map<string, number>();
  return {
    events,
    observe(callId, method) {
      if (!CHANGED_BY.has(method)) return;
      for (const [userId, { openStates }] of table.users) {
        for (const [counter, open] of openStates) {
          const key = JSON.stringify([userId, counter]);
          const change = open - (known.get(key) ?? 0);
          // A counter that begins anew after its deletion is counted anew: its window has passed.
          if (change !== 0) events.push({ callId, userId, key, change });
          known.set(key, open);
        }
      }
    },
  };
};
