// Creates the state of an OAuth flow: a random token, and a row with the payload sealed under that token.
import { hashToken, NEW_STATE_FIELDS, type StateRow } from '../../domain/oauth/oauth-state.ts';
import { newStateToken } from '../../domain/oauth/pkce.ts';
import { newIv, sealUnderToken } from '../../domain/oauth/token-seal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

interface NewFlow {
  userId: string;
  provider: string;
  kind: StateRow['kind'];
  document: unknown;
  /** The provider's own lifetime (device flow); else `oauthStateTtlSeconds`. */
  lifetimeSeconds?: number;
  /** The polling interval of a device flow. */
  pollSeconds?: number;
}

type CreateDeps = Pick<Deps, 'users' | 'states' | 'clock' | 'random' | 'limits'>;

const sealRow = (deps: CreateDeps, token: string, { document, ...flow }: NewFlow & { erasures: number }): StateRow => {
  const { userId, provider, kind, erasures } = flow;
  const createdAt = deps.clock.now();
  const windowSeconds = deps.limits.oauthStateTtlSeconds;
  const expiresAt = createdAt + (flow.lifetimeSeconds ?? windowSeconds) * 1000;
  const row = { userId, provider, kind, erasures, createdAt, expiresAt };
  const key = { secrets: [token], use: 'payload' } as const;
  return {
    ...row,
    ...NEW_STATE_FIELDS,
    // The first poll needs no wait.
    pollAfter: flow.pollSeconds === undefined ? null : createdAt,
    pollSeconds: flow.pollSeconds ?? null,
    tokenHash: hashToken(token),
    sealed: sealUnderToken(key, row, { document, iv: newIv(deps.random.bytes) }),
    window: Math.floor(createdAt / (windowSeconds * 1000)),
  };
};

/**
 * Stores a new state; returns its token and when it expires (epoch milliseconds). Throws `too_many_open_states`,
 * `user_erasing`.
 */
export const createState = async (deps: CreateDeps, flow: NewFlow): Promise<{ token: string; expiresAt: number }> => {
  const token = newStateToken(deps.random.bytes);
  const user = await deps.users.readUserRecord(flow.userId);
  const row = sealRow(deps, token, { ...flow, erasures: user?.erasures ?? 0 });
  const maxOpen = deps.limits.maxOpenStatesPerUser;
  const outcome = await deps.states.createState({ row, token: deps.random.uuid(), maxOpen });
  if (outcome === 'too_many') throw new ServiceError('too_many_open_states');
  if (outcome === 'erasing') throw new ServiceError('user_erasing');
  return { token, expiresAt: row.expiresAt };
};
