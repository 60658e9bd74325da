// Begins an OAuth flow for a caller that runs its own exchange: a state token, and a PKCE verifier that stays here until
// the state is consumed (RFC 7636).

import type { StatePayload } from '../../domain/oauth/oauth-state.ts';
import { codeChallenge, newCodeVerifier } from '../../domain/oauth/pkce.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { JsonObject } from '../../domain/values/json-object.ts';
import { createState } from '../../steps/connect/create-state.ts';

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

/** Throws `too_many_open_states`, `user_erasing`. */
export const createOAuthState = async (
  deps: Pick<Deps, 'users' | 'states' | 'clock' | 'random' | 'limits'>,
  request: CreateOAuthState,
): Promise<OpenedState> => {
  const codeVerifier = newCodeVerifier(deps.random.bytes);
  const document: StatePayload = {
    codeVerifier,
    scopes: [...request.scopes],
    callbackUrl: request.callbackUrl ?? null,
    metadata: request.metadata ?? null,
    initiatedByApiKeyId: request.initiatedByApiKeyId ?? null,
  };
  const { userId, provider } = request;
  const opened = await createState(deps, { userId, provider, kind: 'external', document });
  return { ...opened, codeChallenge: codeChallenge(codeVerifier) };
};
