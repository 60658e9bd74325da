// The one place that waits.
import { setTimeout } from 'node:timers/promises';
import type { Sleep } from '../../domain/ports/runtime.ts';

export const timerSleep: Sleep = (milliseconds) => setTimeout(milliseconds);
