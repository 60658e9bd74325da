// Ends a credential's grant at its provider, before the row is deleted. Where only an access token can be revoked, one that works no
// more is refreshed first, under the lease and stored as by any refresh. No answer of the provider prevents the deletion.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { ReadableRow, RowVersion } from '../../domain/credential/rows.ts';
import { isExpired } from '../../domain/values/expiry.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { refreshOrWait, type WaitDeps } from '../refresh/refresh-or-wait.ts';
import { NOTHING_REVOKED, openGrant, type Revocation, revokeTokens, type StoredGrant } from './revoke-credential.ts';
import { findSharedVersion } from './shared-account.ts';

/** How one credential is disconnected. */
export interface DisconnectRequest {
  row: ReadableRow;
  /** When the operation must have answered, by the clock's `elapsed`; null: no token is refreshed. */
  finishBy: number | null;
  /** Whether a grant is spared that another credential of the user may live on. False where all of them are deleted. */
  spares: boolean;
}

/** What became of the grant. */
export type Disconnection =
  /** The tokens were revoked as far as possible; the row has `rowVersion` then, which a refresh has changed. */
  | { kind: 'ended'; revocation: Revocation; rowVersion: RowVersion }
  /** Nothing was sent, because of another credential that the user has at `atVersion`. */
  | { kind: 'spared'; atVersion: number }
  /** The row has changed: read it again. */
  | { kind: 'conflict' };

const CONFLICT: Disconnection = { kind: 'conflict' };

/** Whether a new access token could be had, and would be of use: the provider revokes no refresh tokens. */
const isRenewable = ({ client, secret }: StoredGrant, { brokenReason }: StoredCredential): boolean =>
  client.profile.revocableTokens.includes('access_token') &&
  !client.profile.revocableTokens.includes('refresh_token') &&
  secret.refreshToken !== undefined &&
  brokenReason === null;

/** Revokes the tokens. A refresh token that the provider has refused does not outlive an access token. */
const revokeStored = (deps: WaitDeps, { client, secret }: StoredGrant, credential: StoredCredential) => {
  const isRefused = credential.brokenReason === 'invalid_grant';
  const isSent = client.profile.revocableTokens.includes('refresh_token');
  const refreshToken = isRefused && !isSent ? undefined : secret.refreshToken;
  const isOver = isExpired(credential.expiresAt, deps.clock.now());
  return revokeTokens(deps, client, { accessToken: secret.accessToken, refreshToken, isExpired: isOver });
};

type Renewal = Disconnection | { kind: 'unchanged' };

interface Renewing {
  grant: StoredGrant;
  credential: StoredCredential;
  finishBy: number;
  isRefused: boolean;
}

/** Refreshes, and revokes the new tokens; 'unchanged' when that is not possible now. */
const renewAndRevoke = async (
  deps: WaitDeps,
  { grant, credential, finishBy, isRefused }: Renewing,
): Promise<Renewal> => {
  try {
    const result = await refreshOrWait(deps, { credential, finishBy, inUse: false, isRefused });
    if (result.kind === 'conflict') return CONFLICT;
    if (result.kind !== 'refreshed') return { kind: 'unchanged' };
    const { version, secretRev } = result.credential;
    const renewed = { client: grant.client, secret: result.secret };
    const { outcomes, ...revocation } = await revokeStored(deps, renewed, result.credential);
    return { kind: 'ended', revocation, rowVersion: { version, secretRev } };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    // The refusal is in the row now.
    return error.code === 'reconnect_required' ? CONFLICT : { kind: 'unchanged' };
  }
};

const endGrant = async (
  deps: WaitDeps,
  grant: StoredGrant,
  { row: { credential, rowVersion }, finishBy }: DisconnectRequest,
): Promise<Disconnection> => {
  const mayRenew = finishBy !== null && isRenewable(grant, credential);
  const isOver = isExpired(credential.expiresAt, deps.clock.now());
  if (mayRenew && isOver) {
    const renewal = await renewAndRevoke(deps, { grant, credential, finishBy, isRefused: false });
    if (renewal.kind !== 'unchanged') return renewal;
  }
  const { outcomes, ...revocation } = await revokeStored(deps, grant, credential);
  if (mayRenew && !isOver && outcomes[0] === 'gone') {
    // It went before its time; the refresh token may still be good for another.
    const renewal = await renewAndRevoke(deps, { grant, credential, finishBy, isRefused: true });
    if (renewal.kind !== 'unchanged') return renewal;
  }
  return { kind: 'ended', revocation, rowVersion };
};

/**
 * Revokes what a credential holds, in bounded time. Throws `keys_unavailable`, `secrets_unavailable`, `store_busy`,
 * `store_unavailable`.
 */
export const disconnect = async (deps: WaitDeps, request: DisconnectRequest): Promise<Disconnection> => {
  const { row, spares } = request;
  const grant = await openGrant(deps, row.credential);
  if (grant === null) return { kind: 'ended', revocation: NOTHING_REVOKED, rowVersion: row.rowVersion };
  const atVersion = spares ? await findSharedVersion(deps, grant.client, row.credential) : null;
  return atVersion === null ? endGrant(deps, grant, request) : { kind: 'spared', atVersion };
};
