// Completes a connection: by the user who started it, with the receipt of the browser that came back from the provider. All
// checks come before the state is consumed; then the code is exchanged, once.

import type { LinkUse } from '../../domain/link/connect-link.ts';
import type { GrantServer } from '../../domain/mcp/grant-server.ts';
import { serverClient } from '../../domain/mcp/server-client.ts';
import { ConnectionPayload, PendingCode } from '../../domain/oauth/connection-state.ts';
import { namedTenant } from '../../domain/oauth/kept/callback-parameters.ts';
import type { KeptValues } from '../../domain/oauth/kept/kept-values.ts';
import { hashToken, type StateRow } from '../../domain/oauth/oauth-state.ts';
import { parseScopes } from '../../domain/oauth/scopes.ts';
import { stateInvalid } from '../../domain/oauth/state-refusal.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import { openUnderToken } from '../../domain/oauth/token-seal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { isEqualDigest } from '../../domain/values/digest.ts';
import { boundScopes } from '../../domain/values/names.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { checkFlowServer, completeByFlow } from '../../steps/connect/flow-endpoints.ts';
import { consumeState, loadActiveState } from '../../steps/connect/load-state.ts';
import { type SavedToken, saveToken } from '../../steps/connect/save-token.ts';
import { findReachableClient } from '../../steps/credential/find-client.ts';
import { findGrantServerClient } from '../../steps/mcp/find-grant-server-client.ts';
import { isClientRefused, noteRefusedClient } from '../../steps/mcp/note-refused-client.ts';

/** The state and receipt from the callback, or the code itself when the application has its own callback page. */
export type CompleteConnection = { userId: string; state: string; link?: LinkUse | undefined } & (
  | { receipt: string }
  /** `parameters`: the others of the callback's query. */
  | { code: string; iss?: string | undefined; parameters?: Record<string, string> | undefined }
);

type CompleteDeps = Pick<
  Deps,
  'users' | 'states' | 'providers' | 'issuers' | 'oauth' | 'sealer' | 'clock' | 'random' | 'sleep' | 'limits'
>;

const openPendingCode = (row: StateRow, state: string, receipt: string): PendingCode => {
  if (row.pendingCode === null) {
    throw row.deniedAt === null ? stateInvalid('no_code') : new ServiceError('connection_denied');
  }
  if (!isEqualDigest(hashToken(receipt), row.receiptHash ?? '')) throw stateInvalid('wrong_receipt');
  const parsed = PendingCode.safeParse(
    openUnderToken({ secrets: [state, receipt], use: 'pending_code' }, row, row.pendingCode),
  );
  if (!parsed.success) throw stateInvalid('unreadable');
  return parsed.data;
};

const readCode = (row: StateRow, document: ConnectionPayload, request: CompleteConnection): PendingCode => {
  if ('code' in request) {
    if (!document.ownCallback) throw stateInvalid('service_callback');
    return { code: request.code, iss: request.iss ?? null, params: request.parameters ?? {} };
  }
  if (document.ownCallback) throw stateInvalid('own_callback');
  return openPendingCode(row, request.state, request.receipt);
};

/** RFC 9207 §2.4: a code from another issuer is never sent to this provider (mix-up attack). */
const assertIssuer = ({ profile }: OAuthClient, iss: string | null): void => {
  if (profile.issuer === null) return;
  if (iss === null && !profile.authorizationResponseIssParameterSupported) return;
  if (iss === null) throw stateInvalid('missing_issuer');
  if (iss !== profile.issuer) throw stateInvalid('wrong_issuer');
};

/** The scopes that the callback tells, where the token reply names none: a person may have granted fewer than were requested. */
const addCallbackScopes = (
  grant: TokenResponse,
  { profile: { callbackScopeParam } }: OAuthClient,
  { params }: PendingCode,
): TokenResponse => {
  if (callbackScopeParam === null || !Object.hasOwn(params, callbackScopeParam) || grant.scopes !== null) return grant;
  return { ...grant, scopes: boundScopes(parseScopes(params[callbackScopeParam] ?? '')) };
};

