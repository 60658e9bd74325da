// Completes a connection: by the user who started it, in the browser that came back from the provider. All of that is
// checked before the provider hears of the code; then the state is spent, and the code exchanged once.
import { ConnectionPayload, PendingCode } from '../../domain/oauth/connection-state.ts';
import { hashToken, type StateRow } from '../../domain/oauth/oauth-state.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import { openUnderToken } from '../../domain/oauth/token-seal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { isEqualDigest } from '../../domain/values/digest.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { consumeState, loadActiveState, stateInvalid } from '../../steps/connect/load-state.ts';
import { type SavedToken, saveToken } from '../../steps/connect/save-token.ts';
import { findClient } from '../../steps/credential/find-client.ts';

export type CompleteConnection = { userId: string; state: string } & (
  | { receipt: string }
  | { code: string; iss?: string | undefined }
);

type CompleteDeps = Pick<
  Deps,
  'users' | 'states' | 'providers' | 'oauth' | 'sealer' | 'clock' | 'random' | 'sleep' | 'limits'
>;

const openParked = (row: StateRow, state: string, receipt: string): PendingCode => {
  if (row.pendingCode === null) throw row.deniedAt === null ? stateInvalid() : new ServiceError('connection_denied');
  if (!isEqualDigest(hashToken(receipt), row.receiptHash ?? '')) throw stateInvalid();
  const parsed = PendingCode.safeParse(
    openUnderToken({ secrets: [state, receipt], use: 'pending_code' }, row, row.pendingCode),
  );
  if (!parsed.success) throw stateInvalid();
  return parsed.data;
};

const codeOf = (row: StateRow, document: ConnectionPayload, request: CompleteConnection): PendingCode => {
  if (document.ownCallback !== 'code' in request) throw stateInvalid();
  if ('code' in request) return { code: request.code, iss: request.iss ?? null };
  return openParked(row, request.state, request.receipt);
};

/** RFC 9207 §2.4: a code from another issuer is never sent to this one. */
const assertIssuer = ({ record }: OAuthClient, iss: string | null): void => {
  if (record.issuer === undefined) return;
  if (iss === null && !record.authorizationResponseIssParameterSupported) return;
  if (iss !== record.issuer) throw stateInvalid();
};

const exchange = async (
  deps: CompleteDeps,
  client: OAuthClient,
  code: { code: string; document: ConnectionPayload },
) => {
  const { redirectUri, codeVerifier } = code.document;
  const verifier = client.record.sendPkce === false ? null : codeVerifier;
  try {
    return await deps.oauth.exchangeCode(client, { code: code.code, redirectUri, codeVerifier: verifier });
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    throw new ServiceError(error.kind === 'denied' ? 'connection_denied' : 'provider_rejected', { cause: error });
  }
};

/**
 * Throws `state_invalid` (unknown, expired, used, another user's, wrong receipt or issuer: one answer, nothing spent),
 * `connection_denied`, `provider_rejected`, and what saving throws.
 */
export const completeConnection = async (deps: CompleteDeps, request: CompleteConnection): Promise<SavedToken> => {
  const { userId, state: token } = request;
  const { row, document } = await loadActiveState(deps, { userId, token, kind: 'connection' }, ConnectionPayload);
  const { code, iss } = codeOf(row, document, request);
  const client = await findClient(deps, { provider: row.provider, variables: document.variables });
  assertIssuer(client, iss);
  await consumeState(deps, row);
  const grant: TokenResponse = await exchange(deps, client, { code, document });
  return saveToken(deps, { userId, erasures: row.erasures, client, grant, asked: document });
};
