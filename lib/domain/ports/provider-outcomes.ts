// The port to what a process knows of how providers lately answered refreshes.
import type { DeadGrant, MarkingDecision } from '../refresh/marking-breaker.ts';

/** Remembers the answers of each provider to refreshes. Knowledge of one process: it may be less than is true, never more. */
export interface ProviderOutcomes {
  /** The provider granted a refresh; `now` in epoch milliseconds. Marking goes on at once. */
  noteGranted(provider: string, now: number): void;
  /** Epoch milliseconds; null: not known. */
  lastGrantedAt(provider: string): number | null;
  /** The provider refused a grant for good: whether it may be marked. */
  noteDead(provider: string, found: DeadGrant): MarkingDecision;
}
