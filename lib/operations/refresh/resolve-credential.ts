// Resolves a working credential for a user and the header fields and query parameters to send, refreshing its token if
// needed. A credential known not to work is never returned; the error says why.
import { isCandidate, systemFor, type Wanted } from '../../domain/credential/choose-credential.ts';
import type { SecretDocument } from '../../domain/credential/credential.ts';
import { type CredentialView, viewStored, viewSystem } from '../../domain/credential/credential-view.ts';
import { type PublicSecret, publicSecret, readMetadata } from '../../domain/credential/public-secret.ts';
import { type CredentialRow, rowProvider, rowType } from '../../domain/credential/rows.ts';
import { type KeyPlacement, type SendableFields, sendableFields } from '../../domain/credential/sendable-fields.ts';
import { findSystemCredential, type SystemCredential } from '../../domain/credential/system-credentials.ts';
import { storedTokenRef, systemTokenRef } from '../../domain/credential/token-ref.ts';
import { coversUrl } from '../../domain/mcp/resource-url.ts';
import { isApiUrl } from '../../domain/oauth/api-address.ts';
import { DEFAULT_SCOPE_RULES, type ScopeRules } from '../../domain/oauth/rules/scope-rules.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { JsonObject } from '../../domain/values/json-object.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';
import { chooseRow } from '../../steps/credential/choose-row.ts';
import { isBoundElsewhere } from '../../steps/credential/grant-client.ts';
import { systemSecret } from '../../steps/credential/system-secret.ts';
import { prepareForUse, type UseRequest } from '../../steps/refresh/ensure-fresh-token.ts';
import type { DispatchDeps } from '../../steps/refresh/hand-over-refresh.ts';

/** A request for a credential; `minTtlSeconds` defaults to the deployment's limit. */
export interface ResolveCredential extends Wanted {
  userId: string;
  minTtlSeconds?: number | undefined;
  /** The `tokenRef` of an earlier answer whose token the API refused (401). */
  refusedTokenRef?: string | undefined;
}

/** The credential with its public secret, ready to send. */
export interface Resolved extends SendableFields {
  credential: CredentialView & { secret: PublicSecret; metadata: JsonObject | null };
  /** Of the provider's API; null: not known, or the host is the credential's own. */
  baseUrl: string | null;
  expiresAt: string | null;
  /** The token is valid, but for less time than requested. */
  stale: boolean;
  /** Names the token or key in this answer. */
  tokenRef: string;
}

type ResolveDeps = DispatchDeps &
  Pick<Deps, 'systemKeys' | 'systemDirectory' | 'placements' | 'apiAddresses' | 'scopeRules'>;

/** Each attempt may meet another change of the row; more than this in one call is not expected. */
const MAX_ATTEMPTS = 5;

interface Ready {
  view: CredentialView;
  secret: SecretDocument;
  stale: boolean;
  tokenRef: string;
  placement: KeyPlacement | undefined;
}

/** The token of an MCP server goes nowhere else: the seal is bound to the resource. Throws `url_not_allowed`. */
const assertCovered = (resource: string, url: string | undefined): string => {
  if (url !== undefined && !coversUrl(resource, url)) throw new ServiceError('url_not_allowed');
  return resource;
};

/** A host_scoped credential has a host of its own, which choosing it compares with the URL. Throws `url_not_allowed`. */
const findBaseUrl = async (deps: ResolveDeps, { view, secret }: Ready, url: string | undefined) => {
  const { provider, type } = view;
  if (provider === null || type === null || type === 'host_scoped') return null;
  if (view.resource !== null) return assertCovered(view.resource, url);
  const request = { provider, type, data: view.data ?? {}, isBinding: url !== undefined };
  const address = await deps.apiAddresses.findAddress(request);
  if (address === null) return null;
  const isElsewhere = 'accessToken' in secret && (await isBoundElsewhere(deps, provider, secret));
  if (url !== undefined && (isElsewhere || !isApiUrl(address, url))) throw new ServiceError('url_not_allowed');
  return isElsewhere ? null : address.baseUrl;
};

const buildAnswer = async (deps: ResolveDeps, ready: Ready, url: string | undefined): Promise<Resolved> => {
  const { view, secret, stale, tokenRef, placement } = ready;
  const baseUrl = await findBaseUrl(deps, ready, url);
  return {
    credential: { ...view, secret: publicSecret(secret), metadata: readMetadata(secret) },
    ...sendableFields(secret, placement, view.data ?? {}),
    baseUrl,
    expiresAt: view.expiresAt,
    stale,
    tokenRef,
  };
};

