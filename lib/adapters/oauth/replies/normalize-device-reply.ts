// Makes a device authorization endpoint's reply regular (RFC 8628 §3.2), or names its failure. Its URL is shown to a user to be
// opened, so it must be one that a browser may open.
import { type DeviceAuthorization, ProviderFault } from '../../../domain/ports/oauth-protocol.ts';
import type { OutboundPolicy } from '../../../domain/values/outbound-url.ts';
import { isLoopbackHost } from '../../../domain/values/outbound-url.ts';
import { type JsonFields, type ProviderReply, parseFields } from './provider-reply.ts';
import { faultOf, isFailure } from './reply-fault.ts';

const MAX_CODE_LENGTH = 4_096;
const MAX_USER_CODE_LENGTH = 64;
const MAX_URL_LENGTH = 2_048;
const VISIBLE = /^[!-~](?:[ -~]*[!-~])?$/;
const DEFAULT_INTERVAL_SECONDS = 5;
const LONGEST_INTERVAL_SECONDS = 60;
const DEFAULT_LIFETIME_SECONDS = 600;
const LONGEST_LIFETIME_SECONDS = 86_400;

const unusable = () => new ProviderFault('transient');

const textOf = (value: unknown, maxLength: number): string => {
  if (typeof value !== 'string' || value.length > maxLength || !VISIBLE.test(value)) throw unusable();
  return value;
};

const urlOf = (value: unknown, policy: OutboundPolicy): string => {
  const text = textOf(value, MAX_URL_LENGTH);
  const url = URL.parse(text);
  const isOpen = url?.protocol === 'https:' || (policy === 'local' && url !== null && isLoopbackHost(url.hostname));
  if (!isOpen || url.username !== '' || url.password !== '') throw unusable();
  return text;
};

const secondsOf = (value: unknown, { fallback, most }: { fallback: number; most: number }): number => {
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof seconds === 'number' && seconds > 0 ? Math.ceil(Math.min(seconds, most)) : fallback;
};

const regular = (body: JsonFields, policy: OutboundPolicy): DeviceAuthorization => {
  // Google's and Azure's drafts of the name live on.
  const { verification_uri: uri = body.verification_url, verification_uri_complete: complete } = body;
  return {
    deviceCode: textOf(body.device_code, MAX_CODE_LENGTH),
    userCode: textOf(body.user_code, MAX_USER_CODE_LENGTH),
    verificationUri: urlOf(uri, policy),
    verificationUriComplete: complete === undefined || complete === null ? null : urlOf(complete, policy),
    intervalSeconds: secondsOf(body.interval, { fallback: DEFAULT_INTERVAL_SECONDS, most: LONGEST_INTERVAL_SECONDS }),
    expiresInSeconds: secondsOf(body.expires_in, {
      fallback: DEFAULT_LIFETIME_SECONDS,
      most: LONGEST_LIFETIME_SECONDS,
    }),
  };
};

/** Throws ProviderFault. */
export const normalizeDeviceReply = (reply: ProviderReply, policy: OutboundPolicy): DeviceAuthorization => {
  const body = parseFields(reply.text);
  if (isFailure(reply, body)) throw faultOf(reply, body);
  if (body === null) throw unusable();
  return regular(body, policy);
};
