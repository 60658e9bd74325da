// When marking dead grants stops. Many grants of one provider that are refused one after the other, and none accepted, are more likely
// the operator's mistake or the provider's than so many dead grants: then they keep their state until one is accepted.

/** So many dead grants in a row, within a minute or one sweep, stop the marking. */
const MOST_IN_A_ROW = 5;
/** How long dead grants of callers count, and how long marking stops before one more grant may be marked (ms). */
const MINUTE_MILLISECONDS = 60_000;

/** What a process knows of the dead grants of one provider. Times are epoch milliseconds. */
export interface MarkingState {
  /** The last grants found dead, the newest last, with none found alive in between. */
  dead: readonly { grant: string; at: number }[];
  /** When the marking stopped; null: it has not. */
  stoppedAt: number | null;
}

/** Nothing is known, or a grant was just found alive. */
export const NO_DEAD_GRANTS: MarkingState = { dead: [], stoppedAt: null };

/** A grant that the provider has just refused for good. */
export interface DeadGrant {
  /** Identifies the credential. */
  grant: string;
  /** Epoch milliseconds. */
  now: number;
  /** When the sweep began that found it (epoch milliseconds); undefined: a caller did, so a minute counts. */
  sweptSince: number | undefined;
}

/** What follows for the grant: it is marked, marked as the last one, or keeps its state. */
export type MarkingDecision = 'mark' | 'mark_and_stop' | 'keep';

/** A clock that was set back ends the pause too. */
const isStopped = (stoppedAt: number, now: number): boolean =>
  now >= stoppedAt && now < stoppedAt + MINUTE_MILLISECONDS;

const addDead = (
  { dead }: MarkingState,
  { grant, now, sweptSince = now }: DeadGrant,
): { dead: MarkingState['dead']; isTooMany: boolean } => {
  const next = [...dead.filter((known) => known.grant !== grant), { grant, at: now }].slice(-MOST_IN_A_ROW);
  const from = Math.min(sweptSince, now - MINUTE_MILLISECONDS);
  return { dead: next, isTooMany: next.filter(({ at }) => at >= from).length >= MOST_IN_A_ROW };
};

/** Whether a dead grant is marked, and what is known afterwards. A minute after the marking stopped one more grant is marked. */
export const decideMarking = (
  state: MarkingState,
  found: DeadGrant,
): { decision: MarkingDecision; state: MarkingState } => {
  const { now } = found;
  if (state.stoppedAt !== null && isStopped(state.stoppedAt, now)) return { decision: 'keep', state };
  if (state.stoppedAt !== null) return { decision: 'mark_and_stop', state: { ...state, stoppedAt: now } };
  const { dead, isTooMany } = addDead(state, found);
  return isTooMany
    ? { decision: 'mark_and_stop', state: { dead, stoppedAt: now } }
    : { decision: 'mark', state: { dead, stoppedAt: null } };
};
