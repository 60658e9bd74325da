// A grant whose token is not fresh any more, made fresh or served as it is: whoever gets the lease refreshes; the others are
// served the token that still lives, and only without one they wait, for a bounded time, for what the first will store.
import type { OAuth2Secret, StoredCredential } from '../../domain/credential/credential.ts';
import { isExpired } from '../../domain/values/expiry.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { type RefreshDeps, readSame } from './prepare-refresh.ts';
import { type RefreshAsked, refreshGrant } from './refresh-token.ts';
import type { Refreshed } from './store-result.ts';

export interface FreshGrant {
  credential: StoredCredential;
  /** Of a token that was refreshed just now. */
  secret?: OAuth2Secret;
}

const FIRST_PAUSE_MILLISECONDS = 50;
const LONGEST_PAUSE_MILLISECONDS = 400;

const pauseOf = (tries: number, fraction: number): number =>
  Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 2 ** tries) * (0.5 + fraction / 2);

/** The refusal that says most: of the store, the keys or the secrets themselves, else that there is no token now. */
const unavailable = (cause?: unknown, retryAfterSeconds = 1): ServiceError =>
  cause instanceof ServiceError ? cause : new ServiceError('refresh_unavailable', { cause, retryAfterSeconds });

/** Until it is another, or may be refreshed by this caller. Throws `refresh_unavailable` when the time is up. */
const waitForChange = async (deps: RefreshDeps, asked: RefreshAsked): Promise<Refreshed> => {
  const began = deps.clock.now();
  for (let tries = 0; deps.clock.now() - began < deps.budget.waitMilliseconds; tries++) {
    await deps.sleep(pauseOf(tries, deps.random.fraction()));
    if ((await readSame(deps, asked.credential)) === null) return { is: 'conflict' };
    const refreshed = await refreshGrant(deps, asked);
    if (refreshed.is !== 'held') return refreshed;
  }
  throw unavailable();
};

const waiting = async (deps: RefreshDeps, asked: RefreshAsked): Promise<Refreshed> => {
  const began = deps.clock.now();
  try {
    return await waitForChange(deps, asked);
  } finally {
    deps.meter.record('LeaseWait', deps.clock.now() - began);
  }
};

/**
 * 'conflict' when the grant is another by now and has to be looked at again. Throws `reconnect_required`, `refresh_unavailable`,
 * `credential_unreadable`, `keys_unavailable`, `secrets_unavailable`, `store_busy`, `store_unavailable`.
 */
export const freshGrant = async (deps: RefreshDeps, asked: RefreshAsked): Promise<FreshGrant | 'conflict'> => {
  const { credential } = asked;
  const lives = () => !isExpired(credential.expiresAt, deps.clock.now());
  const first = await refreshGrant(deps, asked);
  const refreshed = first.is === 'held' && !lives() ? await waiting(deps, asked) : first;
  if (refreshed.is === 'conflict') return 'conflict';
  if (refreshed.is === 'refreshed') return refreshed;
  if (lives()) return { credential };
  throw refreshed.is === 'failed' ? unavailable(refreshed.cause, refreshed.retryAfterSeconds) : unavailable();
};
