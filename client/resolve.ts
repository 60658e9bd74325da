// Resolving as a value: what an application must be ready for is an outcome, and only a fault is thrown.
import type { BrokenReason, ResolvedCredential, ResolveRequest } from './generated/api-types.ts';
import type { WorkerRoutes } from './generated/routes.ts';
import { KeyholdError } from './keyhold-error.ts';
import type { CallOptions } from './transport/call.ts';

/** A credential that works now, and how to send it. */
export type Resolved = { kind: 'resolved' } & ResolvedCredential;

/**
 * What resolving can come to. `resolved`: send `headers` and `query`. `not_connected`: neither the user nor the operator has a credential for this.
 * `reconnect_required`: the user must connect again. `insufficient_scopes`: the user must grant `missingScopes` as well.
 * `credential_unreadable`: it is stored and cannot be read; the user can replace it.
 */
export type ResolveOutcome =
  | Resolved
  | { kind: 'not_connected' }
  | { kind: 'reconnect_required'; reason: BrokenReason }
  | { kind: 'insufficient_scopes'; missingScopes: string[] }
  | { kind: 'credential_unreadable' };

const readOutcome = ({ code, members }: KeyholdError): ResolveOutcome | null => {
  switch (code) {
    case 'not_connected':
    case 'credential_unreadable':
      return { kind: code };
    case 'reconnect_required':
      return { kind: code, reason: members.reason as BrokenReason };
    case 'insufficient_scopes':
      return { kind: code, missingScopes: members.missingScopes as string[] };
    default:
      return null;
  }
};

/** Resolves; throws `KeyholdError` for every refusal that is no outcome. */
export const resolveOutcome = async (
  routes: Pick<WorkerRoutes, 'resolveCredential'>,
  userId: string,
  request: ResolveRequest,
  options: CallOptions = {},
): Promise<ResolveOutcome> => {
  try {
    return { kind: 'resolved', ...(await routes.resolveCredential(userId, request, options)) };
  } catch (error) {
    const outcome = error instanceof KeyholdError ? readOutcome(error) : null;
    if (outcome === null) throw error;
    return outcome;
  }
};
