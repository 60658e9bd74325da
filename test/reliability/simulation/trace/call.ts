// The calls of a run as clients see them, each with start, end and outcome. A 503 and a crash are "unknown", never
// "failed": the write may have taken effect.
import { type ErrorCode, ServiceError } from '../../../../lib/domain/values/service-error.ts';
import type { Request, RequestKind } from '../workload/request.ts';

export type Outcome =
  | { kind: 'pending' }
  | { kind: 'ok'; value: unknown }
  | { kind: 'refused'; code: ErrorCode; members: Readonly<Record<string, unknown>> }
  | { kind: 'unknown'; why: string }
  /** Something other than a ServiceError: always a bug. */
  | { kind: 'unexpected'; error: unknown };

export interface Call<R extends Request = Request> {
  id: number;
  request: R;
  startStep: number;
  startAt: number;
  endStep: number;
  endAt: number;
  excusedMilliseconds: number;
  outcome: Outcome;
  /** Work it had started was still running when it ended. */
  isLeftRunning: boolean;
}

const NOT_NOW: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'store_busy',
  'store_unavailable',
  'keys_unavailable',
  'secrets_unavailable',
  'refresh_unavailable',
]);

export const CRASHED: Outcome = { kind: 'unknown', why: 'crash' };

export const succeeded = (value: unknown): Outcome => ({ kind: 'ok', value });

export const failed = (error: unknown): Outcome => {
  if (!(error instanceof ServiceError)) return { kind: 'unexpected', error };
  if (NOT_NOW.has(error.code)) return { kind: 'unknown', why: error.code };
  return { kind: 'refused', code: error.code, members: error.members };
};

/** The outcome in a word or two: `ok`, `unknown`, or the code of a refusal. */
export const outcomeName = (outcome: Outcome): string => (outcome.kind === 'refused' ? outcome.code : outcome.kind);

export const isKind = <K extends RequestKind>(
  call: Call,
  ...kinds: readonly K[]
): call is Call<Extract<Request, { kind: K }>> => (kinds as readonly string[]).includes(call.request.kind);
