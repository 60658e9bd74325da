// The interval in which a call may have taken effect.
import type { Call } from '../clients/call.ts';

/** From start to end; without an end when the outcome is unknown. */
export const toInterval = ({ start, end, outcome }: Call): { start: number; end: number } => ({
  start,
  end: outcome.kind === 'unknown' ? Number.POSITIVE_INFINITY : end,
});
