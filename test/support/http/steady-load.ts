// Keeps calling until stopped, one call at a time per lane, so that a suite runs under load.
import { setTimeout as sleep } from 'node:timers/promises';
import { isProof } from '../run/proof.ts';
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
  /** Stops; resolves when the last calls are answered, rejects when a call got no answer. */
  stop(): Promise<void>;
}

/** Pause between two calls of a lane: enough load to overlap, without using a whole core; in a proof nearly one. */
const PAUSE_MILLISECONDS = isProof ? 5 : 60;

/** Makes the call with this number. */
export type Lane = (round: number) => Promise<Reply>;

export const startLoad = (lanes: Readonly<Record<string, Lane>>): SteadyLoad => {
  const calls: LoadedCall[] = [];
  let stopped = false;
  const runLane = async (lane: string, call: Lane) => {
    for (let round = 0; !stopped; round++) {
      const startedAt = Date.now();
      const reply = await call(round);
      calls.push({ lane, startedAt, milliseconds: Date.now() - startedAt, reply });
      await sleep(PAUSE_MILLISECONDS);
    }
  };
  const running = Promise.all(Object.entries(lanes).map(([lane, call]) => runLane(lane, call)));
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
