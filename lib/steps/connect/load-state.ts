// Finds, opens and consumes OAuth states. Every refusal is the same answer (domain/oauth/state-refusal.ts), and a refused check
// leaves the state as it was.
import type * as z from 'zod';
import type { LinkUse } from '../../domain/link/connect-link.ts';
import { hashToken, STATE_TOKEN, type StateRow } from '../../domain/oauth/oauth-state.ts';
import { stateInvalid } from '../../domain/oauth/state-refusal.ts';
import { openUnderToken } from '../../domain/oauth/token-seal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { isExpired } from '../../domain/values/expiry.ts';
import { allSettledOrThrow } from '../credential/all-settled.ts';

interface StateKey {
  userId: string;
  token: string;
  kind: StateRow['kind'];
  /** The link that the request came by; the flow must have been started by the same one, or without any. */
  link?: LinkUse | undefined;
}

/** A state that may still be consumed, with its decrypted payload. */
export interface ActiveState<T> {
  row: StateRow;
  document: T;
}

type StateDeps = Pick<Deps, 'users' | 'states' | 'clock' | 'random'>;

function assertToken(token: unknown): asserts token is string {
  if (typeof token !== 'string' || !STATE_TOKEN.test(token)) throw stateInvalid('malformed');
}

/**
 * The row of a token and kind, used and expired ones included, of any user. Throws `state_invalid`; a text that cannot
 * be a token is not looked up.
 */
export const findState = async (
  { states }: Pick<Deps, 'states'>,
  token: unknown,
  kind: StateRow['kind'],
): Promise<StateRow> => {
  assertToken(token);
  const row = await states.readState(hashToken(token));
  if (row === null) throw stateInvalid('unknown');
  if (row.kind !== kind) throw stateInvalid('wrong_kind');
  return row;
};

/** The row of a token and kind that this user started, used and expired ones included. Throws `state_invalid`. */
export const findOwnState = async (
  deps: Pick<Deps, 'states'>,
  { userId, token, kind, link }: StateKey,
): Promise<StateRow> => {
  const row = await findState(deps, token, kind);
  if (row.userId !== userId) throw stateInvalid('foreign_user');
  if (row.linkHash !== (link?.tokenHash ?? null)) throw stateInvalid('foreign_link');
  return row;
};

/** Throws `state_invalid` for a state that is used or expired. */
export const assertActive = (row: StateRow, now: number): void => {
  if (row.usedBy !== null) throw stateInvalid('used');
  if (isExpired(row.expiresAt, now)) throw stateInvalid('expired');
};

/** Decrypts a state's payload, whether the state is active or not. Throws `state_invalid`. */
export const decryptPayload = <S extends z.ZodType>(row: StateRow, token: string, schema: S): z.infer<S> => {
  const key = { secrets: [token], use: 'payload' } as const;
  const parsed = schema.safeParse(openUnderToken(key, row, row.sealed));
  if (!parsed.success) throw stateInvalid('unreadable');
  return parsed.data;
};

type UserRead = ReturnType<StateDeps['users']['readUserRecord']>;

const decryptActive = <S extends z.ZodType>(
  { row, token, user }: { row: StateRow; token: string; user: Awaited<UserRead> },
  schema: S,
  now: number,
): z.infer<S> => {
  assertActive(row, now);
  const document = decryptPayload(row, token, schema);
  if (user?.erasing || (user?.erasures ?? 0) !== row.erasures) throw stateInvalid('user_erased');
  return document;
};

/** Decrypts the payload of a state that may still be consumed, and whose user was not erased since. Throws `state_invalid`. */
export const decryptActivePayload = async <S extends z.ZodType>(
  deps: StateDeps,
  { row, token }: { row: StateRow; token: string },
  schema: S,
): Promise<z.infer<S>> => {
  const user = await deps.users.readUserRecord(row.userId);
  return decryptActive({ row, token, user }, schema, deps.clock.now());
};

/**
 * Finds a state of this user and kind that may still be consumed, and decrypts its payload. The user record is read beside it:
 * the caller has the token, so the state was stored before either read, and an erasure after them is a later one. Throws
 * `state_invalid`.
 */
export const loadActiveState = async <S extends z.ZodType>(
  deps: StateDeps,
  key: StateKey,
  schema: S,
): Promise<ActiveState<z.infer<S>>> => {
  const { userId, token } = key;
  assertToken(token);
  const [row, user] = await allSettledOrThrow([findOwnState(deps, key), deps.users.readUserRecord(userId)]);
  return { row, document: decryptActive({ row, token, user }, schema, deps.clock.now()) };
};

/**
 * Marks the state as used, once: of several requests one succeeds, and the state cannot be used again even if what follows
 * fails. `outcome`: how a device flow ended that stores no credential. The caller gives its place among the open states back when
 * the flow succeeds; after a failure it stays taken, so that failing flows call a provider within the limit. Throws `state_invalid`.
 */
export const consumeState = async (deps: StateDeps, row: StateRow, outcome?: 'denied' | 'expired'): Promise<void> => {
  const { tokenHash, userId, provider, receiptHash } = row;
  const mark = { tokenHash, userId, provider, receiptHash, operationId: deps.random.uuid(), now: deps.clock.now() };
  const marked = await deps.states.consumeState(outcome === undefined ? mark : { ...mark, outcome });
  if (marked === null) throw stateInvalid('lost_race');
};
