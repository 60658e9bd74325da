// The pauses of a caller that waits for a refresh by another: doubling and jittered, so that many callers do not read at once.

const FIRST_MILLISECONDS = 50;
const LONGEST_MILLISECONDS = 400;

/** Milliseconds to pause after so many tries; `fraction` in [0, 1) is the jitter. */
export const getPause = (tries: number, fraction: number): number =>
  Math.min(LONGEST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** tries) * (0.5 + fraction / 2);
