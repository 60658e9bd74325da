// How long cached metadata is used. Times are epoch milliseconds.
import { type NotConnectableReason, readReason } from '../not-connectable.ts';

const FRESH_MILLISECONDS = 3_600_000;
const USABLE_MILLISECONDS = 86_400_000;

/** Whether metadata may be used without asking. Not if it is from an hour in the future: another clock is wrong. */
export const isFresh = (readAt: number, now: number): boolean => Math.abs(now - readAt) < FRESH_MILLISECONDS;

/** When metadata may no longer be used. */
export const endOfUse = (readAt: number): number => readAt + USABLE_MILLISECONDS;

/** The server answered, and its answer says that the old metadata is no longer true. */
const ANSWERED: ReadonlySet<NotConnectableReason | null> = new Set([
  'invalid_metadata',
  'issuer_mismatch',
  'url_not_allowed',
  'pkce_unsupported',
  'code_flow_unsupported',
]);

/** Whether metadata that is no longer fresh may be used because asking failed in this way. */
export const mayUseOld = (readAt: number, { now, error }: { now: number; error: unknown }): boolean =>
  readReason(error) !== null && !ANSWERED.has(readReason(error)) && Math.abs(now - readAt) < USABLE_MILLISECONDS;
