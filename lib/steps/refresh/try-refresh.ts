// One refresh that no caller waits for: what became of it, and what it says of its provider.
import { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { ProviderSign } from '../../domain/refresh/provider-pause.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import type { RefreshDeps, RefreshRequest } from './lease.ts';
import { refreshToken } from './refresh-token.ts';

/** What became of a grant; `SweepResult` explains each. */
export type GrantOutcome = 'refreshed' | 'notDue' | 'postponed' | 'unusable';

/** The outcome of one refresh, and what it says of the provider. */
export interface Attempt {
  outcome: GrantOutcome;
  sign: ProviderSign;
}

const readCause = (cause: unknown): ProviderSign =>
  cause instanceof ProviderFault && cause.kind === 'transient' ? 'transient' : 'none';

/** Refreshes once; a service error is an outcome too. */
export const tryRefresh = async (deps: RefreshDeps, request: RefreshRequest): Promise<Attempt> => {
  try {
    const result = await refreshToken(deps, request);
    if (result.kind === 'refreshed') return { outcome: 'refreshed', sign: 'answered' };
    if (result.kind === 'failed') return { outcome: 'postponed', sign: readCause(result.cause) };
    return { outcome: 'notDue', sign: 'none' };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return error.code === 'reconnect_required'
      ? { outcome: 'unusable', sign: 'answered' }
      : { outcome: 'postponed', sign: 'none' };
  }
};
