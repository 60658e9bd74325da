// Refreshes one credential apart from any caller: the order of a caller whose token was still valid. An order may come twice, late
// or after the secret was replaced; the lease and `secretRev` make each of them void or safe.
import * as z from 'zod';
import type { Deps } from '../../domain/ports/deps.ts';
import type { RefreshOrder } from '../../domain/ports/refresh-dispatcher.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import type { RefreshDeps } from '../../steps/refresh/lease.ts';
import { type GrantOutcome, tryRefresh } from '../../steps/refresh/try-refresh.ts';

const Order = z.object({ userId: z.string().min(1), credentialId: z.string().min(1), secretRev: z.string().min(1) });

/** Reads the event that the function was invoked with. Throws an error that does not repeat it. */
export const readRefreshOrder = (event: unknown): RefreshOrder => {
  const order = Order.safeParse(event);
  if (!order.success) throw new Error('not an order to refresh a credential');
  return order.data;
};

type RefreshCredentialDeps = RefreshDeps & Pick<Deps, 'users' | 'refreshes'>;

const refreshOrdered = async (deps: RefreshCredentialDeps, order: RefreshOrder): Promise<GrantOutcome> => {
  const finishBy = deps.clock.elapsed() + deps.budget.answerMilliseconds;
  const row = await deps.users.readCredential(order.userId, order.credentialId);
  if (!row?.readable || row.credential.secretRev !== order.secretRev) return 'notDue';
  const { credential } = row;
  if (!credential.hasRefreshToken || credential.brokenReason !== null) return 'notDue';
  const { outcome } = await tryRefresh(deps, { credential, finishBy, inUse: true });
  return outcome;
};

/** Refreshes once. A fault of the store postpones it: the next caller, or the sweep, tries again. */
export const refreshCredential = async (deps: RefreshCredentialDeps, order: RefreshOrder): Promise<GrantOutcome> => {
  try {
    return await refreshOrdered(deps, order);
  } catch (error) {
    if (error instanceof ServiceError) return 'postponed';
    throw error;
  }
};
