// Keeps calling until stopped, one call at a time per lane, so that a suite runs under load.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from './http-caller.ts';

export interface LoadedCall {
  lane: string;
  /** Epoch ms. */
  startedAt: number;
  milliseconds: number;
  reply: Reply;
}

export interface SteadyLoad {
  /** The calls answered so far, in the order of the answers. */
  calls: readonly LoadedCall[];
  /** Resolves when the last call is answered; rejects when one was not. */
  stop(): Promise<void>;
}

/** Between two calls of a lane: load enough to overlap, without taking a whole core. */
const PAUSE_MILLISECONDS = 5;

/** Makes the call of this number. */
export type Lane = (round: number) => Promise<Reply>;

export const startLoad = (lanes: Readonly<Record<string, Lane>>): SteadyLoad => {
  const calls: LoadedCall[] = [];
  let stopped = false;
  const goOn = async (lane: string, call: Lane) => {
    for (let round = 0; !stopped; round++) {
      const startedAt = Date.now();
      const reply = await call(round);
      calls.push({ lane, startedAt, milliseconds: Date.now() - startedAt, reply });
      await sleep(PAUSE_MILLISECONDS);
    }
  };
  const running = Promise.all(Object.entries(lanes).map(([lane, call]) => goOn(lane, call)));
  // stop() rejects with it.
  running.catch(() => {});
  return {
    calls,
    stop: async () => {
      stopped = true;
      await running;
    },
  };
};
