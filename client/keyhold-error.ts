// The one error of the client. Its message is made of the code and of words of the service, which never repeat a secret.
import type { ErrorCode, Violation } from './generated/api-types.ts';

/**
 * Codes of the client itself, for what is not a problem document of the service. `unreachable`: no answer came. `unauthenticated`: the
 * gateway refused the signature or token. `route_unknown`: the gateway knows no such path. `too_many_requests`: a call limit; nothing
 * was done. `refused_by_gateway` and `unavailable`: any other answer of a gateway. `invalid_answer`: a success that is no JSON object.
 */
export type ClientErrorCode =
  | 'unreachable'
  | 'unauthenticated'
  | 'route_unknown'
  | 'too_many_requests'
  | 'refused_by_gateway'
  | 'unavailable'
  | 'invalid_answer';

/** What an error is made of: the members of a problem document (RFC 9457). */
export interface ProblemFields {
  code: ErrorCode | ClientErrorCode;
  status: number;
  title: string;
  detail?: string | undefined;
  instance?: string | undefined;
  errors?: readonly Violation[] | undefined;
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
  [member: string]: unknown;
}

const OWN_FIELDS = new Set([
  'type',
  'code',
  'status',
  'title',
  'detail',
  'instance',
  'errors',
  'retryAfterSeconds',
  'cause',
]);

/** A call that failed. Decide by `code`; new codes may be added. */
export class KeyholdError extends Error {
  /** What went wrong. */
  readonly code: ErrorCode | ClientErrorCode;
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The request id, which the log of the service has too. */
  readonly requestId: string | undefined;
  /** When a repeated call may succeed, in seconds from now. */
  readonly retryAfterSeconds: number | undefined;
  /** With `invalid_request`: the broken rules of the request. */
  readonly errors: readonly Violation[];
  /** The further members of the problem document, such as `reason`, `missingScopes` or `currentVersion`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(fields: ProblemFields) {
    const words = fields.detail ?? fields.title;
    super(`${fields.code}: ${words}`, fields.cause === undefined ? {} : { cause: fields.cause });
    this.name = 'KeyholdError';
    this.code = fields.code;
    this.status = fields.status;
    this.requestId = fields.instance;
    this.retryAfterSeconds = fields.retryAfterSeconds;
    this.errors = fields.errors ?? [];
    this.members = Object.fromEntries(Object.entries(fields).filter(([name]) => !OWN_FIELDS.has(name)));
  }
}
