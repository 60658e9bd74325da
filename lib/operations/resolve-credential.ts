// The main call: a working credential for a user, now, as the fields to send. It never hands out what is known not to
// work, and says why instead.
import { chooseOwn, coversWanted, isCandidate, systemFor, type Wanted } from '../domain/choose-credential.ts';
import type { SecretDocument, StoredCredential } from '../domain/credential.ts';
import { brokenReason, type CredentialView, viewStored, viewSystem } from '../domain/credential-view.ts';
import type { Deps } from '../domain/deps.ts';
import { isExpired } from '../domain/oauth-state.ts';
import { type PublicSecret, publicSecret } from '../domain/public-secret.ts';
import type { CredentialRow } from '../domain/rows.ts';
import { missingScopes } from '../domain/scopes.ts';
import { type SendableFields, sendableFields } from '../domain/sendable-fields.ts';
import { ServiceError } from '../domain/service-error.ts';
import { findSystemCredential, type SystemCredential } from '../domain/system-credentials.ts';
import { isFresh } from '../domain/token-freshness.ts';
import { openCredential } from './steps/open-credential.ts';
import { systemSecret } from './steps/system-secret.ts';

interface ResolveCredential extends Wanted {
  userId: string;
  minTtlSeconds?: number | undefined;
}

export interface Resolved extends SendableFields {
  credential: CredentialView & { secret: PublicSecret };
  expiresAt: string | null;
  /** The token lives, but not as long as was asked for. */
  stale: boolean;
}

type ResolveDeps = Pick<
  Deps,
  'users' | 'sealer' | 'systemKeys' | 'systemDirectory' | 'placements' | 'clock' | 'limits'
>;

const answer = async (
  deps: ResolveDeps,
  view: CredentialView,
  { secret, stale }: { secret: SecretDocument; stale: boolean },
): Promise<Resolved> => ({
  credential: { ...view, secret: publicSecret(secret) },
  ...sendableFields(secret, await deps.placements.keyPlacement(view.provider ?? '')),
  expiresAt: view.expiresAt,
  stale,
});

const resolveSystem = async (deps: ResolveDeps, system: SystemCredential | undefined): Promise<Resolved> => {
  const secret = system ? await systemSecret(deps, system) : null;
  if (!system || secret === null) throw new ServiceError('not_connected');
  return answer(deps, viewSystem(system), { secret, stale: false });
};

/** Throws what keeps this credential from serving the call. */
const assertUsable = (row: CredentialRow, scopes: readonly string[], now: number): StoredCredential => {
  if (!row.readable) throw new ServiceError('credential_unreadable');
  const { credential } = row;
  if (!coversWanted(row, scopes)) {
    const missing = missingScopes(credential.scopes ?? [], scopes);
    throw new ServiceError('insufficient_scopes', { members: { missingScopes: missing } });
  }
  const reason = brokenReason(credential, now);
  if (reason !== null) throw new ServiceError('reconnect_required', { members: { reason } });
  return credential;
};

/** A token past its freshness is served as stale while it lives. Throws `refresh_unavailable` for one that does not. */
const isStale = (credential: StoredCredential, minTtlSeconds: number, now: number): boolean => {
  if (credential.type !== 'oauth2' || isFresh(credential, minTtlSeconds, now)) return false;
  if (isExpired(credential.expiresAt, now)) throw new ServiceError('refresh_unavailable');
  return true;
};

const resolveOwn = async (deps: ResolveDeps, row: CredentialRow, request: ResolveCredential): Promise<Resolved> => {
  const now = deps.clock.now();
  const credential = assertUsable(row, request.scopes, now);
  const stale = isStale(credential, request.minTtlSeconds ?? deps.limits.refreshMinTtlSeconds, now);
  const secret = await openCredential(deps, credential);
  return answer(deps, viewStored(credential, now), { secret, stale });
};

const resolveNamed = async (deps: ResolveDeps, id: string, request: ResolveCredential): Promise<Resolved> => {
  const system = findSystemCredential(id);
  if (system) return resolveSystem(deps, fitsProvider(system, request.provider) ? system : undefined);
  const row = await deps.users.readCredential(request.userId, id);
  if (row === null || !isCandidate(row, request)) throw new ServiceError('not_connected');
  return resolveOwn(deps, row, request);
};

const fitsProvider = (system: SystemCredential, provider: string | undefined) =>
  provider === undefined || system.provider === provider;

/**
 * Chooses a credential and gives it ready to send. Throws `not_connected`, `reconnect_required` (with `reason`),
 * `insufficient_scopes` (with `missingScopes`), `credential_unreadable`, `refresh_unavailable`.
 */
export const resolveCredential = async (deps: ResolveDeps, request: ResolveCredential): Promise<Resolved> => {
  if (request.credentialId !== undefined) return resolveNamed(deps, request.credentialId, request);
  const { rows } = await deps.users.readUser(request.userId);
  const own = chooseOwn(rows, request, deps.clock.now());
  return own ? resolveOwn(deps, own, request) : resolveSystem(deps, systemFor(request.provider));
};
