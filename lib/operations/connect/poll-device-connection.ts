// Polls the provider for a device flow (RFC 8628 §3.4). Each poll is first claimed in the table, so that a client polling too
// fast never reaches the provider, and of several polls at the same time one is sent.
import { type CredentialView, viewRow, viewStored } from '../../domain/credential/credential-view.ts';
import type { LinkUse } from '../../domain/link/connect-link.ts';
import { DevicePayload } from '../../domain/oauth/connection-state.ts';
import { NOTHING_KEPT } from '../../domain/oauth/kept/kept-values.ts';
import type { StateRow } from '../../domain/oauth/oauth-state.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { type DevicePoll, type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { isExpired } from '../../domain/values/expiry.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { completeByFlow } from '../../steps/connect/flow-endpoints.ts';
import { consumeState, decryptActivePayload, findOwnState } from '../../steps/connect/load-state.ts';
import { accountKey } from '../../steps/connect/merge-target.ts';
import { revokeUnlessStored } from '../../steps/connect/revoke-orphan.ts';
import { saveToken } from '../../steps/connect/save-token.ts';
import { isNotConnectable } from '../../steps/credential/complete-provider.ts';
import { findClient } from '../../steps/credential/find-client.ts';

/** The status of the flow and, once it is approved, the credential (null if it was deleted since). */
export interface DeviceStatus {
  status: 'pending' | 'slow_down' | 'approved' | 'denied' | 'expired';
  credential: CredentialView | null;
}

type PollDeps = Pick<
  Deps,
  'users' | 'states' | 'providers' | 'oauth' | 'sealer' | 'clock' | 'random' | 'sleep' | 'limits'
>;

interface PollDevice {
  userId: string;
  state: string;
  /** The link that the request came by. */
  link?: LinkUse | undefined;
}

/** RFC 8628 §3.5: `slow_down` adds five seconds to the interval of this and all later polls. */
const SLOW_DOWN_SECONDS = 5;

const withoutCredential = (status: DeviceStatus['status']): DeviceStatus => ({ status, credential: null });

/** The status of a consumed flow. It is pending while the request that consumed it is still storing the credential. */
const readOutcome = async (
  deps: PollDeps,
  { userId, credentialId, outcome, expiresAt }: StateRow,
): Promise<DeviceStatus> => {
  if (outcome !== null) return withoutCredential(outcome);
  if (credentialId === null) return withoutCredential(isExpired(expiresAt, deps.clock.now()) ? 'expired' : 'pending');
  const row = await deps.users.readCredential(userId, credentialId);
  return { status: 'approved', credential: row && viewRow(row, deps.clock.now()) };
};

const claimPoll = (deps: PollDeps, row: StateRow, pollSeconds: number): Promise<boolean> => {
  const now = deps.clock.now();
  const from = row.pollAfter ?? 0;
  return deps.states.claimPoll({ tokenHash: row.tokenHash, from, until: now + pollSeconds * 1000, pollSeconds, now });
};

const pollProvider = async (deps: PollDeps, client: OAuthClient, deviceCode: string): Promise<DevicePoll> => {
  try {
    return await deps.oauth.pollDevice(client, deviceCode);
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    if (error.kind === 'transient') return { kind: 'pending' };
    throw new ServiceError('provider_rejected', { cause: error });
  }
};

interface DeviceFlow {
  row: StateRow;
  document: DevicePayload;
  client: OAuthClient;
  link: LinkUse | undefined;
}

const store = async (
  deps: PollDeps,
  { row, document, client, link }: DeviceFlow,
  grant: TokenResponse,
): Promise<DeviceStatus> => {
  const { userId, erasures } = row;
  const { credential } = await saveToken(deps, {
    userId,
    erasures,
    link,
    client,
    grant,
    kept: NOTHING_KEPT,
    request: document,
  });
  await deps.states.noteResult(row.tokenHash, credential.id);
  await deps.states.releaseState(row);
  return { status: 'approved', credential: viewStored(credential, deps.clock.now()) };
};

/** Tokens of a flow that can no longer be consumed (erased, expired, or another poll did) are revoked. */
const consumeForGrant = (
  deps: PollDeps,
  { row, client, document }: DeviceFlow,
  grant: TokenResponse,
): Promise<void> => {
  const readAccountId = () => grant.account && accountKey(grant.account, document.variables);
  return revokeUnlessStored(deps, { userId: row.userId, client, grant, readAccountId }, () => consumeState(deps, row));
};

/** The poll that consumes the state stores the credential; one that loses that race answers with the flow's status. */
const finishPoll = async (deps: PollDeps, flow: DeviceFlow, poll: DevicePoll): Promise<DeviceStatus> => {
  if (poll.kind === 'pending' || poll.kind === 'slow_down') return withoutCredential(poll.kind);
  try {
    if (poll.kind === 'approved') await consumeForGrant(deps, flow, poll.grant);
    else await consumeState(deps, flow.row, poll.kind);
  } catch (error) {
    const current = await deps.states.readState(flow.row.tokenHash);
    if (current?.usedBy) return readOutcome(deps, current);
    throw error;
  }
  return poll.kind === 'approved' ? store(deps, flow, poll.grant) : withoutCredential(poll.kind);
};

/** null while the issuer that the entry names does not answer: the next poll may succeed, as after a fault of the provider itself. */
const findClientOrNull = async (
  deps: PollDeps,
  provider: string,
  { variables, found }: DevicePayload,
): Promise<OAuthClient | null> => {
  try {
    return await findClient(deps, { provider, variables }, completeByFlow(deps, found));
  } catch (error) {
    if (isNotConnectable(error)) return null;
    throw error;
  }
};

/** The row is not read again: a poll that loses its claim to another one is too fast (`slow_down`), not invalid. */
const pollActive = async (deps: PollDeps, row: StateRow, { state: token, link }: PollDevice): Promise<DeviceStatus> => {
  const document = await decryptActivePayload(deps, { row, token }, DevicePayload);
  const pollSeconds = row.pollSeconds ?? SLOW_DOWN_SECONDS;
  if (deps.clock.now() < (row.pollAfter ?? 0)) return withoutCredential('slow_down');
  const client = await findClientOrNull(deps, row.provider, document);
  if (client === null) return withoutCredential('pending');
  if (!(await claimPoll(deps, row, pollSeconds))) return withoutCredential('slow_down');
  const poll = await pollProvider(deps, client, document.deviceCode);
  if (poll.kind === 'slow_down') {
    const claimed = (await deps.states.readState(row.tokenHash)) ?? row;
    await claimPoll(deps, claimed, pollSeconds + SLOW_DOWN_SECONDS);
  }
  return finishPoll(deps, { row, document, client, link }, poll);
};

/**
 * Polls once, if it is time to, and stores the credential when the user has approved. Throws `state_invalid`,
 * `provider_rejected`, and what `findClient` and `saveToken` throw.
 */
export const pollDeviceConnection = async (deps: PollDeps, request: PollDevice): Promise<DeviceStatus> => {
  const { userId, state, link } = request;
  const row = await findOwnState(deps, { userId, token: state, kind: 'device', link });
  if (row.usedBy !== null) return readOutcome(deps, row);
  if (isExpired(row.expiresAt, deps.clock.now())) return withoutCredential('expired');
  return pollActive(deps, row, request);
};
