// Consumes an OAuth state once. It is marked, not deleted: a mark can be recognised as one's own after a lost answer, so
// a state is never won twice and never lost by everyone. A refused check spends nothing.

import { StatePayload } from '../../domain/oauth/oauth-state.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { consumeState, loadActiveState, stateInvalid } from '../../steps/connect/load-state.ts';

interface ConsumeOAuthState {
  userId: string;
  token: string;
  provider: string;
}

export interface ConsumedState extends StatePayload {
  provider: string;
  expiresAt: number;
}

/** What was kept under the token. Throws `state_invalid` for every reason alike. */
export const consumeOAuthState = async (
  deps: Pick<Deps, 'users' | 'states' | 'clock' | 'random'>,
  { userId, token, provider }: ConsumeOAuthState,
): Promise<ConsumedState> => {
  const { row, document } = await loadActiveState(deps, { userId, token, kind: 'external' }, StatePayload);
  if (row.provider !== provider) throw stateInvalid();
  await consumeState(deps, row);
  return { ...document, provider, expiresAt: row.expiresAt };
};
