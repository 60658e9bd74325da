// Starts a connection for a device without a browser (RFC 8628). The device code stays sealed in the state; the caller gets
// the user code and a state token to poll with.
import type { LinkUse } from '../../domain/link/connect-link.ts';
import type { DevicePayload } from '../../domain/oauth/connection-state.ts';
import { requestedScopes } from '../../domain/oauth/requested-scopes.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { type DeviceAuthorization, type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { createState, takePlace } from '../../steps/connect/create-state.ts';
import { sealClientEndpoints } from '../../steps/connect/flow-endpoints.ts';
import { findReachableClient } from '../../steps/credential/find-client.ts';

interface StartDeviceConnection {
  userId: string;
  provider: string;
  scopes?: readonly string[] | undefined;
  /** Values for the URL templates of the provider's record. */
  variables?: Record<string, string> | undefined;
  /** The link that the request came by: the flow completes by it alone. */
  link?: LinkUse | undefined;
}

/** What to show the user (RFC 8628 §3.2), and the token to poll with; `expiresAt` in epoch milliseconds. */
export interface StartedDeviceConnection {
  state: string;
  authorization: DeviceAuthorization;
  expiresAt: number;
}

type DeviceDeps = Pick<
  Deps,
  'users' | 'states' | 'providers' | 'oauthStarts' | 'sealer' | 'clock' | 'random' | 'limits'
>;

const MAX_LIFETIME_SECONDS = 3_600;

const authorize = async (deps: DeviceDeps, client: OAuthClient, scopes: string[]): Promise<DeviceAuthorization> => {
  try {
    return await deps.oauthStarts.startDevice(client, scopes);
  } catch (error) {
    if (error instanceof ProviderFault) throw new ServiceError('provider_rejected', { cause: error });
    throw error;
  }
};

/**
 * Asks the provider for a device code and creates the state. The place among the user's open states is taken first, so that the
 * limit holds for calls of the provider. Throws `provider_unknown`, `provider_not_configured`, `invalid_request` (a
 * template variable),
 * `device_flow_unsupported`, `provider_rejected`, `too_many_open_states`, `user_erasing`, `keys_unavailable`.
 */
export const startDeviceConnection = async (
  deps: DeviceDeps,
  { userId, provider, scopes, variables = {}, link }: StartDeviceConnection,
): Promise<StartedDeviceConnection> => {
  const client = await findReachableClient(deps, { provider, variables });
  if (client.profile.deviceAuthorizationEndpoint === null) throw new ServiceError('device_flow_unsupported');
  const { requested } = requestedScopes(client.profile, scopes, []);
  const found = await sealClientEndpoints(deps, client);
  const place = await takePlace(deps, userId, link);
  const authorization = await authorize(deps, client, requested);
  const { deviceCode, intervalSeconds } = authorization;
  const document: DevicePayload = {
    deviceCode,
    scopes: requested,
    variables,
    credentialId: null,
    metadata: null,
    found,
  };
  const { token: state, expiresAt } = await createState(deps, {
    userId,
    place,
    link,
    provider,
    kind: 'device',
    document,
    lifetimeSeconds: Math.min(MAX_LIFETIME_SECONDS, authorization.expiresInSeconds),
    pollSeconds: Math.max(1, Math.ceil(intervalSeconds)),
  });
  return { state, authorization, expiresAt };
};
