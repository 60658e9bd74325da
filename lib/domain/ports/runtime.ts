// The ports to time, randomness, timers and the deadline of a call.

/** The present time. */
export interface Clock {
  /** Epoch milliseconds, for times that are stored or compared with stored ones. A correction may move it. */
  now(): number;
  /** Milliseconds since an arbitrary moment, for durations within this process. No correction moves it. */
  elapsed(): number;
}

/** A cryptographic random generator. */
export interface Random {
  bytes(count: number): Uint8Array;
  uuid(): string;
  /** Uniform in [0, 1), for jitter. */
  fraction(): number;
}

/** Resolves after that many milliseconds. */
export type Sleep = (milliseconds: number) => Promise<void>;

/** The time limit of one call of the service. */
export interface Deadline {
  /** Runs `work` with `end` as the signal that aborts its calls to providers. */
  during<T>(end: AbortSignal, work: () => Promise<T>): Promise<T>;
}
