// Beginning an OAuth flow: its token, and its row with the payload sealed under that token.

import { hashToken, NEW_STATE_FIELDS, type StateRow } from '../../domain/oauth/oauth-state.ts';
import { newStateToken } from '../../domain/oauth/pkce.ts';
import { newIv, sealUnderToken } from '../../domain/oauth/token-seal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

interface Flow {
  userId: string;
  provider: string;
  kind: StateRow['kind'];
  document: unknown;
  /** Where it is the provider who says how long; else the usual life of a state. */
  lifetimeSeconds?: number;
  pollSeconds?: number;
}

type FlowDeps = Pick<Deps, 'users' | 'states' | 'clock' | 'random' | 'limits'>;

const sealedRow = (deps: FlowDeps, token: string, { document, ...flow }: Flow & { erasures: number }): StateRow => {
  const { userId, provider, kind, erasures } = flow;
  const createdAt = deps.clock.now();
  const windowSeconds = deps.limits.oauthStateTtlSeconds;
  const expiresAt = createdAt + (flow.lifetimeSeconds ?? windowSeconds) * 1000;
  const row = { userId, provider, kind, erasures, createdAt, expiresAt };
  const key = { secrets: [token], use: 'payload' } as const;
  return {
    ...row,
    ...NEW_STATE_FIELDS,
    // The first poll may come at once.
    pollAfter: flow.pollSeconds === undefined ? null : createdAt,
    pollSeconds: flow.pollSeconds ?? null,
    tokenHash: hashToken(token),
    sealed: sealUnderToken(key, row, { document, iv: newIv(deps.random.bytes) }),
    window: Math.floor(createdAt / (windowSeconds * 1000)),
  };
};

/** Throws `too_many_open_states`, `user_erasing`. */
export const createState = async (deps: FlowDeps, flow: Flow): Promise<{ token: string; expiresAt: number }> => {
  const token = newStateToken(deps.random.bytes);
  const head = await deps.users.readUserRecord(flow.userId);
  const row = sealedRow(deps, token, { ...flow, erasures: head?.erasures ?? 0 });
  const maxOpen = deps.limits.maxOpenStatesPerUser;
  const outcome = await deps.states.createState({ row, token: deps.random.uuid(), maxOpen });
  if (outcome === 'too_many') throw new ServiceError('too_many_open_states');
  if (outcome === 'erasing') throw new ServiceError('user_erasing');
  return { token, expiresAt: row.expiresAt };
};
