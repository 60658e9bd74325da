// Waiting for a device connection: what ends it, and what does not. The clock waits in no time.
import { describe, expect, it } from 'vitest';
import { pollUntilDecided } from '../../../cli/service/poll-device.ts';
import type { DeviceConnectionStatus } from '../../../client/generated/api-types.ts';
import { KeyholdError, type ProblemFields } from '../../../client/keyhold-error.ts';

const START = Date.parse('2030-01-01T00:00:00.000Z');

const refusal = (status: number, code: ProblemFields['code'], retryAfterSeconds?: number) =>
  new KeyholdError({ code, status, title: code, retryAfterSeconds });
const answer = (status: DeviceConnectionStatus['status']): DeviceConnectionStatus => ({ status, credential: null });

/** Polls with these answers, the last one again and again. `ahead`: of this machine's clock, in seconds. */
const poll = async (answers: (DeviceConnectionStatus | Error)[], { ahead = 0, validSeconds = 600 } = {}) => {
  const waits: number[] = [];
  let time = START + ahead * 1000;
  const pollDeviceConnection = async () => {
    const next = answers.length > 1 ? answers.shift() : answers[0];
    if (next instanceof Error) throw next;
    return next as DeviceConnectionStatus;
  };
  const clock = {
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds / 1000);
      time += milliseconds;
    },
    now: () => time,
  };
  const started = { state: 's1', interval: 5, expiresAt: new Date(START + validSeconds * 1000).toISOString() };
  const ended = await pollUntilDecided({ pollDeviceConnection }, { userId: 'alice', started }, clock).then(
    ({ status }) => status,
    ({ code }: KeyholdError) => code,
  );
  return { ended, waits };
};

describe('a device connection', () => {
  it.each(['approved', 'denied', 'expired'] as const)('ends when it is %s', async (status) => {
    expect(await poll([answer('pending'), answer(status)])).toEqual({ ended: status, waits: [5, 5] });
  });

  it('is asked about more slowly when it is to be', async () => {
    const { waits } = await poll([answer('slow_down'), answer('pending'), answer('approved')]);
    expect(waits).toEqual([5, 10, 10]);
  });

  it.each([
    [503, 'store_busy'],
    [500, 'internal_error'],
    [502, 'unavailable'],
    [429, 'too_many_requests'],
    [0, 'unreachable'],
  ] as const)('goes on after %i %s', async (status, code) => {
    expect((await poll([refusal(status, code), answer('approved')])).ended).toBe('approved');
  });

  it('waits as long as a fault says, and no longer after it', async () => {
    const { waits } = await poll([refusal(503, 'store_busy', 30), answer('pending'), answer('approved')]);
    expect(waits).toEqual([5, 30, 5]);
  });

  it.each([
    [400, 'state_invalid'],
    [401, 'unauthenticated'],
  ] as const)('ends at once with a refusal: %i %s', async (status, code) => {
    expect(await poll([refusal(status, code), answer('approved')])).toEqual({ ended: code, waits: [5] });
  });

  it('ends with the fault where the service does not answer until the code has expired', async () => {
    const { ended, waits } = await poll([refusal(0, 'unreachable')], { validSeconds: 12 });
    expect([ended, waits]).toEqual(['unreachable', [5, 5, 5]]);
  });

  it('is not ended by a clock that is ahead', async () => {
    expect((await poll([answer('pending'), answer('approved')], { ahead: 3600 })).ended).toBe('approved');
  });
});
