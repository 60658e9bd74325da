// Questions that invariants ask of the evidence.
import type { Evidence } from '../simulate.ts';
import type { Call } from './history.ts';
import { beginning, type Moment } from './timeline.ts';

export const momentsOf = ({ timeline }: Evidence, userId: string): readonly Moment[] =>
  timeline.users.get(userId) ?? [beginning];

export const allMoments = ({ timeline }: Evidence): Moment[] =>
  [...timeline.users.values()].flatMap((moments) => moments.slice(1));

const REFRESHING: ReadonlySet<string> = new Set([
  'storeRefreshed',
  'markReconnectRequired',
  'noteUse',
  'rescheduleRenewal',
]);

/** What the call did to the table, but for what refreshing does by the way. */
export const effectsOf = (evidence: Evidence, call: Call): Moment[] =>
  momentsOf(evidence, call.request.userId).filter(
    (moment) => moment.callId === call.id && !REFRESHING.has(moment.method),
  );

/** How the user was at any time between start and end of the call. */
export const momentsDuring = (evidence: Evidence, call: Call): Moment[] => {
  const moments = momentsOf(evidence, call.request.userId);
  return moments.filter((moment, index) => {
    const next = moments[index + 1];
    return moment.step <= call.endStep && (next === undefined || next.step >= call.startStep);
  });
};

/** When the user was marked as being erased, within (after, until]. */
export const wasErasedBetween = (evidence: Evidence, userId: string, span: { after: number; until: number }): boolean =>
  momentsOf(evidence, userId).some(
    ({ method, step }) => method === 'beginErasure' && step > span.after && step <= span.until,
  );

export const isUnderWay = ({ head }: Moment): boolean => head.erasing !== null;
