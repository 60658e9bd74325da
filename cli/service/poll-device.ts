// Waits until a device connection is decided (RFC 8628 §3.5). A poll that gets no answer, or one that says "later", ends nothing while
// the code is valid: the person may be approving it at this moment.
import { setTimeout } from 'node:timers/promises';
import type { DeviceConnectionStatus, StartedDeviceConnection } from '../../client/generated/api-types.ts';
import { KeyholdError } from '../../client/keyhold-error.ts';
import type { Worker } from '../../client/worker.ts';
import { EXIT } from '../exit-codes.ts';
import { failureExitCode } from '../failure.ts';

const SLOW_DOWN_SECONDS = 5;

/** The clock of a wait. */
export interface PollClock {
  sleep(milliseconds: number): Promise<unknown>;
  /** Epoch milliseconds. */
  now(): number;
}

const CLOCK: PollClock = { sleep: (milliseconds) => setTimeout(milliseconds), now: Date.now };

/** A device connection that was started. */
export interface PollRequest {
  userId: string;
  started: Pick<StartedDeviceConnection, 'state' | 'interval' | 'expiresAt'>;
}

const isFault = (error: unknown): error is KeyholdError =>
  error instanceof KeyholdError && failureExitCode(error) === EXIT.fault;

/**
 * Polls as the provider asks until it is decided. Whether a code is valid is for the service to say, whose clock may differ from this
 * one; only where it does not answer, the time of this machine decides. Throws the last fault after the code has expired, and any refusal
 * at once.
 */
export const pollUntilDecided = async (
  worker: Pick<Worker, 'pollDeviceConnection'>,
  { userId, started: { state, interval, expiresAt } }: PollRequest,
  { sleep, now }: PollClock = CLOCK,
): Promise<DeviceConnectionStatus> => {
  let pause = interval;
  for (let seconds = interval; ; ) {
    await sleep(pause * 1000);
    try {
      const answer = await worker.pollDeviceConnection(userId, { state });
      if (answer.status !== 'pending' && answer.status !== 'slow_down') return answer;
      if (answer.status === 'slow_down') seconds += SLOW_DOWN_SECONDS;
      pause = seconds;
    } catch (error) {
      if (!isFault(error) || !(now() < Date.parse(expiresAt))) throw error;
      pause = Math.max(seconds, error.retryAfterSeconds ?? 0);
    }
  }
};
