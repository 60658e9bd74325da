// The main call: a working credential for a user, now, as the fields to send, refreshed if need be. It never hands out what
// is known not to work, and says why instead.
import { chooseOwn, isCandidate, systemFor, type Wanted } from '../domain/choose-credential.ts';
import type { SecretDocument, StoredCredential } from '../domain/credential.ts';
import { brokenReason, type CredentialView, viewStored, viewSystem } from '../domain/credential-view.ts';
import type { Deps } from '../domain/deps.ts';
import { isExpired } from '../domain/oauth-state.ts';
import { type PublicSecret, publicSecret } from '../domain/public-secret.ts';
import { dayOf, dueOf } from '../domain/refresh-due.ts';
import type { CredentialRow } from '../domain/rows.ts';
import { coversScopes, missingScopes } from '../domain/scopes.ts';
import { type SendableFields, sendableFields } from '../domain/sendable-fields.ts';
import { ServiceError } from '../domain/service-error.ts';
import { findSystemCredential, type SystemCredential } from '../domain/system-credentials.ts';
import { isFresh } from '../domain/token-freshness.ts';
import { allEnded } from './steps/all-ended.ts';
import { freshGrant } from './steps/fresh-grant.ts';
import { openCredential } from './steps/open-credential.ts';
import type { RefreshDeps } from './steps/prepare-refresh.ts';
import { systemSecret } from './steps/system-secret.ts';

export interface ResolveCredential extends Wanted {
  userId: string;
  minTtlSeconds?: number | undefined;
}

export interface Resolved extends SendableFields {
  credential: CredentialView & { secret: PublicSecret };
  expiresAt: string | null;
  /** The token lives, but not as long as was asked for. */
  stale: boolean;
}

type ResolveDeps = RefreshDeps & Pick<Deps, 'systemKeys' | 'systemDirectory' | 'placements'>;

/** One call of resolve, through all its looks at the user. */
interface Resolving extends ResolveCredential {
  /** When it has to have answered (epoch ms). */
  finishBy: number;
  /** The secrets that were found not fresh enough, by credential: another one, written since, is taken while it lives. */
  seen: Map<string, string>;
}

/** Each look may meet another change; so many are not met in one call. */
const MAX_LOOKS = 5;

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

const assertScopes = ({ type, scopes }: StoredCredential, wanted: readonly string[]): void => {
  if (type !== 'oauth2' || coversScopes(scopes ?? [], wanted)) return;
  const missing = missingScopes(scopes ?? [], wanted);
  throw new ServiceError('insufficient_scopes', { members: { missingScopes: missing } });
};

/** Throws what keeps this credential from serving the call. */
const assertUsable = (row: CredentialRow, scopes: readonly string[], now: number): StoredCredential => {
  if (!row.readable) throw new ServiceError('credential_unreadable');
  const { credential } = row;
  assertScopes(credential, scopes);
  const reason = brokenReason(credential, now);
  if (reason !== null) throw new ServiceError('reconnect_required', { members: { reason } });
  return credential;
};

const isFreshEnough = (
  credential: StoredCredential,
  { minTtlSeconds, seen }: Resolving,
  { limits, clock }: ResolveDeps,
): boolean => {
  const now = clock.now();
  if (credential.type !== 'oauth2' || isFresh(credential, minTtlSeconds ?? limits.refreshMinTtlSeconds, now))
    return true;
  const before = seen.get(credential.id);
  return before !== undefined && before !== credential.secretRev && !isExpired(credential.expiresAt, now);
};

/** A grant in use is renewed ahead of need by the sweep; that it is used is written down once a day. */
const noteUse = async (deps: ResolveDeps, credential: StoredCredential): Promise<void> => {
  const now = deps.clock.now();
  const usedDay = dayOf(now);
  if (!credential.hasRefreshToken || credential.expiresAt === null || credential.usedDay === usedDay) return;
  const due = dueOf({ ...credential, usedDay }, now, { ...deps.limits, fraction: deps.random.fraction() });
  const key = { userId: credential.userId, credentialId: credential.id };
  await deps.grants.noteUse(key, credential.secretRev, { usedDay, due });
};

