// Hands the refresh of a token that is still valid to the function that refreshes, so that its caller waits for no provider. A
// mark in the item of the lease keeps others from handing it over again; it is no lease, so a lost invocation leaves nothing.
import type { Deps } from '../../domain/ports/deps.ts';
import { keptRefusal, leaseTtlSeconds, type RefreshLease, refreshTokenRev } from '../../domain/refresh/lease.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { getPause, isLeaseDue } from './get-pause.ts';
import { isChanged, type RefreshRequest, readLeaseState, toCredentialKey } from './lease.ts';
import type { WaitDeps } from './refresh-or-wait.ts';

/** The ports of a caller that may hand a refresh over. */
export type DispatchDeps = WaitDeps & Pick<Deps, 'dispatcher'>;

/** How long a refresh counts as handed over. After a lost invocation the next caller hands it over again. */
const MARK_MILLISECONDS = 10_000;
/** How long the caller that handed it over waits for the new token: a healthy provider has answered by then. */
const STAY_MILLISECONDS = 500;

const newMark = (
  deps: DispatchDeps,
  { credential }: RefreshRequest,
  { from, uncertain, failures }: { from: RefreshLease | null; uncertain: boolean; failures: number },
): RefreshLease => ({
  id: deps.random.uuid(),
  tokenRev: refreshTokenRev(credential),
  until: deps.clock.now() + MARK_MILLISECONDS,
  held: false,
  rotates: from?.rotates ?? true,
  uncertain,
  failures,
  dispatched: true,
  ...keptRefusal(from, credential),
});

type HandOver = 'accepted' | 'not_accepted' | 'conflict';

/** Marks and dispatches, if no refresh is under way and the provider has no back-off. */
const markAndDispatch = async (deps: DispatchDeps, request: RefreshRequest): Promise<HandOver> => {
  const { credential } = request;
  const seen = await readLeaseState(deps, credential);
  if (seen === null) return 'conflict';
  const { from, state } = seen;
  if (state.kind !== 'free') return 'not_accepted';
  const key = toCredentialKey(credential);
  const to = newMark(deps, request, { from, ...state });
  const swap = { from, to, ttlSeconds: leaseTtlSeconds(to, credential.expiresAt) };
  if (!(await deps.refreshes.swapLease(key, swap))) return 'not_accepted';
  // After a refusal the mark stays, so that callers do not repeat it all at once.
  return (await deps.dispatcher.dispatch({ ...key, secretRev: credential.secretRev })) ? 'accepted' : 'not_accepted';
};

/** Whether the refresh is still to come or under way. */
const isPending = async (deps: DispatchDeps, { credential }: RefreshRequest): Promise<boolean> => {
  const seen = await readLeaseState(deps, credential);
  return seen !== null && (seen.state.kind === 'held' || seen.state.kind === 'dispatched');
};

/** 'conflict' as soon as the secret has changed. Ends before the token expires, so that the caller can still get it. */
const stay = async (deps: DispatchDeps, request: RefreshRequest): Promise<'valid' | 'conflict'> => {
  const { expiresAt } = request.credential;
  const until = Math.min(deps.clock.now() + STAY_MILLISECONDS, (expiresAt ?? 0) - 1);
  for (let tries = 0; ; tries++) {
    const left = until - deps.clock.now();
    if (left <= 0) return 'valid';
    await deps.sleep(Math.min(left, getPause(tries, deps.random.fraction())));
    // Before the row is read: a refresh that ends in between is seen there.
    const isOver = isLeaseDue(tries) && !(await isPending(deps, request));
    if (await isChanged(deps, request.credential)) return 'conflict';
    if (isOver) return 'valid';
  }
};

/**
 * Hands the refresh over and waits for it for half a second at most. 'conflict' when the row must be read again; else the
 * caller keeps its token. Never throws for a fault of the store, because the token is still valid.
 */
export const handOverRefresh = async (deps: DispatchDeps, request: RefreshRequest): Promise<'valid' | 'conflict'> => {
  try {
    const handedOver = await markAndDispatch(deps, request);
    if (handedOver === 'conflict') return 'conflict';
    return handedOver === 'accepted' ? await stay(deps, request) : 'valid';
  } catch (error) {
    if (error instanceof ServiceError) return 'valid';
    throw error;
  }
};
