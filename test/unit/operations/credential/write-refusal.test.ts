// The code for each reason of the store to refuse a write.
import { describe, expect, it } from 'vitest';
import type { Change, UserRecord, UserWrite } from '../../../../lib/domain/ports/user-store.ts';
import { explainRefusal } from '../../../../lib/steps/credential/write-refusal.ts';
import { credential } from '../../../support/builders.ts';

const rowVersion = { version: 1, secretRev: 'r' };
const changes = {
  add: { kind: 'put', credential: credential(), when: 'absent' },
  replace: { kind: 'put', credential: credential(), when: rowVersion },
  remove: { kind: 'remove', credentialId: 'c1', when: 'present' },
  removeSeen: { kind: 'remove', credentialId: 'c1', when: rowVersion },
  putManaged: {
    kind: 'putManaged',
    managed: {
      userId: 'u',
      provider: 'p',
      secretRev: 'r',
      sealed: 's',
      wrappedKey: new Uint8Array(),
      updatedAt: 0,
    },
  },
  removeManaged: { kind: 'removeManaged', provider: 'p' },
} satisfies Record<string, Change>;

const userRecord = (given: Partial<UserRecord> = {}): UserRecord => ({
  version: 5,
  count: 1,
  erasing: null,
  erasures: 0,
  ...given,
});

interface Refused {
  userRecord?: UserRecord | null;
  userRecordRefused?: boolean;
  refused?: number[];
  expectedVersion?: number;
  expectedErasures?: number;
}

const explain = (list: Change[], given: Refused): unknown => {
  const write: UserWrite = {
    token: 't',
    maxCredentials: 10,
    changes: list,
    expectedVersion: given.expectedVersion,
    expectedErasures: given.expectedErasures,
  };
  const outcome = { kind: 'refused' as const, userRecord: null, userRecordRefused: false, refused: [], ...given };
  const refusal = explainRefusal(write, outcome);
  return refusal === 'conflict' ? refusal : refusal.code;
};

const { add, replace, remove, removeSeen, putManaged, removeManaged } = changes;
const refusedHead = { userRecord: userRecord(), userRecordRefused: true };

describe('explainRefusal', () => {
  it.each<[string, Change, string]>([
    ['an add', add, 'credential_exists'],
    ['a replacement of the row that was read', replace, 'conflict'],
    ['a delete', remove, 'credential_not_found'],
    ['a delete of the row that was read', removeSeen, 'conflict'],
    ['a managed key over a newer one', putManaged, 'credential_unreadable'],
    ['a delete of a managed key', removeManaged, 'credential_not_found'],
  ])('explains a refused change: %s', (_, change, code) => {
    expect(explain([change], { refused: [0] })).toBe(code);
  });

  it.each<[string, Change[], Refused, string]>([
    [
      'an erasure before a version',
      [add],
      { ...refusedHead, userRecord: userRecord({ erasing: 'e' }), expectedVersion: 1 },
      'user_erasing',
    ],
    [
      'an erasure before a credential',
      [add],
      { ...refusedHead, userRecord: userRecord({ erasing: 'e' }), refused: [0] },
      'user_erasing',
    ],
    ['a version before a credential', [add], { ...refusedHead, expectedVersion: 4, refused: [0] }, 'version_conflict'],
    [
      'a version before a changed row',
      [replace],
      { ...refusedHead, expectedVersion: 4, refused: [0] },
      'version_conflict',
    ],
    ['a credential before the limit', [add], { ...refusedHead, refused: [0] }, 'credential_exists'],
    ['a changed row before the limit', [replace, add], { ...refusedHead, refused: [0] }, 'conflict'],
    ['the limit when no other condition failed', [add], refusedHead, 'credential_limit'],
    ['the limit at the current version', [add], { ...refusedHead, expectedVersion: 5 }, 'credential_limit'],
    [
      'the limit of a user without a record',
      [add],
      { userRecord: null, userRecordRefused: true, expectedVersion: 0 },
      'credential_limit',
    ],
    [
      'the version of a user without a record',
      [add],
      { userRecord: null, userRecordRefused: true, expectedVersion: 3 },
      'version_conflict',
    ],
    [
      'an erasure meanwhile before a credential',
      [add],
      { ...refusedHead, expectedErasures: 1, refused: [0] },
      'state_invalid',
    ],
    [
      'an erasure of a user without a record',
      [add],
      { userRecord: null, userRecordRefused: true, expectedErasures: 1 },
      'state_invalid',
    ],
    [
      'no erasure when the count of erasures is the expected one',
      [add],
      { ...refusedHead, expectedErasures: 0 },
      'credential_limit',
    ],
    [
      'no erasure for a user without a record',
      [add],
      { userRecord: null, userRecordRefused: true, expectedErasures: 0 },
      'credential_limit',
    ],
    [
      "no erasure when the user record's condition held",
      [add],
      { refused: [0], expectedErasures: 1 },
      'credential_exists',
    ],
    ['a final refusal before a changed row', [replace, remove], { refused: [0, 1] }, 'credential_not_found'],
    ['the first of two final refusals', [add, remove], { refused: [0, 1] }, 'credential_exists'],
    ['the change that was refused, not the first', [add, remove], { refused: [1] }, 'credential_not_found'],
  ])('reports %s', (_, list, given, code) => {
    expect(explain(list, given)).toBe(code);
  });

  it('names the limit in the detail', () => {
    const write = { token: 't', maxCredentials: 7, changes: [add] };
    const refusal = explainRefusal(write, {
      kind: 'refused',
      userRecord: userRecord(),
      userRecordRefused: true,
      refused: [],
    });
    expect(refusal).toMatchObject({ detail: 'at most 7 credentials per user' });
  });

  it.each([
    [userRecord({ version: 9 }), 9],
    [null, 0],
  ])('answers the current version with a conflict', (found, currentVersion) => {
    const write = { token: 't', maxCredentials: 1, changes: [add], expectedVersion: 1 };
    const refusal = explainRefusal(write, { kind: 'refused', userRecord: found, userRecordRefused: true, refused: [] });
    expect(refusal).toMatchObject({ members: { currentVersion } });
  });
});
