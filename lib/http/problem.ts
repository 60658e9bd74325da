// Errors on the wire: problem+json (RFC 9457), one exhaustive table from code to status and title. A 5xx carries no detail.
import type { ErrorCode, ServiceError } from '../domain/values/service-error.ts';

interface ProblemType {
  status: number;
  title: string;
  /** Seconds, for Retry-After (RFC 9110 §10.2.3). */
  retryAfter?: number;
}

export const problemTypes: Readonly<Record<ErrorCode, ProblemType>> = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  state_invalid: { status: 400, title: 'The state is not valid' },
  url_not_allowed: { status: 400, title: 'The URL is not one of those allowed' },
  not_upgradable: { status: 400, title: 'The credential cannot be connected to' },
  connection_denied: { status: 400, title: 'The user or the provider refused the connection' },
  device_flow_unsupported: { status: 400, title: 'The provider has no device flow' },
  too_many_changes: { status: 400, title: 'Too many changes at once' },
  system_credential: { status: 403, title: 'This credential belongs to the operator' },
  credential_not_found: { status: 404, title: 'There is no such credential' },
  not_connected: { status: 404, title: 'The user has nothing connected that serves this call' },
  provider_unknown: { status: 404, title: 'There is no such provider' },
  account_mismatch: { status: 409, title: 'Another account was connected' },
  credential_exists: { status: 409, title: 'A credential with this id exists' },
  credential_limit: { status: 409, title: 'The user has as many credentials as are allowed' },
  credential_unreadable: { status: 409, title: 'The credential is stored but cannot be read' },
  insufficient_scopes: { status: 409, title: 'The grant does not cover the scopes' },
  provider_mismatch: { status: 409, title: 'The credential is for another provider' },
  reconnect_required: { status: 409, title: 'The user must connect again' },
  scopes_narrowed: { status: 409, title: 'A replacement may not have fewer scopes' },
  type_mismatch: { status: 409, title: 'The credential is of another type' },
  user_erasing: { status: 409, title: 'The user is being erased' },
  version_conflict: { status: 412, title: 'The user has changed since' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  precondition_required: { status: 428, title: 'If-Match is required' },
  too_many_open_states: { status: 429, title: 'Too many flows are open', retryAfter: 60 },
  internal_error: { status: 500, title: 'Something went wrong here' },
  provider_not_configured: { status: 501, title: 'The operator has not configured this provider' },
  provider_rejected: { status: 502, title: 'The provider gave no token' },
  keys_unavailable: { status: 503, title: 'The encryption keys cannot be reached', retryAfter: 2 },
  refresh_unavailable: { status: 503, title: 'The token cannot be refreshed now', retryAfter: 1 },
  secrets_unavailable: { status: 503, title: "The operator's secrets cannot be read", retryAfter: 2 },
  store_busy: { status: 503, title: 'Too many writers at once', retryAfter: 1 },
  store_unavailable: { status: 503, title: 'The store cannot be reached', retryAfter: 2 },
};

/** The problem document of an error; `requestId` becomes its instance. */
export const problemDocument = (error: ServiceError, requestId: string): Record<string, unknown> => {
  const { status, title } = problemTypes[error.code];
  const document = { ...error.members, type: `urn:keyhold:problem:${error.code}`, title, status, code: error.code };
  if (status >= 500) return { ...document, instance: requestId };
  return {
    ...document,
    instance: requestId,
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.errors !== undefined && { errors: error.errors }),
  };
};

export const retryAfter = ({ code, retryAfterSeconds }: ServiceError): Record<string, string> => {
  const seconds = retryAfterSeconds ?? problemTypes[code].retryAfter;
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
};
