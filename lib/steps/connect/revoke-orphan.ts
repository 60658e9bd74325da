// Revokes tokens that the provider has issued and that cannot be stored: without a row they could be neither used nor revoked later.
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { revokeTokens } from '../credential/revoke-credential.ts';

/** Marks the error of a write that may have taken effect: its tokens may be stored, so they are not revoked. */
export const OUTCOME_UNKNOWN = 'outcome_unknown';

interface Issued {
  client: OAuthClient;
  grant: TokenResponse;
}

const revokeOrphan = async (deps: Pick<Deps, 'oauth'>, { client, grant }: Issued): Promise<void> => {
  const { accessToken, refreshToken } = grant;
  await revokeTokens(deps, client, { accessToken, refreshToken: refreshToken ?? undefined });
};

/** Runs the work that stores the tokens. If it fails for certain, revokes them in the time of one call; throws the same error. */
export const revokeUnlessStored = async <T>(
  deps: Pick<Deps, 'oauth'>,
  issued: Issued,
  store: () => Promise<T>,
): Promise<T> => {
  try {
    return await store();
  } catch (error) {
    const isUnknown = error instanceof ServiceError && error.logReason === OUTCOME_UNKNOWN;
    if (!isUnknown) await revokeOrphan(deps, issued);
    throw error;
  }
};
