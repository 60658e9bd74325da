// The pauses of a caller that waits for a refresh by another, and when it looks at the lease. Jittered, so that many callers do not
// read at once. Short for the first second, in which most providers answer; then longer, because each poll reads the same row.

const FIRST_MILLISECONDS = 25;
/** The longest pause of the first second, which this number of polls takes. */
const SHORT_MILLISECONDS = 100;
const SHORT_POLLS = 12;
const LONGEST_MILLISECONDS = 400;
/** So many looks at the row for one at the lease, which says only whether the refresh has failed. */
const POLLS_PER_LEASE = 4;

/** Grows by the square root of two. */
const grow = (first: number, tries: number, longest: number): number => Math.min(longest, first * 2 ** (tries / 2));

/** Milliseconds to pause after so many tries; `fraction` in [0, 1) is the jitter. */
export const getPause = (tries: number, fraction: number): number => {
  const pause =
    tries < SHORT_POLLS
      ? grow(FIRST_MILLISECONDS, tries, SHORT_MILLISECONDS)
      : grow(SHORT_MILLISECONDS, tries - SHORT_POLLS, LONGEST_MILLISECONDS);
  return pause * (0.5 + fraction / 2);
};

/** Whether the poll after so many tries looks at the lease too. */
export const isLeaseDue = (tries: number): boolean => (tries + 1) % POLLS_PER_LEASE === 0;
