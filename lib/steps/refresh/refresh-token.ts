// Refreshes one OAuth credential: one lease, one call to the provider, one write. A caller that does not get the lease makes
// two reads and no call. A failure before the exchange releases the lease, since no token was spent.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { exchangeToken, type OpenedToken, openRefreshToken } from './exchange.ts';
import { handleFault, handleMissingClient } from './handle-fault.ts';
import { acquireLease, type HeldLease, type RefreshDeps, type RefreshRequest, releaseLease } from './lease.ts';
import { type RefreshResult, storeResult } from './store-result.ts';

/** Faults of what a refresh depends on: a later attempt may succeed, and no token was spent. */
const RETRYABLE: ReadonlySet<string> = new Set([
  'store_busy',
  'store_unavailable',
  'keys_unavailable',
  'secrets_unavailable',
  'refresh_unavailable',
]);

const fail = (cause?: unknown, retryAfterSeconds = 1): RefreshResult => ({ kind: 'failed', cause, retryAfterSeconds });

/**
 * The record that the grant is refreshed by; null: an MCP server's grant has all of it sealed. A provider that is no longer configured is
 * the operator's fault: the credential is not marked.
 */
const findProvider = async (
  deps: RefreshDeps,
  { provider, resource }: StoredCredential,
): Promise<KnownProvider | null | 'missing'> => {
  if (resource !== null) return null;
  const known = await deps.providers.find(provider);
  if (known?.client) return known;
  deps.meter.record('OperatorFaults', 1);
  return 'missing';
};

const openOrRelease = async (deps: RefreshDeps, held: HeldLease): Promise<OpenedToken | null> => {
  let opened: OpenedToken | null = null;
  try {
    opened = await openRefreshToken(deps, held);
    return opened;
  } finally {
    if (opened === null) await releaseLease(deps, held);
  }
};

const catchFault = (error: unknown): ProviderFault => {
  if (error instanceof ProviderFault) return error;
  throw error;
};

const refreshUnderLease = async (deps: RefreshDeps, held: HeldLease): Promise<RefreshResult> => {
  const startedAt = deps.clock.elapsed();
  const opened = await openOrRelease(deps, held);
  if (opened === null) return { kind: 'conflict' };
  if (opened.serverClient?.kind === 'client_gone') return handleMissingClient(deps, held);

  const requestedAt = deps.clock.now();
  const askedAt = deps.clock.elapsed();
  const answer = await exchangeToken(deps, held, opened).catch(catchFault);
  const providerMilliseconds = deps.clock.elapsed() - askedAt;
  const { server, clientId } = opened.secret;
  if (answer instanceof ProviderFault) return handleFault(deps, held, { fault: answer, server, clientId });

  const result = await storeResult(deps, held, { ...opened, ...answer, requestedAt });
  deps.meter.record('RefreshOverhead', deps.clock.elapsed() - startedAt - providerMilliseconds);
  return result;
};

/**
 * Refreshes once: acquires the lease, reads the row again and opens it, exchanges the refresh token, then stores the result,
 * handles the failure, or reconciles a refresh that lost against another change of the row.
 * Throws `reconnect_required` (with `reason`), `credential_unreadable`.
 */
export const refreshToken = async (deps: RefreshDeps, request: RefreshRequest): Promise<RefreshResult> => {
  try {
    const known = await findProvider(deps, request.credential);
    if (known === 'missing') return fail(new ProviderFault('client_fault'));
    const attempt = await acquireLease(deps, request, known);
    if (attempt.kind === 'unavailable') return fail(undefined, attempt.retryAfterSeconds);
    return attempt.kind === 'acquired' ? await refreshUnderLease(deps, attempt.held) : attempt;
  } catch (error) {
    if (error instanceof ServiceError && RETRYABLE.has(error.code)) return fail(error);
    throw error;
  }
};
