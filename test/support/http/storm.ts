// Many callers resolve one credential at once, spread over the processes of a deployment; records each answer and its time.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Holder, tokenIn } from '../providers/refresh-flow.ts';
import type { Keyhold } from './local-server.ts';

/** 503 of a table, key service or secret store that a busy machine makes too slow: says nothing of the provider. */
export const DEPENDENCY_TOO_SLOW: readonly unknown[] = ['store_unavailable', 'keys_unavailable', 'secrets_unavailable'];

export interface StormAnswer {
  status: number;
  /** The error code. */
  code: string | undefined;
  token: string | undefined;
  stale: boolean | undefined;
  retryAfterSeconds: number;
  /** Since the first call. */
  milliseconds: number;
}

/** Calls resolve `callers` times at once. */
export const storm = (holder: Holder, servers: readonly Keyhold[], callers: number): Promise<StormAnswer[]> => {
  const began = performance.now();
  const call = async (caller: number): Promise<StormAnswer> => {
    const reply = await holder.resolve({}, servers[caller % servers.length]);
    const { status, json, headers } = reply;
    const milliseconds = performance.now() - began;
    const retryAfterSeconds = Number(headers['retry-after'] ?? 0);
    return { status, code: json?.code, token: tokenIn(reply), stale: json?.stale, retryAfterSeconds, milliseconds };
  };
  return Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
};

const MAX_WAVES = 60;

/** The answers that are not 200. */
export const refusedIn = (told: readonly StormAnswer[]): StormAnswer[] => told.filter(({ status }) => status !== 200);

/** Refused callers call again after Retry-After, as a worker does; returns all answers by wave. */
export const untilServed = async (
  holder: Holder,
  servers: readonly Keyhold[],
  first: StormAnswer[],
): Promise<StormAnswer[][]> => {
  const waves = [first];
  for (let refused = refusedIn(first); refused.length > 0 && waves.length < MAX_WAVES; ) {
    await sleep(Math.max(...refused.map(({ retryAfterSeconds }) => retryAfterSeconds)) * 1_000);
    const next = await storm(holder, servers, refused.length);
    waves.push(next);
    refused = refusedIn(next);
  }
  return waves;
};
