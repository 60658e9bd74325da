// Decides what a refused write means to its caller. The order is part of the contract: erasure, then the caller's link and
// version, then the credentials' own conditions, and the limit last, so that a repeated create answers `credential_exists`.
import { linkInvalid } from '../../domain/link/link-refusal.ts';
import { stateInvalid } from '../../domain/oauth/state-refusal.ts';
import type { Change, UserRecord, UserWrite, WriteOutcome } from '../../domain/ports/user-store.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

/** `version_conflict`, with the current version for the caller's next attempt. A user without a record has version 0. */
export const versionConflict = (user: UserRecord | null): ServiceError =>
  new ServiceError('version_conflict', { members: { currentVersion: user?.version ?? 0 } });

const explainChange = (change: Change | undefined): ServiceError | 'conflict' => {
  if (change?.kind === 'put') return change.when === 'absent' ? new ServiceError('credential_exists') : 'conflict';
  if (change?.kind === 'remove') {
    return change.when === 'present' ? new ServiceError('credential_not_found') : 'conflict';
  }
  if (change?.kind === 'removeManaged') return new ServiceError('credential_not_found');
  return new ServiceError('credential_unreadable');
};

/**
 * The error for a refused write, or 'conflict' when a row changed since it was read: then the caller repeats the write from a
 * new read. Returns `user_erasing`, `link_invalid`, `version_conflict`, `state_invalid` (the user was erased since the flow started),
 * `credential_exists`, `credential_not_found`, `credential_unreadable`, `credential_limit`.
 */
export const explainRefusal = (
  write: UserWrite,
  outcome: Extract<WriteOutcome, { kind: 'refused' }>,
): ServiceError | 'conflict' => {
  const { userRecord, userRecordRefused, refused, linkRefused } = outcome;
  if (userRecordRefused && userRecord?.erasing) return new ServiceError('user_erasing');
  if (linkRefused) return linkInvalid('spent');
  if (
    userRecordRefused &&
    write.expectedVersion !== undefined &&
    (userRecord?.version ?? 0) !== write.expectedVersion
  ) {
    return versionConflict(userRecord);
  }
  if (
    userRecordRefused &&
    write.expectedErasures !== undefined &&
    (userRecord?.erasures ?? 0) !== write.expectedErasures
  ) {
    return stateInvalid('user_erased');
  }
  const refusals = refused.map((index) => explainChange(write.changes[index]));
  const final = refusals.find((refusal) => refusal !== 'conflict');
  if (final) return final;
  if (refusals.length > 0) return 'conflict';
  return new ServiceError('credential_limit', { detail: `at most ${write.maxCredentials} credentials per user` });
};
