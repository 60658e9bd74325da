// The words by which providers name a refusal, registered (RFC 6749 §5.2, RFC 8628 §3.5) or their own, and what each means
// here. A word in doubt is not listed: `dead_grant` makes a user connect again.
import type { ProviderFaultKind } from '../../../domain/ports/oauth-protocol.ts';

const words: Readonly<Record<ProviderFaultKind, readonly string[]>> = {
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
    // The device code's (RFC 8628 §3.5).
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
  ],
  rejected: ['invalid_request', 'invalid_scope', 'authorization_pending'],
};

const kinds: ReadonlyMap<string, ProviderFaultKind> = new Map(
  Object.entries(words).flatMap(([kind, list]) => list.map((word) => [word, kind as ProviderFaultKind])),
);

export interface KnownWord {
  word: string;
  kind: ProviderFaultKind;
}

/** The known word that a text is, as a whole: `Invalid refresh token` and `BAD_REFRESH_TOKEN` are two. */
export const knownWord = (text: string): KnownWord | null => {
  const word = text.toLowerCase().replaceAll(/[ -]/g, '_');
  const kind = kinds.get(word);
  return kind === undefined ? null : { word, kind };
};
