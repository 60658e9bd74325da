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

/** Work that concurrent callers of one process share while it runs. */
export interface SingleFlight {
  /** Starts `work`, or joins what runs under that key. Nothing is kept once it has ended. */
  share<T>(key: string, work: () => Promise<T>): { joined: boolean; result: Promise<T> };
}

/** When a call must have answered. */
export interface CallEnd {
  /** Aborted then, and with it the requests to providers that are under way. */
  signal: AbortSignal;
  /** Milliseconds until then, which all its requests to providers share. */
  milliseconds: number;
}

/** The time limit of one call of the service. */
export interface Deadline {
  /** Runs `work`, which ends its requests to providers in time to answer before `end`. */
  during<T>(end: CallEnd, work: () => Promise<T>): Promise<T>;
}
