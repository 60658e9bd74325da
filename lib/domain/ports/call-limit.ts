// The port to the limit of calls that one caller may make.

/** Counts the calls of each caller. */
export interface CallLimit {
  /** Counts a call of the caller that `key` names. Returns 0 when it may go on, otherwise the seconds to wait. */
  take(key: string): number;
  /** Takes back the count of one call. */
  giveBack(key: string): void;
}
