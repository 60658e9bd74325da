// When a call may have taken effect: from its beginning to its end, or to eternity when nobody knows what came of it.
import type { Call } from '../clients/call.ts';

export const toInterval = ({ start, end, outcome }: Call): { start: number; end: number } => ({
  start,
  end: outcome.kind === 'unknown' ? Number.POSITIVE_INFINITY : end,
});
