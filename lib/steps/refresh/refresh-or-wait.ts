// Refreshes a token, or waits for the caller that does: one of this process, whose attempt is joined without a request, or one of
// another process, for whose result the row is polled. Either wait is bounded.
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { getPause, isLeaseDue } from './get-pause.ts';
import { isChanged, type RefreshDeps, type RefreshRequest } from './lease.ts';
import { refreshToken } from './refresh-token.ts';
import type { RefreshResult } from './store-result.ts';

/** The ports of a caller that may wait. */
export type WaitDeps = RefreshDeps & Pick<Deps, 'flights'>;

/** The most specific error of a refresh without a result: of the store, the keys or the secrets, else `refresh_unavailable`. */
export const toUnavailable = (result: Extract<RefreshResult, { kind: 'held' | 'failed' }>): ServiceError => {
  if (result.kind === 'held') return new ServiceError('refresh_unavailable', { retryAfterSeconds: 1 });
  const { cause, retryAfterSeconds } = result;
  return cause instanceof ServiceError ? cause : new ServiceError('refresh_unavailable', { cause, retryAfterSeconds });
};

const HELD: RefreshResult = { kind: 'held' };

/** When a wait that begins now ends, by the clock's `elapsed`. */
const endOfWait = ({ clock, budget }: RefreshDeps): number => clock.elapsed() + budget.waitMilliseconds;

const pause = (deps: RefreshDeps, until: number, tries: number): Promise<void> =>
  deps.sleep(Math.min(until - deps.clock.elapsed(), getPause(tries, deps.random.fraction())));

const measureWait = async (deps: RefreshDeps, wait: () => Promise<RefreshResult>): Promise<RefreshResult> => {
  const startedAt = deps.clock.elapsed();
  try {
    return await wait();
  } finally {
    deps.meter.record('LeaseWait', deps.clock.elapsed() - startedAt);
  }
};

/** One read of the row a poll, until the secret changed or this caller could refresh; 'held' when the time is up. */
const pollForRefresh = async (deps: RefreshDeps, request: RefreshRequest): Promise<RefreshResult> => {
  const until = endOfWait(deps);
  for (let tries = 0; deps.clock.elapsed() < until; tries++) {
    await pause(deps, until, tries);
    if (await isChanged(deps, request.credential)) return { kind: 'conflict' };
    const result = isLeaseDue(tries) ? await refreshToken(deps, request) : HELD;
    if (result.kind !== 'held') return result;
  }
  return HELD;
};

const attempt = async (deps: RefreshDeps, request: RefreshRequest): Promise<RefreshResult> => {
  const first = await refreshToken(deps, request);
  return first.kind === 'held' ? measureWait(deps, () => pollForRefresh(deps, request)) : first;
};

/** The result of another caller's attempt; 'held' when the time is up. */
const join = async (deps: RefreshDeps, running: Promise<RefreshResult>, until: number): Promise<RefreshResult> => {
  for (let tries = 0; deps.clock.elapsed() < until; tries++) {
    const result = await Promise.race([running, pause(deps, until, tries)]);
    if (result) return result;
  }
  return HELD;
};

/**
 * Refreshes once, or waits three seconds at most for another caller to do it; 'held' when that was not enough. Callers of one
 * process that read the same secret share one attempt. Throws what `refreshToken` throws, `store_busy`, `store_unavailable`.
 */
export const refreshOrWait = async (deps: WaitDeps, request: RefreshRequest): Promise<RefreshResult> => {
  const { userId, id, secretRev } = request.credential;
  const key = JSON.stringify([userId, id, secretRev]);
  const until = endOfWait(deps);
  do {
    const { joined, result } = deps.flights.share(key, () => attempt(deps, request));
    if (!joined) return result;
    // The other caller may have begun to wait before this one.
    const joint = await measureWait(deps, () => join(deps, result, until));
    if (joint.kind !== 'held') return joint;
  } while (deps.clock.elapsed() < until);
  return HELD;
};
