// The only timers.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sleep } from '../../domain/ports/runtime.ts';

/** Implements `Sleep`. */
export const timerSleep: Sleep = (milliseconds) => sleep(milliseconds);

/** Calls `action` once after that many milliseconds, unless the function it returns is called first. */
export const startTimer = (milliseconds: number, action: () => void): (() => void) => {
  const timer = setTimeout(action, milliseconds);
  return () => clearTimeout(timer);
};
