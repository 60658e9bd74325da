// Revokes tokens that the provider has issued and that cannot be stored: without a row they could be neither used nor revoked later.
// Where that would end another credential of the account, they are left: the provider ends them with that one.
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { revokeTokens } from '../disconnect/revoke-credential.ts';
import { findSharedVersion } from '../disconnect/shared-account.ts';

/** Marks the error of a write that may have taken effect: its tokens may be stored, so they are not revoked. */
export const OUTCOME_UNKNOWN = 'outcome_unknown';

/** Tokens that no credential holds yet. */
interface Issued {
  userId: string;
  client: OAuthClient;
  grant: TokenResponse;
  /** The account's key (`accountKey`), as far as it is known when the work has failed; null: unknown. */
  readAccountId: () => string | null;
}

type OrphanDeps = Pick<Deps, 'oauth' | 'users'>;

/** If that cannot be read, nothing is revoked: a credential that works is worth more. */
const mayEndAnother = async (deps: OrphanDeps, { userId, client, readAccountId }: Issued): Promise<boolean> => {
  try {
    return (await findSharedVersion(deps, client, { userId, id: null, accountId: readAccountId() })) !== null;
  } catch (error) {
    if (error instanceof ServiceError) return true;
    throw error;
  }
};

const revokeOrphan = async (deps: OrphanDeps, issued: Issued): Promise<void> => {
  if (await mayEndAnother(deps, issued)) return;
  const { accessToken, refreshToken } = issued.grant;
  await revokeTokens(deps, issued.client, { accessToken, refreshToken: refreshToken ?? undefined });
};

/** Runs the work that stores the tokens. If it fails for certain, revokes them in the time of one call; throws the same error. */
export const revokeUnlessStored = async <T>(deps: OrphanDeps, issued: Issued, store: () => Promise<T>): Promise<T> => {
  try {
    return await store();
  } catch (error) {
    const isUnknown = error instanceof ServiceError && error.logReason === OUTCOME_UNKNOWN;
    if (!isUnknown) await revokeOrphan(deps, issued);
    throw error;
  }
};
