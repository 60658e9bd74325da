// The one error class. A code is a promise to clients (see the table in http/problem.ts); the detail is safe to show,
// the cause is not and never leaves the process.

export const errorCodes = [
  'invalid_request',
  'state_invalid',
  'url_not_allowed',
  'not_upgradable',
  'connection_denied',
  'device_flow_unsupported',
  'too_many_changes',
  'system_credential',
  'credential_not_found',
  'not_connected',
  'provider_unknown',
  'account_mismatch',
  'credential_exists',
  'credential_limit',
  'credential_unreadable',
  'insufficient_scopes',
  'provider_mismatch',
  'reconnect_required',
  'scopes_narrowed',
  'type_mismatch',
  'user_erasing',
  'version_conflict',
  'body_too_large',
  'unsupported_media_type',
  'precondition_required',
  'too_many_open_states',
  'internal_error',
  'provider_not_configured',
  'provider_rejected',
  'keys_unavailable',
  'refresh_unavailable',
  'secrets_unavailable',
  'store_busy',
  'store_unavailable',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One violated rule of a request: a JSON pointer as a URI fragment (RFC 6901 §6) and what is wrong there. */
export interface Violation {
  pointer: string;
  detail: string;
}

interface ServiceErrorOptions {
  detail?: string;
  /** Extra members of the problem document (RFC 9457 §3.2), such as `currentVersion`. */
  members?: Readonly<Record<string, unknown>>;
  errors?: readonly Violation[];
  /** When to ask again, where that is known better than from the code. */
  retryAfterSeconds?: number;
  /** A fixed word that says why, for the request's log line; no answer contains it. */
  logReason?: string;
  cause?: unknown;
}

export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly members: Readonly<Record<string, unknown>>;
  readonly errors: readonly Violation[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly logReason: string | undefined;

  constructor(code: ErrorCode, options: ServiceErrorOptions = {}) {
    super(code, { cause: options.cause });
    this.name = 'ServiceError';
    this.code = code;
    this.detail = options.detail;
    this.members = options.members ?? {};
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.logReason = options.logReason;
  }
}

/** A 400 `invalid_request` about one place of the request. */
export const invalidRequest = (pointer: string, detail: string): ServiceError =>
  new ServiceError('invalid_request', { detail, errors: [{ pointer, detail }] });