/** One user's worker must not disable the operator's key for all users: the report counts for this call and raises an alarm. */
const rejectSystemKey = ({ meter }: ResolveDeps, { provider }: SystemCredential): never => {
  meter.record('OperatorFaults', 1);
  meter.record('RefusedSystemKeys', 1, { provider });
  throw new ServiceError('reconnect_required', { members: { reason: 'refused' } });
};

const resolveSystem = async (
  deps: ResolveDeps,
  system: SystemCredential | undefined,
  { url, refusedTokenRef }: ResolveCredential,
): Promise<Resolved> => {
  if (!system) throw new ServiceError('not_connected');
  const placing = deps.placements.keyPlacement(system.provider, system.type);
  const [secret, placement] = await allSettledOrThrow([systemSecret(deps, system), placing]);
  if (secret === null) throw new ServiceError('not_connected');
  const tokenRef = systemTokenRef(system.id, secret);
  if (tokenRef === refusedTokenRef) return rejectSystemKey(deps, system);
  return buildAnswer(deps, { view: viewSystem(system), secret, stale: false, tokenRef, placement }, url);
};

const matchesProvider = (system: SystemCredential, provider: string | undefined) =>
  provider === undefined || system.provider === provider;

/** A token is placed apart from a key of the same provider. */
const findPlacement = ({ placements }: ResolveDeps, row: CredentialRow): Promise<KeyPlacement | undefined> =>
  placements.keyPlacement(rowProvider(row) ?? '', rowType(row));

/** A call that wants no scopes compares none, so it reads no rules. */
const findRules = async (
  deps: ResolveDeps,
  { scopes }: ResolveCredential,
  provider: string | null | undefined,
): Promise<ScopeRules> => (scopes.length === 0 || !provider ? DEFAULT_SCOPE_RULES : deps.scopeRules.find(provider));

/** Finds the user's row or the operator's credential that serves the call, if there is one. */
const choose = async (
  deps: ResolveDeps,
  request: ResolveCredential,
): Promise<CredentialRow | SystemCredential | 'conflict' | undefined> => {
  const { userId, credentialId, provider } = request;
  if (credentialId === undefined) {
    const rules = await findRules(deps, request, provider);
    return (await chooseRow(deps, { ...request, rules })) ?? systemFor(provider);
  }
  const system = findSystemCredential(credentialId);
  if (system) return matchesProvider(system, provider) ? system : undefined;
  const row = await deps.users.readCredential(userId, credentialId);
  return row !== null && isCandidate(row, request) ? row : undefined;
};

const attemptResolve = async (
  deps: ResolveDeps,
  request: ResolveCredential,
  use: Omit<UseRequest, 'rules'>,
): Promise<Resolved | 'conflict'> => {
  // A cold process fetches the operator's providers: beside the table and the data key, not after them.
  deps.placements.keyPlacement(request.provider ?? '', null).catch(() => {});
  const chosen = await choose(deps, request);
  if (chosen === 'conflict') return 'conflict';
  if (chosen === undefined || !('readable' in chosen)) return resolveSystem(deps, chosen, request);
  const placing = findPlacement(deps, chosen);
  const preparing = findRules(deps, request, rowProvider(chosen)).then((rules) =>
    prepareForUse(deps, chosen, { ...use, rules }),
  );
  const [prepared, placement] = await allSettledOrThrow([preparing, placing]);
  if (prepared === 'conflict') return 'conflict';
  const { credential, secret, stale } = prepared;
  const tokenRef = storedTokenRef(credential);
  const ready = { view: viewStored(credential, deps.clock.now()), secret, stale, tokenRef, placement };
  return buildAnswer(deps, ready, request.url);
};

const resolve = async (deps: ResolveDeps, request: ResolveCredential): Promise<Resolved> => {
  const finishBy = deps.clock.elapsed() + deps.budget.answerMilliseconds;
  const { scopes, minTtlSeconds, refusedTokenRef } = request;
  const use = { scopes, minTtlSeconds, refusedTokenRef, finishBy, seen: new Map<string, string>() };
  for (let attempts = 0; attempts < MAX_ATTEMPTS && deps.clock.elapsed() < finishBy; attempts++) {
    const resolved = await attemptResolve(deps, request, use);
    if (resolved !== 'conflict') return resolved;
  }
  throw new ServiceError('refresh_unavailable');
};

/**
 * Chooses a credential and returns it ready to send. Throws `not_connected`, `reconnect_required` (with `reason`),
 * `insufficient_scopes` (with `missingScopes`), `credential_unreadable`, `url_not_allowed`, `refresh_unavailable`,
 * `keys_unavailable`, `secrets_unavailable`, `store_busy`, `store_unavailable`.
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
