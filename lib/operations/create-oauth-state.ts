// Begins an OAuth flow for a caller that runs its own exchange: a state token, and a PKCE verifier that stays here until
// the state is consumed (RFC 7636).
import type { Deps } from '../domain/deps.ts';
import type { JsonObject } from '../domain/json-object.ts';
import { hashToken, newIv, type StatePayload, sealPayload } from '../domain/oauth-state.ts';
import { codeChallenge, newCodeVerifier, newStateToken } from '../domain/pkce.ts';
import { ServiceError } from '../domain/service-error.ts';

interface CreateOAuthState {
  userId: string;
  provider: string;
  scopes: readonly string[];
  callbackUrl?: string | undefined;
  metadata?: JsonObject | undefined;
  initiatedByApiKeyId?: string | undefined;
}

export interface OpenedState {
  token: string;
  codeChallenge: string;
  expiresAt: number;
}

type StateDeps = Pick<Deps, 'users' | 'states' | 'clock' | 'random' | 'limits'>;

const sealedRow = (
  deps: StateDeps,
  { token, payload }: { token: string; payload: StatePayload },
  flow: { userId: string; provider: string; erasures: number },
) => {
  const createdAt = deps.clock.now();
  const lifetime = deps.limits.oauthStateTtlSeconds * 1000;
  const row = { ...flow, createdAt, expiresAt: createdAt + lifetime };
  const sealed = sealPayload(token, row, { payload, iv: newIv(deps.random.bytes) });
  return { ...row, tokenHash: hashToken(token), sealed, window: Math.floor(createdAt / lifetime), usedBy: null };
};

/** Throws `too_many_open_states`, `user_erasing`. */
export const createOAuthState = async (deps: StateDeps, request: CreateOAuthState): Promise<OpenedState> => {
  const { userId, provider } = request;
  const token = newStateToken(deps.random.bytes);
  const codeVerifier = newCodeVerifier(deps.random.bytes);
  const payload: StatePayload = {
    codeVerifier,
    scopes: [...request.scopes],
    callbackUrl: request.callbackUrl ?? null,
    metadata: request.metadata ?? null,
    initiatedByApiKeyId: request.initiatedByApiKeyId ?? null,
  };
  const head = await deps.users.readHead(userId);
  const row = sealedRow(deps, { token, payload }, { userId, provider, erasures: head?.erasures ?? 0 });
  const operationToken = deps.random.uuid();
  const open = { row, token: operationToken, maxOpen: deps.limits.maxOpenStatesPerUser };
  const outcome = await deps.states.openState(open);
  if (outcome === 'too_many') throw new ServiceError('too_many_open_states');
  if (outcome === 'erasing') throw new ServiceError('user_erasing');
  return { token, codeChallenge: codeChallenge(codeVerifier), expiresAt: row.expiresAt };
};
