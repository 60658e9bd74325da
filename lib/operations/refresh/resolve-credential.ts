// The main call: a working credential for a user, now, as the fields to send, refreshed if need be. It never hands out what
// is known not to work, and says why instead.
import { chooseOwn, isCandidate, systemFor, type Wanted } from '../../domain/credential/choose-credential.ts';
import type { SecretDocument } from '../../domain/credential/credential.ts';
import { type CredentialView, viewStored, viewSystem } from '../../domain/credential/credential-view.ts';
import { type PublicSecret, publicSecret } from '../../domain/credential/public-secret.ts';
import type { CredentialRow } from '../../domain/credential/rows.ts';
import { type SendableFields, sendableFields } from '../../domain/credential/sendable-fields.ts';
import { findSystemCredential, type SystemCredential } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { systemSecret } from '../../steps/credential/system-secret.ts';
import type { RefreshDeps } from '../../steps/refresh/prepare-refresh.ts';
import { readyCredential, type Use } from '../../steps/refresh/ready-credential.ts';

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
type Resolving = ResolveCredential & Use;

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

const resolveOwn = async (
  deps: ResolveDeps,
  row: CredentialRow,
  resolving: Resolving,
): Promise<Resolved | 'conflict'> => {
  const ready = await readyCredential(deps, row, resolving);
  return ready === 'conflict' ? ready : answer(deps, viewStored(ready.credential, deps.clock.now()), ready);
};

const resolveNamed = async (deps: ResolveDeps, id: string, resolving: Resolving): Promise<Resolved | 'conflict'> => {
  const system = findSystemCredential(id);
  if (system) return resolveSystem(deps, fitsProvider(system, resolving.provider) ? system : undefined);
  const row = await deps.users.readCredential(resolving.userId, id);
  if (row === null || !isCandidate(row, resolving)) throw new ServiceError('not_connected');
  return resolveOwn(deps, row, resolving);
};

const fitsProvider = (system: SystemCredential, provider: string | undefined) =>
  provider === undefined || system.provider === provider;

const look = async (deps: ResolveDeps, resolving: Resolving): Promise<Resolved | 'conflict'> => {
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
    if (resolved !== 'conflict') return resolved;
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
