// Asks whether the user has approved a device. The right to poll is taken in the table first, so that polling too fast never
// reaches the provider, and of two at once one asks.

import { type CredentialView, viewRow, viewStored } from '../../domain/credential/credential-view.ts';
import { DevicePayload } from '../../domain/oauth/connection-state.ts';
import type { StateRow } from '../../domain/oauth/oauth-state.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { type DevicePoll, type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { isExpired } from '../../domain/values/expiry.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { consumeState, decryptActivePayload, findState, stateInvalid } from '../../steps/connect/load-state.ts';
import { saveToken } from '../../steps/connect/save-token.ts';
import { findClient } from '../../steps/credential/find-client.ts';

export interface DeviceStatus {
  status: 'pending' | 'slow_down' | 'approved' | 'denied' | 'expired';
  credential: CredentialView | null;
}

type PollDeps = Pick<
  Deps,
  'users' | 'states' | 'providers' | 'oauth' | 'sealer' | 'clock' | 'random' | 'sleep' | 'limits'
>;

/** RFC 8628 §3.5: slow_down adds five seconds for this and all later polls. */
const SLOWER_SECONDS = 5;

const says = (status: DeviceStatus['status']): DeviceStatus => ({ status, credential: null });

/** What a flow that is over led to; while its winner is still storing the grant, nothing yet. */
const settled = async (
  deps: PollDeps,
  { userId, credentialId, outcome, expiresAt }: StateRow,
): Promise<DeviceStatus> => {
  if (outcome !== null) return says(outcome);
  if (credentialId === null) return says(isExpired(expiresAt, deps.clock.now()) ? 'expired' : 'pending');
  const row = await deps.users.readCredential(userId, credentialId);
  return { status: 'approved', credential: row && viewRow(row, deps.clock.now()) };
};

const claim = (deps: PollDeps, row: StateRow, pollSeconds: number): Promise<boolean> => {
  const now = deps.clock.now();
  const from = row.pollAfter ?? 0;
  return deps.states.claimPoll({ tokenHash: row.tokenHash, from, until: now + pollSeconds * 1000, pollSeconds, now });
};

const ask = async (deps: PollDeps, client: OAuthClient, deviceCode: string): Promise<DevicePoll> => {
  try {
    return await deps.oauth.pollDevice(client, deviceCode);
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    if (error.kind === 'transient') return { status: 'pending' };
    throw new ServiceError('provider_rejected', { cause: error });
  }
};

interface Asking {
  row: StateRow;
  document: DevicePayload;
  client: OAuthClient;
}

const store = async (
  deps: PollDeps,
  { row, document, client }: Asking,
  grant: TokenResponse,
): Promise<DeviceStatus> => {
  const { userId, erasures } = row;
  const { credential } = await saveToken(deps, { userId, erasures, client, grant, asked: document });
  await deps.states.noteResult(row.tokenHash, credential.id);
  return { status: 'approved', credential: viewStored(credential, deps.clock.now()) };
};

/** Whoever marks the flow stores its grant; another poll that ended meanwhile says what came of it. */
const settle = async (deps: PollDeps, asking: Asking, poll: DevicePoll): Promise<DeviceStatus> => {
  if (poll.status === 'pending' || poll.status === 'slow_down') return says(poll.status);
  try {
    await consumeState(deps, asking.row, poll.status === 'approved' ? undefined : poll.status);
  } catch (error) {
    const now = await deps.states.readState(asking.row.tokenHash);
    if (now?.usedBy) return settled(deps, now);
    throw error;
  }
  return poll.status === 'approved' ? store(deps, asking, poll.grant) : says(poll.status);
};

/** With the row as it was read once: a poll that loses to another is too fast, not invalid. */
const pollLive = async (deps: PollDeps, row: StateRow, token: string): Promise<DeviceStatus> => {
  const document = await decryptActivePayload(deps, { row, token }, DevicePayload);
  const pollSeconds = row.pollSeconds ?? SLOWER_SECONDS;
  if (deps.clock.now() < (row.pollAfter ?? 0)) return says('slow_down');
  const client = await findClient(deps, { provider: row.provider, variables: document.variables });
  if (!(await claim(deps, row, pollSeconds))) return says('slow_down');
  const poll = await ask(deps, client, document.deviceCode);
  if (poll.status === 'slow_down') {
    const claimed = (await deps.states.readState(row.tokenHash)) ?? row;
    await claim(deps, claimed, pollSeconds + SLOWER_SECONDS);
  }
  return settle(deps, { row, document, client }, poll);
};

/** Throws `state_invalid`, `provider_rejected`, and what saving throws. */
export const pollDeviceConnection = async (
  deps: PollDeps,
  { userId, state }: { userId: string; state: string },
): Promise<DeviceStatus> => {
  const row = await findState(deps, state);
  if (row === null || row.userId !== userId || row.kind !== 'device') throw stateInvalid();
  if (row.usedBy !== null) return settled(deps, row);
  if (isExpired(row.expiresAt, deps.clock.now())) return says('expired');
  return pollLive(deps, row, state);
};
