// Handlers of the checks. Each check makes a call to a provider with a secret that the caller chose, so a user has a limit of
// checks below the one of all calls: what one user can cause at a provider is bounded.
import type { NewCredential } from '../../lib/domain/credential/new-credential.ts';
import type { CallLimit } from '../../lib/domain/ports/call-limit.ts';
import { GatewayRefusal } from '../../lib/http/chain/gateway-refusal.ts';
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import {
  type CheckDeps,
  type CheckStoredDeps,
  checkCredential,
  checkStoredCredential,
} from '../../lib/operations/credential/check-credential.ts';

const countCheck = (limit: CallLimit, userId: string): void => {
  const seconds = limit.take(userId);
  if (seconds > 0) throw new GatewayRefusal(429, 'Too Many Requests', seconds);
};

/** Check a credential of the request. Throws `GatewayRefusal` (429) beyond the limit. */
export const newCredentialCheckHandlers = (deps: CheckDeps & { checkLimit: CallLimit }) => ({
  checkCredential: async ({ userId, body }: { userId: string; body: NewCredential }): Promise<HandlerResult> => {
    countCheck(deps.checkLimit, userId);
    return { status: 200, body: await checkCredential(deps, { credential: body }) };
  },
});

/** Check a credential of the request, and a stored one. Both throw `GatewayRefusal` (429) beyond the limit. */
export const checkHandlers = (deps: CheckDeps & CheckStoredDeps & { checkLimit: CallLimit }) => ({
  ...newCredentialCheckHandlers(deps),
  checkStoredCredential: async ({
    userId,
    params,
  }: {
    userId: string;
    params: { id: string };
  }): Promise<HandlerResult> => {
    countCheck(deps.checkLimit, userId);
    return { status: 200, body: await checkStoredCredential(deps, { userId, id: params.id }) };
  },
});
