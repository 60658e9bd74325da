// The clock that processes share: the process's own, corrected by the Date header of the table's answers (RFC 9110 §6.6.1), which
// every call has anyway. Corrected clocks differ from the table's by less than CLOCK_ERROR_MILLISECONDS.
import type { Clock } from '../../domain/ports/runtime.ts';
import { DATE_STEP_MILLISECONDS, SLOWEST_ANSWER_MILLISECONDS } from '../../platform.ts';

/** The clock of the process at a moment: its time (epoch milliseconds), and the duration since the process began. */
interface Reading {
  now: number;
  elapsed: number;
}

/** A clock that the answers of the table correct. */
export interface TableClock extends Clock {
  /** Call before a request is sent. */
  read(): Reading;
  /**
   * Corrects the clock by an answer of the table; a slow answer, or a missing or malformed date, changes nothing. False: after this
   * answer the time is not known (the process was frozen, its clock was set, or it is new and the answer slow), so the answer must
   * count as none.
   */
  noteAnswer(sent: Reading, date: unknown): boolean;
}

/** The one form of the header that is sent: `Sun, 06 Nov 1994 08:49:37 GMT`. */
const DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

const parseDate = (date: unknown): number =>
  typeof date === 'string' && DATE.test(date) ? Date.parse(date) : Number.NaN;

/** No clock that a table still talks to is further off: such a date is not believed. */
const LARGEST_CORRECTION_MILLISECONDS = 86_400_000;

/** Durations by both clocks differ by less, unless one was set or stood still. */
const STEADY_MILLISECONDS = 500;

/** What to add to the clock of the process; kept while answers agree with it, so that a right clock is never changed. */
const correct = (offset: number, earliest: number, latest: number): number =>
  earliest <= offset && offset <= latest ? offset : Math.round((earliest + latest) / 2);

/** Makes the clock; `own` is the clock of the process. */
export const tableClock = (own: Clock): TableClock => {
  let offset = 0;
  // Time passes at least as fast as durations do: a clock that is set back between two answers changes nothing.
  let last: Reading | null = null;
  const read = (): Reading => ({ now: own.now(), elapsed: own.elapsed() });
  return {
    elapsed: own.elapsed,
    read,
    now: () => {
      const time = own.now() + offset;
      return last === null ? time : Math.max(time, Math.floor(last.now + own.elapsed() - last.elapsed));
    },
    noteAnswer: (sent, date) => {
      const received = read();
      const [bySelf, byDuration] = [received.now - sent.now, received.elapsed - sent.elapsed];
      const trip = Math.max(bySelf, byDuration);
      // Too slow to learn the time from. The correction is still right, unless the clock of the process was set meanwhile.
      if (trip > SLOWEST_ANSWER_MILLISECONDS)
        return last !== null && Math.abs(bySelf - byDuration) <= STEADY_MILLISECONDS;
      // The table wrote the date within its second, and while the request was under way.
      const earliest = parseDate(date) - received.now;
      // False for NaN too.
      if (!(Math.abs(earliest) <= LARGEST_CORRECTION_MILLISECONDS)) return true;
      offset = correct(offset, earliest, earliest + DATE_STEP_MILLISECONDS + trip);
      last = { now: received.now + offset, elapsed: received.elapsed };
      return true;
    },
  };
};
