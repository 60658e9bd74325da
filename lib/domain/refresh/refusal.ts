// The bound for a refusal that no rule explains: a refresh token that is refused in one and the same way for a day, by a provider
// that serves other grants, will not be accepted any more.
import * as z from 'zod';

const LEAST_REFUSALS = 10;
const LEAST_MILLISECONDS = 86_400_000;
/** Request timeout, too early, and too many requests (RFC 9110 §15.5.9, RFC 8470, RFC 6585): they ask for another attempt. */
const RETRY_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);

/** Refusals in one and the same way, without another in between; kept with the lease of the refresh token. */
export const RefusalRun = z.object({
  /** The status, and the provider's own error word if there is one. */
  word: z.string(),
  count: z.int().positive(),
  /** When the first of them came (epoch milliseconds). */
  since: z.number(),
});
export type RefusalRun = z.infer<typeof RefusalRun>;

/** Whether a status tells of overload or a fault of the server, and so nothing of the token. */
export const isOverload = (status: number): boolean => RETRY_STATUSES.has(status) || status >= 500;

/** What names a refusal; null when it is none, or asks for another attempt. `status`: of the reply, null without one. */
export const refusalWord = (status: number | null, providerError: string | null): string | null => {
  if (status === null || status < 400 || isOverload(status)) return null;
  return [status, providerError].filter((part) => part !== null).join(' ');
};

/** The run after one more refusal; another word starts a new one. */
export const countRefusal = (run: RefusalRun | undefined, word: string, now: number): RefusalRun =>
  run?.word === word ? { ...run, count: run.count + 1 } : { word, count: 1, since: now };

/**
 * Whether the token counts as refused for good. `servedAt`: when the provider last granted a refresh, which was another grant's
 * if it was during the run; null: not known.
 */
export const isRefusedForGood = (run: RefusalRun, now: number, servedAt: number | null): boolean =>
  run.count >= LEAST_REFUSALS && now - run.since >= LEAST_MILLISECONDS && servedAt !== null && servedAt > run.since;
