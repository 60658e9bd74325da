// The clock of a process, corrected by the dates of the table's answers.
import { describe, expect, it } from 'vitest';
import { tableClock } from '../../../../lib/adapters/dynamodb/table-clock.ts';
import { CLOCK_ERROR_MILLISECONDS, SLOWEST_ANSWER_MILLISECONDS } from '../../../../lib/platform.ts';
import { MINUTE } from '../../../support/builders.ts';

const START = Date.UTC(2030, 0, 1, 12);
const HOUR = 60 * MINUTE;

/** A process whose clock is off by `error`; true time passes with `wait` or `freeze`. */
const process = (error = 0) => {
  let [time, wall, elapsed] = [START, START + error, 500.25];
  const own = { now: () => Math.floor(wall), elapsed: () => elapsed };
  const clock = tableClock(own);
  const wait = (milliseconds: number) => {
    time += milliseconds;
    wall += milliseconds;
    elapsed += milliseconds;
  };
  /** The monotonic clock may stop with the process. */
  const freeze = (milliseconds: number) => {
    time += milliseconds;
    wall += milliseconds;
  };
  const setBy = (milliseconds: number) => {
    wall += milliseconds;
  };
  /** One call: `meanwhile` happens between the table's stamp and the answer. */
  const call = ({ there = 3, back = 3, date = undefined as unknown, meanwhile = () => {} } = {}) => {
    const sent = clock.read();
    wait(there);
    const stamped = new Date(time).toUTCString();
    meanwhile();
    wait(back);
    return clock.noteAnswer(sent, date ?? stamped);
  };
  return { clock, own, wait, freeze, setBy, call, getError: () => clock.now() - time };
};

const expectRight = (error: number): void => expect(Math.abs(error)).toBeLessThanOrEqual(CLOCK_ERROR_MILLISECONDS);

describe('the clock of the table', () => {
  it.each([-600_000, -90_000, 90_000, 600_000, 30 * MINUTE])('corrects a clock that is off by %i ms', (error) => {
    const { call, getError } = process(error);
    expect(getError()).toBe(error);
    call();
    expect(Math.abs(getError())).toBeLessThanOrEqual(1_003);
  });

  it('never changes a clock that is right', () => {
    const { clock, own, call, wait } = process();
    for (let calls = 0; calls < 50; calls++) {
      call();
      wait(333);
      expect(clock.now()).toBe(own.now());
    }
  });

  it('is the clock of the process before the first answer', () => {
    const { clock, own } = process(600_000);
    expect(clock.now()).toBe(own.now());
  });

  it('stays within its bound of error for any sequence of answers', () => {
    for (const error of [-600_000, -1_900, -700, 0, 700, 1_900, 600_000]) {
      const { call, wait, getError } = process(error);
      for (let calls = 0; calls < 40; calls++) {
        call({ there: (calls * 37) % 700, back: (calls * 101) % 800 });
        expectRight(getError());
        wait((calls * 7_919) % 5_000);
        expectRight(getError());
      }
    }
  });

  it('counts in whole milliseconds', () => {
    const { clock, call, wait } = process(600_000);
    call({ there: 2.4, back: 3.3 });
    wait(0.7);
    expect(Number.isInteger(clock.now())).toBe(true);
  });

  it.each([
    undefined,
    '',
    'yesterday',
    '2030-01-01T12:00:00Z',
    '1893499200000',
    'Tue, 99 Foo 2030 12:00:00 GMT',
    'Tue, 01 Jan 1980 12:00:00 GMT',
    'Tue, 01 Jan 9999 12:00:00 GMT',
    ['Tue, 01 Jan 2030 12:00:00 GMT'],
    1_893_499_200,
  ])('keeps its correction for the date %j', (date) => {
    const { clock, call, getError } = process(600_000);
    call();
    const before = getError();
    const sent = clock.read();
    expect(clock.noteAnswer(sent, date)).toBe(true);
    expect(getError()).toBe(before);
  });

  it('follows a clock that was set forward or back, from the next answer on', () => {
    for (const step of [-600_000, -5_000, 5_000, 600_000]) {
      const { call, setBy, getError } = process();
      call();
      setBy(step);
      call();
      expectRight(getError());
    }
  });

  it('does not go back when the clock of the process is set back between two answers', () => {
    const { call, setBy, wait, getError } = process();
    call();
    setBy(-600_000);
    wait(20_000);
    expectRight(getError());
  });

  it('ignores an answer that a process reads after an hour’s freeze, and stays right', () => {
    for (const error of [0, 600_000]) {
      const { call, freeze, getError } = process(error);
      call();
      expect(call({ meanwhile: () => freeze(HOUR) })).toBe(false);
      expectRight(getError());
      freeze(HOUR);
      expectRight(getError());
      expect(call()).toBe(true);
      expectRight(getError());
    }
  });

  it('ignores an answer during which the clock of the process was set forward, as in a freeze', () => {
    const { call, setBy, getError } = process();
    call();
    expect(call({ meanwhile: () => setBy(600_000) })).toBe(false);
    call();
    expectRight(getError());
  });

  it('uses an answer during which the clock of the process was set back', () => {
    const { call, setBy, getError } = process();
    call();
    expect(call({ meanwhile: () => setBy(-600_000) })).toBe(true);
    expectRight(getError());
  });

  it('accepts a first answer at the time limit of a call, and none after it', () => {
    expect(process().call({ there: 0, back: SLOWEST_ANSWER_MILLISECONDS })).toBe(true);
    expect(process().call({ there: 0, back: SLOWEST_ANSWER_MILLISECONDS + 1 })).toBe(false);
  });

  it('keeps its correction after a slow answer, as in an overloaded process', () => {
    const { call, getError } = process(600_000);
    call();
    const before = getError();
    expect(call({ there: 0, back: 60_000 })).toBe(true);
    expect(getError()).toBe(before);
  });

  it('stays right after a freeze during which the monotonic clock runs', () => {
    const { call, wait, getError } = process(600_000);
    call();
    expect(call({ meanwhile: () => wait(HOUR) })).toBe(true);
    expectRight(getError());
  });

  it('measures durations that no correction changes', () => {
    const { clock, call, wait } = process(600_000);
    const before = clock.elapsed();
    call();
    wait(1_000);
    expect(clock.elapsed() - before).toBe(1_006);
  });
});
