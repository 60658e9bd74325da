// The one error class. A code is part of the contract with clients (http/problem-meanings.ts says when each is answered). The
// detail may be shown to the caller; the cause stays in the process.

/** Every code the service can answer. A code may be added and is never renamed or removed. */
export const errorCodes = [
  'invalid_request',
  'state_invalid',
  'url_not_allowed',
  'not_upgradable',
  'connection_denied',
  'device_flow_unsupported',
  'too_many_changes',
  'link_invalid',
  'link_not_allowed',
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
  'server_not_connectable',
  'keys_unavailable',
  'refresh_unavailable',
  'secrets_unavailable',
  'store_busy',
  'store_unavailable',
  'timed_out',
] as const;

/** One of the codes. */
export type ErrorCode = (typeof errorCodes)[number];

/** One broken rule of a request: where, as a JSON pointer in a URI fragment (RFC 6901 §6), and what is wrong there. */
export interface Violation {
  pointer: string;
  detail: string;
}

interface ServiceErrorOptions {
  /** What is wrong, in words the caller may see. Left out of a 5xx. */
  detail?: string;
  /** Extra members of the problem document (RFC 9457 §3.2), such as `currentVersion`. */
  members?: Readonly<Record<string, unknown>>;
  errors?: readonly Violation[];
  /** Overrides the Retry-After of the code. */
  retryAfterSeconds?: number;
  /** A fixed word that says why, for the request's log line; no answer contains it. */
  logReason?: string;
  /** A repeated request fails too, until the operator has acted: a key or a secret is disabled or gone. */
  isPermanent?: boolean;
  cause?: unknown;
}

/** The error of the whole service: operations, steps and adapters throw nothing else on purpose. */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly members: Readonly<Record<string, unknown>>;
  readonly errors: readonly Violation[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly logReason: string | undefined;
  readonly isPermanent: boolean;

  constructor(code: ErrorCode, options: ServiceErrorOptions = {}) {
    super(code, { cause: options.cause });
    this.name = 'ServiceError';
    this.code = code;
    this.detail = options.detail;
    this.members = options.members ?? {};
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.logReason = options.logReason;
    this.isPermanent = options.isPermanent ?? false;
  }
}

/** An `invalid_request` about one place of the request, named by its JSON pointer. */
export const invalidRequest = (pointer: string, detail: string): ServiceError =>
  new ServiceError('invalid_request', { detail, errors: [{ pointer, detail }] });
