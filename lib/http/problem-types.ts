// The error codes on the wire: one row per code. problem-meanings.ts says when each is answered; no function contains it. A new
// code does not compile until it has a row in both.
import type { ErrorCode } from '../domain/values/service-error.ts';

/** How a code is answered. */
export interface ProblemType {
  /** HTTP status. */
  status: number;
  /** One line for a person, the same for every occurrence (RFC 9457 §3.1.4). */
  title: string;
  /** Seconds, for the Retry-After header (RFC 9110 §10.2.3). */
  retryAfter?: number;
}

/** The answer of each code. */
export const problemTypes: Readonly<Record<ErrorCode, ProblemType>> = {
  invalid_request: {
    status: 400,
    title: 'Invalid request',
  },
  state_invalid: {
    status: 400,
    title: 'Invalid state',
  },
  url_not_allowed: {
    status: 400,
    title: 'URL not allowed',
  },
  not_upgradable: {
    status: 400,
    title: 'Credential cannot be upgraded',
  },
  connection_denied: {
    status: 400,
    title: 'Connection denied',
  },
  device_flow_unsupported: {
    status: 400,
    title: 'Device flow not supported',
  },
  too_many_changes: {
    status: 400,
    title: 'Too many changes in one request',
  },
  link_invalid: {
    status: 401,
    title: 'Invalid link',
  },
  link_not_allowed: {
    status: 403,
    title: 'Not allowed by this link',
  },
  system_credential: {
    status: 403,
    title: 'System credential cannot be changed',
  },
  credential_not_found: {
    status: 404,
    title: 'Credential not found',
  },
  not_connected: {
    status: 404,
    title: 'No matching credential',
  },
  provider_unknown: {
    status: 404,
    title: 'Unknown provider',
  },
  account_mismatch: {
    status: 409,
    title: 'Different account connected',
  },
  credential_exists: {
    status: 409,
    title: 'Credential already exists',
  },
  credential_limit: {
    status: 409,
    title: 'Too many credentials',
  },
  credential_unreadable: {
    status: 409,
    title: 'Credential cannot be read',
  },
  insufficient_scopes: {
    status: 409,
    title: 'Insufficient scopes',
  },
  provider_mismatch: {
    status: 409,
    title: 'Provider cannot be changed',
  },
  reconnect_required: {
    status: 409,
    title: 'User must reconnect',
  },
  scopes_narrowed: {
    status: 409,
    title: 'Scopes cannot be narrowed',
  },
  type_mismatch: {
    status: 409,
    title: 'Type cannot be changed',
  },
  user_erasing: {
    status: 409,
    title: 'User is being erased',
  },
  version_conflict: {
    status: 412,
    title: 'Version conflict',
  },
  body_too_large: {
    status: 413,
    title: 'Body too large',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Body must be application/json',
  },
  precondition_required: {
    status: 428,
    title: 'If-Match required',
  },
  too_many_open_states: {
    status: 429,
    title: 'Too many open connections',
    retryAfter: 60,
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
  },
  provider_not_configured: {
    status: 501,
    title: 'Provider not configured',
  },
  provider_rejected: {
    status: 502,
    title: 'Provider issued no token',
  },
  server_not_connectable: {
    status: 502,
    title: 'Server cannot be connected',
  },
  keys_unavailable: {
    status: 503,
    title: 'Encryption keys unavailable',
    retryAfter: 2,
  },
  refresh_unavailable: {
    status: 503,
    title: 'Token refresh unavailable',
    retryAfter: 1,
  },
  secrets_unavailable: {
    status: 503,
    title: 'Operator secrets unavailable',
    retryAfter: 2,
  },
  store_busy: {
    status: 503,
    title: 'Store busy',
    retryAfter: 1,
  },
  store_unavailable: {
    status: 503,
    title: 'Store unavailable',
    retryAfter: 2,
  },
  timed_out: {
    status: 503,
    title: 'Timed out',
    retryAfter: 2,
  },
};
