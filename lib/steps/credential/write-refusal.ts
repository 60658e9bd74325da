// What a refused write means to its caller. The order is a promise: an erasure before anything, then the version the
// caller has seen, then the credentials themselves, and the limit last, so that a repeated create finds its own.

import type { Change, UserRecord, UserWrite, WriteOutcome } from '../../domain/ports/user-store.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

export const versionConflict = (head: UserRecord | null): ServiceError =>
  new ServiceError('version_conflict', { members: { currentVersion: head?.version ?? 0 } });

const refusalOf = (change: Change | undefined): ServiceError | 'changed' => {
  if (change?.kind === 'put') return change.when === 'absent' ? new ServiceError('credential_exists') : 'changed';
  if (change?.kind === 'remove') {
    return change.when === 'present' ? new ServiceError('credential_not_found') : 'changed';
  }
  if (change?.kind === 'removeManaged') return new ServiceError('credential_not_found');
  return new ServiceError('credential_unreadable');
};

/** The error to answer, or 'changed' when a row moved under a write that should be made again from a new read. */
export const explainRefusal = (
  write: UserWrite,
  outcome: Extract<WriteOutcome, { written: false }>,
): ServiceError | 'changed' => {
  const { head, headRefused, refused } = outcome;
  if (headRefused && head?.erasing) return new ServiceError('user_erasing');
  if (headRefused && write.expectedVersion !== undefined && (head?.version ?? 0) !== write.expectedVersion) {
    return versionConflict(head);
  }
  if (headRefused && write.expectedErasures !== undefined && (head?.erasures ?? 0) !== write.expectedErasures) {
    return new ServiceError('state_invalid');
  }
  const refusals = refused.map((index) => refusalOf(write.changes[index]));
  const final = refusals.find((refusal) => refusal !== 'changed');
  if (final) return final;
  if (refusals.length > 0) return 'changed';
  return new ServiceError('credential_limit', { detail: `at most ${write.maxCredentials} credentials a user` });
};
