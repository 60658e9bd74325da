// The port to what a process knows of the providers it reached.

/** Remembers when each provider last granted a refresh. Knowledge of one process: it may be less than is true, never more. */
export interface ServedProviders {
  /** `now` in epoch milliseconds. */
  note(provider: string, now: number): void;
  /** Epoch milliseconds; null: not known. */
  lastServedAt(provider: string): number | null;
}
