// Consumes an OAuth state once. The row is marked with an operation id, not deleted: after a lost response the mark shows
// whether this operation made it, so of several callers exactly one succeeds. A refused check leaves the state as it was.
import { StatePayload } from '../../domain/oauth/oauth-state.ts';
import { stateInvalid } from '../../domain/oauth/state-refusal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { consumeState, loadActiveState } from '../../steps/connect/load-state.ts';

interface ConsumeOAuthState {
  userId: string;
  token: string;
  provider: string;
}

/** The payload kept under the token; `expiresAt` in epoch milliseconds. */
export interface ConsumedState extends StatePayload {
  provider: string;
  expiresAt: number;
}

/** Consumes a state of kind `external` and returns its payload. Throws `state_invalid`. */
export const consumeOAuthState = async (
  deps: Pick<Deps, 'users' | 'states' | 'clock' | 'random'>,
  { userId, token, provider }: ConsumeOAuthState,
): Promise<ConsumedState> => {
  const { row, document } = await loadActiveState(deps, { userId, token, kind: 'external' }, StatePayload);
  if (row.provider !== provider) throw stateInvalid('wrong_provider');
  await consumeState(deps, row);
  await deps.states.releaseState(row);
  return { ...document, provider, expiresAt: row.expiresAt };
};
