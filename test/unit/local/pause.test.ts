// Pauses of the local server: their growth after failures, and their end at a signal.
import { describe, expect, it } from 'vitest';
import { backoffMilliseconds, pause } from '../../../local/pause.ts';

describe('backoffMilliseconds', () => {
  it('doubles, up to five seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 1000].map(backoffMilliseconds)).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  });
});

describe('pause', () => {
  it('ends at the signal', async () => {
    const stopped = new AbortController();
    const paused = pause(60_000, stopped.signal);
    stopped.abort();
    await paused;
    await pause(60_000, stopped.signal);
  });
});
