// Starts an OAuth flow for a caller that exchanges the code itself: creates a state token, and a PKCE verifier (RFC 7636) that
// only consuming the state reveals.
import type { StatePayload } from '../../domain/oauth/oauth-state.ts';
import { codeChallenge, newCodeVerifier } from '../../domain/oauth/pkce.ts';
import { isAllowedCallbackUrl, type RedirectPolicy } from '../../domain/oauth/redirect-url.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { JsonObject } from '../../domain/values/json-object.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { createState } from '../../steps/connect/create-state.ts';

interface CreateOAuthState {
  userId: string;
  provider: string;
  scopes: readonly string[];
  callbackUrl?: string | undefined;
  metadata?: JsonObject | undefined;
  initiatedByApiKeyId?: string | undefined;
}

/** The state token, the PKCE challenge (S256) of its verifier, and when it expires (epoch milliseconds). */
export interface CreatedState {
  token: string;
  codeChallenge: string;
  expiresAt: number;
}

/** Throws `url_not_allowed`. */
const assertCallbackUrl = ({ allowedCallbackUrls }: RedirectPolicy, callbackUrl: string | undefined): void => {
  if (callbackUrl === undefined || isAllowedCallbackUrl(callbackUrl, allowedCallbackUrls)) return;
  throw new ServiceError('url_not_allowed');
};

/** Creates a state of kind `external`. Throws `url_not_allowed`, `too_many_open_states`, `user_erasing`. */
export const createOAuthState = async (
  deps: Pick<Deps, 'users' | 'states' | 'redirects' | 'clock' | 'random' | 'limits'>,
  request: CreateOAuthState,
): Promise<CreatedState> => {
  assertCallbackUrl(deps.redirects, request.callbackUrl);
  const codeVerifier = newCodeVerifier(deps.random.bytes);
  const document: StatePayload = {
    codeVerifier,
    scopes: [...request.scopes],
    callbackUrl: request.callbackUrl ?? null,
    metadata: request.metadata ?? null,
    initiatedByApiKeyId: request.initiatedByApiKeyId ?? null,
  };
  const { userId, provider } = request;
  const created = await createState(deps, { userId, provider, kind: 'external', document });
  return { ...created, codeChallenge: codeChallenge(codeVerifier) };
};
