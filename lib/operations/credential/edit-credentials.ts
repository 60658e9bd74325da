// Changes many credentials of a user at once, all or nothing, never over what the caller has not seen: everything is
// conditioned on the version read and on each credential touched. Losing only to a refresh is tried again inside.

import type { NewCredential } from '../../domain/credential/new-credential.ts';
import { type CredentialRow, rowId } from '../../domain/credential/rows.ts';
import { isSystemCredential } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { Change } from '../../domain/ports/user-store.ts';
import { invalidRequest, ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';
import { replaceRow } from '../../steps/credential/replace-row.ts';
import { sealCredential } from '../../steps/credential/seal-credential.ts';
import { assertUserRecord, retryOnConflict, writeUser } from '../../steps/credential/write-user.ts';

/** One transaction holds 100 items (DynamoDB TransactWriteItems), and one is the user's head. */
export const MAX_CHANGES = 99;

interface EditCredentials {
  userId: string;
  put: readonly NewCredential[];
  remove: readonly string[];
  expectedVersion: number;
}

type EditDeps = Pick<Deps, 'users' | 'sealer' | 'clock' | 'random' | 'sleep' | 'limits'>;

const assertEditable = ({ put, remove }: EditCredentials): void => {
  if (put.length + remove.length > MAX_CHANGES) {
    throw new ServiceError('too_many_changes', { detail: `at most ${MAX_CHANGES} changes at once` });
  }
  const seen = new Set<string>();
  for (const id of [...put.flatMap((credential) => credential.id ?? []), ...remove]) {
    if (isSystemCredential(id)) throw new ServiceError('system_credential');
    if (seen.has(id)) throw invalidRequest('#', 'an id is named twice');
    seen.add(id);
  }
};

const putChange = async (
  deps: EditDeps,
  rows: ReadonlyMap<string, CredentialRow>,
  { userId, next, ordinal }: { userId: string; next: NewCredential; ordinal: number },
): Promise<Change> => {
  const id = next.id ?? deps.random.uuid();
  const row = rows.get(id);
  if (row) return { kind: 'put', credential: await replaceRow(deps, row, { userId, id, next }), when: row.rowVersion };
  const now = deps.clock.now();
  const added = await sealCredential(deps, next, { userId, id, version: 1, createdAt: now, ordinal, now });
  return { kind: 'put', credential: added, when: 'absent' };
};

const removeChange = (rows: ReadonlyMap<string, CredentialRow>, credentialId: string): Change => {
  const row = rows.get(credentialId);
  if (!row) throw new ServiceError('credential_not_found', { members: { credentialId } });
  return { kind: 'remove', credentialId, when: row.rowVersion };
};

/**
 * Puts and deletes under one version; answers the new one. Throws `version_conflict`, `credential_not_found` (an unknown
 * delete), `too_many_changes`, `system_credential`, `credential_limit`, and what a replacement throws.
 */
export const editCredentials = async (deps: EditDeps, edit: EditCredentials): Promise<{ version: number }> => {
  assertEditable(edit);
  const { userId, expectedVersion } = edit;
  return retryOnConflict(deps, async () => {
    const { head, rows } = await deps.users.readUser(userId);
    assertUserRecord(head, expectedVersion);
    const byId = new Map(rows.map((row) => [rowId(row), row]));
    const removals = edit.remove.map((id) => removeChange(byId, id));
    const puts = await allSettledOrThrow(
      edit.put.map((next, ordinal) => putChange(deps, byId, { userId, next, ordinal })),
    );
    const outcome = await writeUser(deps, userId, {
      token: deps.random.uuid(),
      expectedVersion,
      maxCredentials: deps.limits.maxCredentialsPerUser,
      changes: [...removals, ...puts],
    });
    return outcome === 'written' ? { version: expectedVersion + 1 } : 'changed';
  });
};
