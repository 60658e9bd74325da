// A request that did not succeed, with a code that words exist for.

/** What went wrong. */
export interface Problem {
  /** A code of the contract, or one of the page's own. */
  code: string;
  /** Seconds after which a repeated request may succeed. */
  retryAfterSeconds?: number;
  /** Which fields were refused and why, as the service says it. */
  errors?: readonly { pointer: string; detail: string }[];
  /** Of a server that cannot be connected: where it failed, and why. */
  step?: string;
  reason?: string;
}

/** What a call answers. */
export type Result<T> = { kind: 'ok'; value: T } | { kind: 'problem'; problem: Problem };

const GATEWAY_CODES: Readonly<Record<number, string>> = { 413: 'body_too_large', 429: 'too_many_requests' };

const readErrors = (body: Record<string, unknown>): Problem['errors'] =>
  Array.isArray(body.errors) ? (body.errors as NonNullable<Problem['errors']>) : undefined;

const readText = (text: unknown): string | undefined => (typeof text === 'string' ? text : undefined);

/** The problem in an answer of the service, or of the gateway in front of it, which has no codes. */
export const readProblem = (status: number, retryAfter: string | null, body: unknown): Problem => {
  const document = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const code = readText(document.code) ?? GATEWAY_CODES[status] ?? (status >= 500 ? 'unavailable' : 'unexpected');
  const seconds = Number(retryAfter);
  return {
    code,
    retryAfterSeconds: seconds > 0 ? seconds : undefined,
    errors: readErrors(document),
    step: readText(document.step),
    reason: readText(document.reason),
  };
};

const TRANSIENT: ReadonlySet<string> = new Set([
  'offline',
  'unavailable',
  'too_many_requests',
  'store_busy',
  'store_unavailable',
  'keys_unavailable',
  'secrets_unavailable',
  'refresh_unavailable',
  'timed_out',
]);

const UNDECIDED: ReadonlySet<string> = new Set([
  'offline',
  'unavailable',
  'store_unavailable',
  'timed_out',
  'internal_error',
  'unexpected',
]);

/** Whether the request may have taken effect all the same: its answer was lost, or says nothing about it. */
export const isUndecided = ({ code }: Problem): boolean => UNDECIDED.has(code);

/** Whether the very same request may succeed later. */
export const isTransient = ({ code }: Problem): boolean => TRANSIENT.has(code);
