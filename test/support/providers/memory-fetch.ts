// A guarded fetch without a network: it answers each URL with what a test puts there, and records every URL that it is asked for.
import type { GuardedFetch } from '../../../lib/adapters/outbound/guarded-fetch.ts';
import { OutboundFault } from '../../../lib/adapters/outbound/outbound-fault.ts';

export interface MemoryReply {
  status?: number;
  headers?: Record<string, string>;
  body?: object;
  /** Answers nothing until the request is aborted. */
  isSilent?: boolean;
}

export interface MemoryFetch {
  fetch: GuardedFetch;
  /** The URLs, as they were given. */
  asked: string[];
}

const waitForAbort = async (signal: AbortSignal | undefined): Promise<never> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal?.addEventListener('abort', () => resolve());
  if (!signal?.aborted) await promise;
  throw new OutboundFault('too_slow', true);
};

/** Answers 404 where nothing is. */
export const memoryFetch = (replies: Record<string, MemoryReply>): MemoryFetch => {
  const asked: string[] = [];
  const fetch: GuardedFetch = async (url, { signal }) => {
    asked.push(url);
    const { status = 200, headers = {}, body = {}, isSilent } = replies[url] ?? { status: 404 };
    return isSilent ? waitForAbort(signal) : Response.json(body, { status, headers });
  };
  return { fetch, asked };
};
