// Normalizes a device authorization reply (RFC 8628 §3.2). The user opens its URL in a browser, so only https (or loopback under
// the local policy) is accepted.
import { type DeviceAuthorization, ProviderFault } from '../../../domain/ports/oauth-protocol.ts';
import type { OutboundPolicy } from '../../../domain/values/outbound-url.ts';
import { isLoopbackHost } from '../../../domain/values/outbound-url.ts';
import { type JsonFields, type ProviderReply, parseFields } from './provider-reply.ts';
import { isFailure, readFault } from './reply-fault.ts';

const MAX_CODE_LENGTH = 4_096;
const MAX_USER_CODE_LENGTH = 64;
const MAX_URL_LENGTH = 2_048;
/** Visible ASCII with inner spaces. */
const VISIBLE = /^[!-~](?:[ -~]*[!-~])?$/;
const DEFAULT_INTERVAL_SECONDS = 5;
const MAX_INTERVAL_SECONDS = 60;
const DEFAULT_LIFETIME_SECONDS = 600;
const MAX_LIFETIME_SECONDS = 86_400;

const unusable = () => new ProviderFault('transient');

const parseText = (value: unknown, maxLength: number): string => {
  if (typeof value !== 'string' || value.length > maxLength || !VISIBLE.test(value)) throw unusable();
  return value;
};

const parseUrl = (value: unknown, policy: OutboundPolicy): string => {
  const text = parseText(value, MAX_URL_LENGTH);
  const url = URL.parse(text);
  const isAllowed = url?.protocol === 'https:' || (policy === 'local' && url !== null && isLoopbackHost(url.hostname));
  if (!isAllowed || url.username !== '' || url.password !== '') throw unusable();
  return text;
};

const parseSeconds = (value: unknown, { fallback, most }: { fallback: number; most: number }): number => {
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof seconds === 'number' && seconds > 0 ? Math.ceil(Math.min(seconds, most)) : fallback;
};

const normalize = (body: JsonFields, policy: OutboundPolicy): DeviceAuthorization => {
  // Google and older Azure use verification_url, a draft's name.
  const { verification_uri: uri = body.verification_url, verification_uri_complete: complete } = body;
  return {
    deviceCode: parseText(body.device_code, MAX_CODE_LENGTH),
    userCode: parseText(body.user_code, MAX_USER_CODE_LENGTH),
    verificationUri: parseUrl(uri, policy),
    verificationUriComplete: complete === undefined || complete === null ? null : parseUrl(complete, policy),
    intervalSeconds: parseSeconds(body.interval, { fallback: DEFAULT_INTERVAL_SECONDS, most: MAX_INTERVAL_SECONDS }),
    expiresInSeconds: parseSeconds(body.expires_in, {
      fallback: DEFAULT_LIFETIME_SECONDS,
      most: MAX_LIFETIME_SECONDS,
    }),
  };
};

/** Clamps interval and lifetime to limits. Throws ProviderFault, `transient` for an unusable reply. */
export const normalizeDeviceReply = (reply: ProviderReply, policy: OutboundPolicy): DeviceAuthorization => {
  const body = parseFields(reply.text);
  if (isFailure(reply, body)) throw readFault(reply, body);
  if (body === null) throw unusable();
  return normalize(body, policy);
};
