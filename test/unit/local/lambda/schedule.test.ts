// The schedule: one run at a time, repeated also after failures.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startSchedule } from '../../../../local/lambda/schedule.ts';

const MOMENT_SECONDS = 0.002;

/** Resolves when the function has been called this many times. */
const countingTo = (times: number, run: (call: number) => Promise<void>) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let calls = 0;
  const counted = async (): Promise<void> => {
    calls++;
    if (calls === times) resolve();
    await run(calls);
  };
  return { counted, reached: promise, calls: () => calls };
};

const start = (run: () => Promise<void>, seconds = MOMENT_SECONDS) => {
  const schedule = startSchedule(run, seconds);
  onTestFinished(() => schedule.stop());
  return schedule;
};

describe('startSchedule', () => {
  it('runs at once, and firstRun waits for that run only', async () => {
    const { counted, calls } = countingTo(1, async () => {});
    await start(counted, 1000).firstRun;
    expect(calls()).toBe(1);
  });

  it('runs again after a run that failed', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => said.mockRestore());
    const { counted, reached } = countingTo(3, () => Promise.reject(new Error('secret')));
    await start(counted).firstRun;
    await reached;
  });

  it('never starts a run before the last has ended', async () => {
    let running = 0;
    let most = 0;
    const { counted, reached } = countingTo(4, async () => {
      most = Math.max(most, ++running);
      await new Promise((later) => setTimeout(later, 10));
      running--;
    });
    start(counted);
    await reached;
    expect(most).toBe(1);
  });

  it('starts no run after stop', async () => {
    const { counted, calls } = countingTo(1, async () => {});
    const schedule = start(counted);
    await schedule.firstRun;
    schedule.stop();
    await new Promise((later) => setTimeout(later, 20));
    expect(calls()).toBe(1);
  });
});
