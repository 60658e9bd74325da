// Changes many credentials of a user in one transaction. It requires the version the caller has seen and each changed row as
// it was read. A refresh changes a row but not the version: after losing to one, the edit is repeated from a new read.
import type { NewCredential } from '../../domain/credential/new-credential.ts';
import { type CredentialRow, rowId } from '../../domain/credential/rows.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { Change } from '../../domain/ports/user-store.ts';
import { invalidRequest, ServiceError } from '../../domain/values/service-error.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';
import { assertVariables } from '../../steps/credential/check-variables.ts';
import { rejectSystemCredential } from '../../steps/credential/reject-system-credential.ts';
import { replaceRow } from '../../steps/credential/replace-row.ts';
import { sealCredential } from '../../steps/credential/seal-credential.ts';
import { assertUserRecord, retryOnConflict, writeUser } from '../../steps/credential/write-user.ts';

/** A transaction holds 100 items (DynamoDB TransactWriteItems); one is the user record. */
export const MAX_CHANGES = 99;

interface EditCredentials {
  userId: string;
  put: readonly NewCredential[];
  remove: readonly string[];
  expectedVersion: number;
}

type EditDeps = Pick<Deps, 'users' | 'sealer' | 'templates' | 'clock' | 'random' | 'sleep' | 'limits' | 'scopeRules'>;

const assertEditable = ({ put, remove }: EditCredentials): void => {
  if (put.length + remove.length > MAX_CHANGES) {
    throw new ServiceError('too_many_changes', { detail: `at most ${MAX_CHANGES} changes in one request` });
  }
  const seen = new Set<string>();
  for (const id of [...put.flatMap((credential) => credential.id ?? []), ...remove]) {
    rejectSystemCredential(id);
    if (seen.has(id)) throw invalidRequest('#', 'the same id twice');
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
 * Adds, replaces and deletes credentials under one version; returns the new version. Throws `version_conflict`,
 * `user_erasing`, `credential_not_found` (an unknown id to delete), `too_many_changes`, `invalid_request` (an id twice, a variable),
 * `system_credential`, `credential_limit`, `keys_unavailable`, `store_busy`, and what `replaceRow` throws.
 */
export const editCredentials = async (deps: EditDeps, edit: EditCredentials): Promise<{ version: number }> => {
  assertEditable(edit);
  await allSettledOrThrow(edit.put.map((next) => assertVariables(deps, next)));
  const { userId, expectedVersion } = edit;
  return retryOnConflict(deps, async () => {
    const { userRecord, rows } = await deps.users.readUser(userId);
    assertUserRecord(userRecord, expectedVersion);
    const byId = new Map(rows.map((row) => [rowId(row), row]));
    const removals = edit.remove.map((id) => removeChange(byId, id));
    const puts = await allSettledOrThrow(
      edit.put.map((next, ordinal) => putChange(deps, byId, { userId, next, ordinal })),
    );
    const outcome = await writeUser(deps, userId, {
      expectedVersion,
      changes: [...removals, ...puts],
    });
    return outcome === 'written' ? { version: expectedVersion + 1 } : 'conflict';
  });
};
