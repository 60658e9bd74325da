// Error codes of providers, registered (RFC 6749 §5.2, RFC 8628 §3.5) or their own, by the fault they mean. An ambiguous code is
// not listed, because `dead_grant` makes a user reconnect.
import type { ProviderFaultKind } from '../../../domain/ports/oauth-protocol.ts';

const codes: Readonly<Record<ProviderFaultKind, readonly string[]>> = {
  dead_grant: [
    'invalid_grant',
    // GitHub.
    'bad_refresh_token',
    'bad_verification_code',
    'incorrect_device_code',
    // Slack, Twitch.
    'invalid_refresh_token',
    'invalid_code',
    'code_already_used',
    // HubSpot.
    'bad_auth_code',
    // Of a device code (RFC 8628 §3.5).
    'expired_token',
  ],
  denied: ['access_denied', 'authorization_declined'],
  client_fault: [
    'invalid_client',
    'unauthorized_client',
    'redirect_uri_mismatch',
    'unsupported_grant_type',
    // GitHub.
    'incorrect_client_credentials',
    'device_flow_disabled',
    // Slack, HubSpot.
    'bad_client_secret',
    'bad_client_id',
    'invalid_client_id',
    'invalid_client_secret',
    'bad_redirect_uri',
  ],
  transient: [
    'temporarily_unavailable',
    'server_error',
    'slow_down',
    'ratelimited',
    'rate_limited',
    'rate_limit',
    'rate_limits',
    'rate_limit_exceeded',
    'too_many_requests',
    'internal_error',
    'internal_server_error',
    'fatal_error',
    'service_unavailable',
    'request_timeout',
    'too_many_calls',
    'throttled',
    'throttling',
    'throttling_exception',
    'request_limit_exceeded',
    'quota_exceeded',
    'over_quota',
    'overloaded',
    'busy',
    'server_busy',
    'system_busy',
    'try_again_later',
    'backend_error',
    'unavailable',
    'resource_exhausted',
    // Google.
    'ratelimitexceeded',
    'userratelimitexceeded',
    'quotaexceeded',
    'backenderror',
  ],
  rejected: ['invalid_request', 'invalid_scope', 'authorization_pending'],
};

const kinds: ReadonlyMap<string, ProviderFaultKind> = new Map(
  Object.entries(codes).flatMap(([kind, list]) => list.map((code) => [code, kind as ProviderFaultKind])),
);

/** A known error code in its listed spelling, and the fault it means. */
export interface KnownCode {
  code: string;
  kind: ProviderFaultKind;
}

/** The known code that the whole text spells, as in `Invalid refresh token` or `BAD_REFRESH_TOKEN`; null if none. */
export const findKnownCode = (text: string): KnownCode | null => {
  const code = text.toLowerCase().replaceAll(/[ -]/g, '_');
  const kind = kinds.get(code);
  return kind === undefined ? null : { code, kind };
};
