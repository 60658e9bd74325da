// The runtime an operation depends on: time, randomness, waiting, and the end of the call.

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export interface Random {
  bytes(count: number): Uint8Array;
  uuid(): string;
  /** Uniform in [0, 1), for jitter. */
  fraction(): number;
}

export type Sleep = (milliseconds: number) => Promise<void>;

export interface Deadline {
  /** Does the work, all of which is to end when the signal is aborted. */
  during<T>(end: AbortSignal, work: () => Promise<T>): Promise<T>;
}
