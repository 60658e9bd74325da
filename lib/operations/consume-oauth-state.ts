// Consumes an OAuth state once. It is marked, not deleted: a mark can be recognised as one's own after a lost answer, so
// a state is never won twice and never lost by everyone. A refused check spends nothing.
import type { Deps } from '../domain/deps.ts';
import { hashToken, openPayload, STATE_TOKEN, type StatePayload, type StateRow } from '../domain/oauth-state.ts';
import { ServiceError } from '../domain/service-error.ts';

interface ConsumeOAuthState {
  userId: string;
  token: string;
  provider: string;
}

export interface ConsumedState extends StatePayload {
  provider: string;
  expiresAt: number;
}

type ConsumeDeps = Pick<Deps, 'users' | 'states' | 'clock' | 'random'>;

const invalid = () => new ServiceError('state_invalid');

/** The row and its payload while the flow may still complete; opened before the mark, so a broken row spends nothing. */
const readOpen = async (deps: ConsumeDeps, { userId, token, provider }: ConsumeOAuthState) => {
  const row = await deps.states.readState(hashToken(token));
  if (row === null || row.userId !== userId || row.provider !== provider) throw invalid();
  const payload = openPayload(token, row);
  if (payload === null) throw invalid();
  const head = await deps.users.readHead(userId);
  if (head?.erasing || (head?.erasures ?? 0) !== row.erasures) throw invalid();
  return { row, payload };
};

const mark = (deps: ConsumeDeps, row: StateRow): Promise<StateRow | null> =>
  deps.states.markStateUsed({
    tokenHash: row.tokenHash,
    operationId: deps.random.uuid(),
    userId: row.userId,
    provider: row.provider,
    now: deps.clock.now(),
  });

/** What was kept under the token. Throws `state_invalid` for every reason alike. */
export const consumeOAuthState = async (deps: ConsumeDeps, request: ConsumeOAuthState): Promise<ConsumedState> => {
  if (!STATE_TOKEN.test(request.token)) throw invalid();
  const { row, payload } = await readOpen(deps, request);
  const marked = await mark(deps, row);
  if (marked === null) throw invalid();
  await deps.states.releaseState(marked);
  return { ...payload, provider: row.provider, expiresAt: row.expiresAt };
};
