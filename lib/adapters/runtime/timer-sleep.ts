// The only timer.
import { setTimeout } from 'node:timers/promises';
import type { Sleep } from '../../domain/ports/runtime.ts';

/** Implements `Sleep`. */
export const timerSleep: Sleep = (milliseconds) => setTimeout(milliseconds);
