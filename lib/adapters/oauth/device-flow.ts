// The device flow (RFC 8628): starts it and polls once. The caller decides when to poll again.
import { initiateDeviceAuthorization } from 'openid-client';
import {
  type DeviceAuthorization,
  type DevicePoll,
  type OAuthClient,
  ProviderFault,
  type ProviderFaultKind,
} from '../../domain/ports/oauth-protocol.ts';
import { scopeParameter } from './authorization-url.ts';
import { normalizingFetch, type ProviderAccess, toProviderFault } from './provider-call.ts';
import { providerConfiguration } from './provider-configuration.ts';
import { normalizeDeviceReply } from './replies/normalize-device-reply.ts';
import { exchangeDeviceCode } from './request-token.ts';
import { withoutEcho } from './without-echo.ts';

/** RFC 8628 §3.1: one request. Throws ProviderFault. */
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
    const configuration = providerConfiguration(client, {
      endpoint: 'deviceAuthorizationEndpoint',
      policy: access.policy,
      fetch,
      clock: access.clock,
    });
    await initiateDeviceAuthorization(configuration, scopeParameter(client, scopes));
    return await started.promise;
  } catch (error) {
    throw withoutEcho(toProviderFault(error), [client.clientSecret?.expose() ?? '']);
  }
};

/** RFC 8628 §3.5. */
const pollByCode: Readonly<Record<string, DevicePoll>> = {
  authorization_pending: { kind: 'pending' },
  slow_down: { kind: 'slow_down' },
};

/** Providers report an expired device code by different codes; all of them mean `dead_grant`. */
const pollByKind: Readonly<Record<ProviderFaultKind, DevicePoll | null>> = {
  dead_grant: { kind: 'expired' },
  denied: { kind: 'denied' },
  client_fault: null,
  rejected: null,
  transient: null,
};

const toPoll = (fault: ProviderFault): DevicePoll => {
  const poll = pollByCode[fault.providerCode ?? ''] ?? pollByKind[fault.kind];
  if (poll) return poll;
  // The user cannot cause any other refusal: the request itself is wrong.
  if (fault.kind === 'rejected') throw new ProviderFault('client_fault', { ...fault, cause: undefined });
  throw fault;
};

/** RFC 8628 §3.4: one request. Throws ProviderFault (`transient` or `client_fault`). */
export const pollDevice = async (
  access: ProviderAccess,
  client: OAuthClient,
  deviceCode: string,
): Promise<DevicePoll> => {
  try {
    return { kind: 'approved', grant: await exchangeDeviceCode(access, client, deviceCode) };
  } catch (error) {
    return toPoll(toProviderFault(error));
  }
};
