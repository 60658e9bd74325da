// Queries on the trace, used by the invariants.
import type { Trace } from '../simulate.ts';
import type { Call } from './call.ts';
import { emptySnapshot, type Snapshot } from './timeline.ts';

export const getSnapshots = ({ timeline }: Trace, userId: string): readonly Snapshot[] =>
  timeline.users.get(userId) ?? [emptySnapshot];

export const getAllSnapshots = ({ timeline }: Trace): Snapshot[] =>
  [...timeline.users.values()].flatMap((snapshots) => snapshots.slice(1));

const REFRESHING: ReadonlySet<string> = new Set([
  'storeRefreshed',
  'markReconnectRequired',
  'noteUse',
  'rescheduleRenewal',
]);

/** The changes of the table by the call, without the writes of a refresh. */
export const findEffects = (trace: Trace, call: Call): Snapshot[] =>
  getSnapshots(trace, call.request.userId).filter(
    (snapshot) => snapshot.callId === call.id && !REFRESHING.has(snapshot.method),
  );

/** The states of the user between start and end of the call. */
export const getSnapshotsDuring = (trace: Trace, call: Call): Snapshot[] => {
  const snapshots = getSnapshots(trace, call.request.userId);
  return snapshots.filter((snapshot, index) => {
    const next = snapshots[index + 1];
    return snapshot.step <= call.endStep && (next === undefined || next.step >= call.startStep);
  });
};

/** Whether an erasure of the user began, or their bare record was forgotten after one, within (after, until]. */
export const wasErasedBetween = (trace: Trace, userId: string, span: { after: number; until: number }): boolean =>
  getSnapshots(trace, userId).some(
    ({ method, step }) => (method === 'beginErasure' || method === 'ttl') && step > span.after && step <= span.until,
  );

export const isErasing = ({ userRecord }: Snapshot): boolean => userRecord.erasing !== null;
