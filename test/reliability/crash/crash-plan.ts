// The plan of one crash, passed from the test to the process that is killed.
import type { Clock } from '../../../lib/domain/ports/runtime.ts';
import type { Death } from '../../support/process/dying-ports.ts';

/** Before or after which call the process is killed. */
export type KillPoint = Pick<Death, 'nth' | 'when'>;

/** One crash. */
export interface CrashPlan {
  userId: string;
  /** Epoch milliseconds of its clock at the start. */
  now: number;
  /** null: the process is not killed. */
  death: KillPoint | null;
}

/** The ports whose every call is a kill point. */
export const PORTS = ['users', 'refreshes', 'sealer', 'providers', 'oauth', 'placements'] as const;

/** A clock that starts at `start`, independent of the machine's time. */
export const shiftedClock = (start: number): Clock => {
  const began = performance.now();
  const elapsed = () => performance.now() - began;
  return { now: () => Math.round(start + elapsed()), elapsed };
};
