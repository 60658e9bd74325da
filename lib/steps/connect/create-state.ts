// Creates the state of an OAuth flow: a random token, and a row with the payload sealed under that token.
import type { LinkUse } from '../../domain/link/connect-link.ts';
import { hashToken, NEW_STATE_FIELDS, type Place, type StateRow } from '../../domain/oauth/oauth-state.ts';
import { newStateToken } from '../../domain/oauth/pkce.ts';
import { newIv, sealUnderToken } from '../../domain/oauth/token-seal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { CreatedState } from '../../domain/ports/state-store.ts';
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
  /** The place among the user's open states, when it was taken before; else creating the state takes it. */
  place?: Place;
  /** The link that starts the flow. */
  link?: LinkUse | undefined;
}

type CreateDeps = Pick<Deps, 'users' | 'states' | 'clock' | 'random' | 'limits'>;

/** `known`: how many erasures the flow was begun after; it starts nothing after another one. A link has its own. */
const findPlace = async (deps: CreateDeps, userId: string, known?: Pick<Place, 'erasures'>): Promise<Place> => {
  const user = known ?? (await deps.users.readUserRecord(userId));
  const window = Math.floor(deps.clock.now() / (deps.limits.oauthStateTtlSeconds * 1000));
  return { userId, erasures: user?.erasures ?? 0, window };
};

const sealRow = (deps: CreateDeps, token: string, { document, ...flow }: NewFlow & { place: Place }): StateRow => {
  const { provider, kind, place } = flow;
  const createdAt = deps.clock.now();
  const expiresAt = createdAt + (flow.lifetimeSeconds ?? deps.limits.oauthStateTtlSeconds) * 1000;
  const row = { ...place, provider, kind, createdAt, expiresAt };
  const key = { secrets: [token], use: 'payload' } as const;
  return {
    ...row,
    ...NEW_STATE_FIELDS,
    linkHash: flow.link?.tokenHash ?? null,
    // The first poll needs no wait.
    pollAfter: flow.pollSeconds === undefined ? null : createdAt,
    pollSeconds: flow.pollSeconds ?? null,
    tokenHash: hashToken(token),
    sealed: sealUnderToken(key, row, { document, iv: newIv(deps.random.bytes) }),
  };
};

/** Throws `too_many_open_states`, `user_erasing`; `store_busy` for a token that is taken, which random ones never are. */
const assertOpened = (outcome: CreatedState): void => {
  if (outcome === 'taken') throw new ServiceError('store_busy');
  if (outcome === 'too_many') throw new ServiceError('too_many_open_states');
  if (outcome === 'erasing') throw new ServiceError('user_erasing');
};

/**
 * Takes a place among the user's open states, for a flow that calls the provider before it has a state: the limit then holds for
 * the calls. The place comes back when the flow stores a credential, else with the next window. Throws
 * `too_many_open_states`, `user_erasing`.
 */
export const takePlace = async (deps: CreateDeps, userId: string, link?: LinkUse): Promise<Place> => {
  const { oauthStateTtlSeconds, maxOpenStatesPerUser: maxOpen } = deps.limits;
  const place = await findPlace(deps, userId, link);
  const expiresAt = deps.clock.now() + oauthStateTtlSeconds * 1000;
  assertOpened(await deps.states.takePlace({ place, expiresAt, token: deps.random.uuid(), maxOpen }));
  return place;
};

/** Stores a state under a token that another system made; how that ended. `erasures`: of the user, when the work began. */
export const createStateAs = async (
  deps: CreateDeps,
  { token, erasures }: { token: string; erasures: number },
  flow: NewFlow,
): Promise<CreatedState> => {
  const row = sealRow(deps, token, { ...flow, place: await findPlace(deps, flow.userId, { erasures }) });
  return deps.states.createState({ row, token: deps.random.uuid(), maxOpen: deps.limits.maxOpenStatesPerUser });
};

/**
 * Stores a new state; returns its token and when it expires (epoch milliseconds). Throws `too_many_open_states`,
 * `user_erasing`.
 */
export const createState = async (deps: CreateDeps, flow: NewFlow): Promise<{ token: string; expiresAt: number }> => {
  const token = newStateToken(deps.random.bytes);
  const place = flow.place ?? (await findPlace(deps, flow.userId, flow.link));
  const row = sealRow(deps, token, { ...flow, place });
  const maxOpen = flow.place === undefined ? deps.limits.maxOpenStatesPerUser : null;
  assertOpened(await deps.states.createState({ row, token: deps.random.uuid(), maxOpen }));
  return { token, expiresAt: row.expiresAt };
};
