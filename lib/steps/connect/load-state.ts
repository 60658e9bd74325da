// Reading and using an OAuth flow. Every reason why not is one answer, and a refused check spends nothing.
import type * as z from 'zod';
import { hashToken, STATE_TOKEN, type StateRow } from '../../domain/oauth/oauth-state.ts';
import { openUnderToken } from '../../domain/oauth/token-seal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { isExpired } from '../../domain/values/expiry.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

interface FlowKey {
  userId: string;
  token: string;
  kind: StateRow['kind'];
}

export interface ActiveState<T> {
  row: StateRow;
  document: T;
}

type FlowDeps = Pick<Deps, 'users' | 'states' | 'clock' | 'random'>;

export const stateInvalid = (): ServiceError => new ServiceError('state_invalid');

/** The row of a token, whoever asks; null for anything that is no live or spent token of ours. */
export const findState = async (deps: Pick<Deps, 'states'>, token: string): Promise<StateRow | null> =>
  STATE_TOKEN.test(token) ? deps.states.readState(hashToken(token)) : null;

/** Opens a flow's payload. Throws `state_invalid`. */
export const decryptPayload = <S extends z.ZodType>(row: StateRow, token: string, schema: S): z.infer<S> => {
  const key = { secrets: [token], use: 'payload' } as const;
  const parsed = schema.safeParse(openUnderToken(key, row, row.sealed));
  if (!parsed.success) throw stateInvalid();
  return parsed.data;
};

/** The payload of a flow that may still be used. Throws `state_invalid`. */
export const decryptActivePayload = async <S extends z.ZodType>(
  deps: FlowDeps,
  { row, token }: { row: StateRow; token: string },
  schema: S,
): Promise<z.infer<S>> => {
  if (row.usedBy !== null || isExpired(row.expiresAt, deps.clock.now())) throw stateInvalid();
  const document = decryptPayload(row, token, schema);
  const head = await deps.users.readUserRecord(row.userId);
  if (head?.erasing || (head?.erasures ?? 0) !== row.erasures) throw stateInvalid();
  return document;
};

/** A flow of this user that may still be used. Throws `state_invalid`. */
export const loadActiveState = async <S extends z.ZodType>(
  deps: FlowDeps,
  { userId, token, kind }: FlowKey,
  schema: S,
): Promise<ActiveState<z.infer<S>>> => {
  const row = await findState(deps, token);
  if (row === null || row.userId !== userId || row.kind !== kind) throw stateInvalid();
  return { row, document: await decryptActivePayload(deps, { row, token }, schema) };
};

/** Spends the flow: from here on it can't be used again, whatever comes of it. Throws `state_invalid` for all but one. */
export const consumeState = async (deps: FlowDeps, row: StateRow, outcome?: 'denied' | 'expired'): Promise<void> => {
  const { tokenHash, userId, provider } = row;
  const mark = { tokenHash, userId, provider, operationId: deps.random.uuid(), now: deps.clock.now() };
  const marked = await deps.states.consumeState(outcome === undefined ? mark : { ...mark, outcome });
  if (marked === null) throw stateInvalid();
  await deps.states.releaseState(marked);
};
