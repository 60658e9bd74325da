// What the process that is killed and the one that looks afterwards agree on.
import type { Clock } from '../../../lib/domain/ports/runtime.ts';
import type { Death } from '../../support/dying-ports.ts';

export type KillPoint = Pick<Death, 'nth' | 'when'>;

export interface CrashPlan {
  userId: string;
  provider: string;
  /** Epoch milliseconds by its clock when it begins. */
  now: number;
  /** null: it is not killed. */
  death: KillPoint | null;
}

/** The ports whose every call is a moment to die at. */
export const PORTS = ['users', 'refreshes', 'sealer', 'providers', 'oauth', 'placements'] as const;

/** Starts at a moment, wherever the machine's own clock stands. */
export const shiftedClock = (start: number): Clock => {
  const began = performance.now();
  return { now: () => Math.round(start + performance.now() - began) };
};
