// The faults of one call on the wire, and how often they happen: the request never arrives, the answer never arrives, or either
// is later than the caller waits.
import type { Prng } from '../../simulation/environment/prng.ts';

export const wireFaults = [
  'throttled',
  'conflict',
  'refused',
  'denied',
  'hung',
  'lost',
  'late',
  'delayed',
  'slow answer',
] as const;
export type WireFaultKind = (typeof wireFaults)[number];

type Weights = Readonly<Record<WireFaultKind, number>>;

/** How often faults happen in a history, and which. */
export interface WireFaultProfile {
  /** Probability per call. */
  faultRate: number;
  weights: Weights;
  /** Probability per write. */
  outageRate: number;
}

const STEADY = { throttled: 2, conflict: 2, refused: 2, hung: 1, lost: 5, late: 2, delayed: 2, 'slow answer': 2 };
/** The faults during an outage; it is often longer than a caller retries. */
const OUTAGE: Partial<Weights> = { refused: 1, hung: 2, lost: 4, late: 2 };
const OUTAGE_CALLS = { least: 3, most: 12 };

/** Draws the profile of a history. */
export const drawWireFaultProfile = (prng: Prng): WireFaultProfile => ({
  faultRate: prng.pick([0, 0.1, 0.2, 0.3]),
  weights: { ...STEADY, denied: prng.chance(0.3) ? 0.5 : 0 },
  outageRate: prng.pick([0, 0.05, 0.1]),
});

/** Returns a function that draws the fault of each call in turn; null for none. An outage begins with a write. */
export const createFaultSource = (prng: Prng, { faultRate, weights, outageRate }: WireFaultProfile) => {
  let outageLeft = 0;
  return (isWrite: boolean): WireFaultKind | null => {
    if (outageLeft === 0 && isWrite && prng.chance(outageRate)) {
      outageLeft = OUTAGE_CALLS.least + prng.below(OUTAGE_CALLS.most - OUTAGE_CALLS.least + 1);
    }
    if (outageLeft > 0) {
      outageLeft--;
      return prng.weighted<WireFaultKind>(OUTAGE);
    }
    return prng.chance(faultRate) ? prng.weighted<WireFaultKind>(weights) : null;
  };
};