const openUsed = async (deps: ResolveDeps, credential: StoredCredential): Promise<SecretDocument> => {
  const [secret] = await allEnded([openCredential(deps, credential), noteUse(deps, credential)]);
  return secret;
};

/** The credential as it can be used now, and its secret; 'changed' when it has to be looked at again. */
const freshened = async (deps: ResolveDeps, credential: StoredCredential, resolving: Resolving) => {
  if (isFreshEnough(credential, resolving, deps) || !credential.hasRefreshToken) return { credential };
  resolving.seen.set(credential.id, credential.secretRev);
  return freshGrant(deps, { credential, finishBy: resolving.finishBy, inUse: true });
};

const resolveOwn = async (
  deps: ResolveDeps,
  row: CredentialRow,
  resolving: Resolving,
): Promise<Resolved | 'changed'> => {
  const { scopes } = resolving;
  const found = assertUsable(row, scopes, deps.clock.now());
  const fresh = await freshened(deps, found, resolving);
  if (fresh === 'changed') return 'changed';
  const { credential } = fresh;
  // A refresh may have left it with fewer scopes.
  assertScopes(credential, scopes);
  const secret = fresh.secret ?? (await openUsed(deps, credential));
  const stale = !isFreshEnough(credential, resolving, deps);
  return answer(deps, viewStored(credential, deps.clock.now()), { secret, stale });
};

const resolveNamed = async (deps: ResolveDeps, id: string, resolving: Resolving): Promise<Resolved | 'changed'> => {
  const system = findSystemCredential(id);
  if (system) return resolveSystem(deps, fitsProvider(system, resolving.provider) ? system : undefined);
  const row = await deps.users.readCredential(resolving.userId, id);
  if (row === null || !isCandidate(row, resolving)) throw new ServiceError('not_connected');
  return resolveOwn(deps, row, resolving);
};

const fitsProvider = (system: SystemCredential, provider: string | undefined) =>
  provider === undefined || system.provider === provider;

const look = async (deps: ResolveDeps, resolving: Resolving): Promise<Resolved | 'changed'> => {
  if (resolving.credentialId !== undefined) return resolveNamed(deps, resolving.credentialId, resolving);
  const { rows } = await deps.users.readUser(resolving.userId);
  const own = chooseOwn(rows, resolving, deps.clock.now());
  return own ? resolveOwn(deps, own, resolving) : resolveSystem(deps, systemFor(resolving.provider));
};

const resolve = async (deps: ResolveDeps, request: ResolveCredential): Promise<Resolved> => {
  const finishBy = deps.clock.now() + deps.budget.answerMilliseconds;
  const resolving = { ...request, finishBy, seen: new Map<string, string>() };
  for (let looks = 0; looks < MAX_LOOKS && deps.clock.now() < finishBy; looks++) {
    const resolved = await look(deps, resolving);
    if (resolved !== 'changed') return resolved;
  }
  throw new ServiceError('refresh_unavailable');
};

/**
 * Chooses a credential and gives it ready to send. Throws `not_connected`, `reconnect_required` (with `reason`),
 * `insufficient_scopes` (with `missingScopes`), `credential_unreadable`, `refresh_unavailable`.
 */
export const resolveCredential = async (deps: ResolveDeps, request: ResolveCredential): Promise<Resolved> => {
  const count = (outcome: string) => deps.meter.record('Resolves', 1, { outcome });
  try {
    const resolved = await resolve(deps, request);
    count(resolved.stale ? 'stale' : 'ok');
    return resolved;
  } catch (error) {
    count(error instanceof ServiceError ? error.code : 'internal_error');
    throw error;
  }
};