/** A registered client that the server no longer knows is noted, so that the next start registers another. */
const noteRefusal = async (deps: CompleteDeps, { server }: ConnectionPayload, fault: ProviderFault): Promise<void> => {
  if (server !== null && isClientRefused(fault)) await noteRefusedClient(deps, server);
};

const exchange = async (
  deps: CompleteDeps,
  client: OAuthClient,
  code: { code: string; document: ConnectionPayload },
) => {
  const { redirectUri, codeVerifier } = code.document;
  const verifier = client.profile.sendPkce ? codeVerifier : null;
  try {
    return await deps.oauth.exchangeCode(client, { code: code.code, redirectUri, codeVerifier: verifier });
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    await noteRefusal(deps, code.document, error);
    throw new ServiceError(error.kind === 'denied' ? 'connection_denied' : 'provider_rejected', { cause: error });
  }
};

interface Returned {
  row: StateRow;
  document: ConnectionPayload;
  pending: PendingCode;
}

/** The client at the MCP server that the flow was started with: nothing is discovered again. */
const findServerClient = async (deps: CompleteDeps, server: GrantServer, clientId: string) => {
  // Before the code is sent: a fault costs nothing yet, and what is found from here on stays.
  if (server.client === 'registered') await deps.issuers.keepClient({ ...server, clientId });
  const found = await findGrantServerClient(deps, { ...server, clientId });
  if (found.kind === 'found') return serverClient(server, found);
  // The client is kept no more: the code is not for the present one.
  if (found.kind === 'client_gone') throw new ServiceError('provider_rejected', { logReason: found.kind });
  throw new ServiceError('provider_not_configured', { logReason: found.kind });
};

/** The client at the tenant that the callback names, and the variables of that tenant. A tenant that the record does not allow gets no code. */
const findTenantClient = async (deps: CompleteDeps, { row: { provider }, document, pending }: Returned) => {
  if (document.server !== null) {
    const server = await checkFlowServer(deps, document.server, document.found);
    return { client: await findServerClient(deps, server, document.server.clientId), variables: {}, server };
  }
  const complete = completeByFlow(deps, document.found);
  const client = await findReachableClient(deps, { provider, variables: document.variables }, complete);
  const variables = namedTenant(client.profile, document.variables, pending.params);
  if (variables === document.variables) return { client, variables };
  const named = await findReachableClient(deps, { provider, variables }, complete).catch((error) => {
    throw error instanceof ServiceError && error.code === 'invalid_request' ? stateInvalid('wrong_tenant') : error;
  });
  return { client: named, variables };
};

/** What the record keeps of the callback. A value that fails its check was not sent by the provider. */
const readCallback = ({ oauth }: CompleteDeps, client: OAuthClient, { params }: PendingCode): KeptValues => {
  const kept = oauth.readCallback(client, params);
  if (kept.refused.length > 0) throw stateInvalid('malformed_callback');
  return kept;
};

/**
 * Exchanges the code and stores the tokens. Throws `state_invalid` and `connection_denied` (no code came, the provider sent an
 * error), after which the state can still be used; `provider_rejected` and `connection_denied` (the provider refused the
 * code), after which it cannot; and what `findClient` and `saveToken` throw.
 */
export const completeConnection = async (deps: CompleteDeps, request: CompleteConnection): Promise<SavedToken> => {
  const { userId, state: token, link } = request;
  const { row, document } = await loadActiveState(deps, { userId, token, kind: 'connection', link }, ConnectionPayload);
  const pending = readCode(row, document, request);
  const { client, variables, server } = await findTenantClient(deps, { row, document, pending });
  assertIssuer(client, pending.iss);
  const kept = readCallback(deps, client, pending);
  await consumeState(deps, row);
  const granted = await exchange(deps, client, { code: pending.code, document });
  const grant = addCallbackScopes(granted, client, pending);
  const flow = { userId, erasures: row.erasures, link, client, grant, kept };
  const saved = await saveToken(deps, { ...flow, server, request: { ...document, variables } });
  await deps.states.releaseState(row);
  return saved;
};
