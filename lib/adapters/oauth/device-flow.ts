// The device flow (RFC 8628): starts it, and asks once whether it is approved; when to ask again is the caller's to decide.
import { initiateDeviceAuthorization } from 'openid-client';
import {
  type DeviceAuthorization,
  type DevicePoll,
  type OAuthClient,
  ProviderFault,
  type ProviderFaultKind,
} from '../../domain/ports/oauth-protocol.ts';
import { scopeParameter } from './authorization-url.ts';
import { normalizingFetch, type ProviderAccess, providerFaultIn } from './provider-call.ts';
import { configurationOf } from './provider-configuration.ts';
import { normalizeDeviceReply } from './replies/normalize-device-reply.ts';
import { deviceGrant } from './request-grant.ts';

/** Throws ProviderFault. */
export const startDevice = async (
  access: ProviderAccess,
  client: OAuthClient,
  scopes: readonly string[],
): Promise<DeviceAuthorization> => {
  const started = Promise.withResolvers<DeviceAuthorization>();
  const fetch = normalizingFetch(access, {
    normalize(reply) {
      const device = normalizeDeviceReply(reply, access.policy);
      started.resolve(device);
      return {
        device_code: device.deviceCode,
        user_code: device.userCode,
        verification_uri: device.verificationUri,
        expires_in: device.expiresInSeconds,
      };
    },
  });
  try {
    const configuration = configurationOf(client, {
      endpoint: 'deviceAuthorizationEndpoint',
      policy: access.policy,
      fetch,
    });
    await initiateDeviceAuthorization(configuration, scopeParameter(client, scopes));
    return await started.promise;
  } catch (error) {
    throw providerFaultIn(error);
  }
};

const WAITING: Readonly<Record<string, DevicePoll>> = {
  authorization_pending: { status: 'pending' },
  slow_down: { status: 'slow_down' },
};

/** A code that is no good any more has run out, whatever the provider calls it. */
const byKind: Readonly<Record<ProviderFaultKind, DevicePoll | null>> = {
  dead_grant: { status: 'expired' },
  denied: { status: 'denied' },
  client_fault: null,
  rejected: null,
  transient: null,
};

const refusal = (fault: ProviderFault): DevicePoll => {
  const poll = WAITING[fault.providerCode ?? ''] ?? byKind[fault.kind];
  if (poll) return poll;
  // Nothing that the user does mends any other refusal: the request is ours.
  if (fault.kind === 'rejected') throw new ProviderFault('client_fault', { providerCode: fault.providerCode });
  throw fault;
};

/** Throws ProviderFault: `transient` or `client_fault`. */
export const pollDevice = async (
  access: ProviderAccess,
  client: OAuthClient,
  deviceCode: string,
): Promise<DevicePoll> => {
  try {
    return { status: 'approved', grant: await deviceGrant(access, client, deviceCode) };
  } catch (error) {
    return refusal(providerFaultIn(error));
  }
};
