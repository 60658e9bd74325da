// Deletes a credential, readable or not. An OAuth credential is revoked at its provider first, in bounded time; the row is
// deleted for every answer of the provider. A refresh that is under way cannot bring it back: its write requires the old secretRev.
// A grant that another credential may live on is spared, and then the deletion requires the version at which that one was there: of
// two credentials that are deleted at the same time, the later one is the last and is revoked.
import type { CredentialRow } from '../../domain/credential/rows.ts';
import type { Change } from '../../domain/ports/user-store.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { readRow } from '../../steps/credential/read-row.ts';
import { rejectSystemCredential } from '../../steps/credential/reject-system-credential.ts';
import { retryOnConflict, writeUser } from '../../steps/credential/write-user.ts';
import { disconnect } from '../../steps/disconnect/disconnect.ts';
import { NOTHING_REVOKED, type Revocation } from '../../steps/disconnect/revoke-credential.ts';
import type { WaitDeps } from '../../steps/refresh/refresh-or-wait.ts';

interface DeleteCredential {
  userId: string;
  id: string;
  expectedVersion?: number | undefined;
}

/** The answer to a deletion: which tokens the provider has revoked. */
export interface Disconnected extends Revocation {
  deleted: true;
}

/** The row to delete, and at which version of the user, if only then. */
interface Removal {
  when: Extract<Change, { kind: 'remove' }>['when'];
  atVersion?: number;
}

/**
 * Only the row that was read: tokens stored meanwhile must be revoked too, by another attempt; and an attempt that the table receives
 * late cannot delete a row that was stored since. Another version than this step's own guard means another attempt, not an error.
 */
const remove = async (
  deps: WaitDeps,
  { userId, id, expectedVersion }: DeleteCredential,
  { when, atVersion }: Removal,
): Promise<'written' | 'conflict'> => {
  const changes: Change[] = [{ kind: 'remove', credentialId: id, when }];
  try {
    return await writeUser(deps, userId, { expectedVersion: expectedVersion ?? atVersion, changes });
  } catch (error) {
    const isOwnGuard =
      expectedVersion === undefined && error instanceof ServiceError && error.code === 'version_conflict';
    if (isOwnGuard) return 'conflict';
    throw error;
  }
};

/** What is revoked of a row, and how it may be deleted then; 'conflict' when it must be read again. */
const revoke = async (
  deps: WaitDeps,
  row: CredentialRow,
  finishBy: number,
): Promise<{ revocation: Revocation; removal: Removal } | 'conflict'> => {
  if (!row.readable) return { revocation: NOTHING_REVOKED, removal: { when: 'present' } };
  const ended = await disconnect(deps, { row, finishBy, spares: true });
  if (ended.kind === 'conflict') return 'conflict';
  if (ended.kind === 'ended') return { revocation: ended.revocation, removal: { when: ended.rowVersion } };
  return { revocation: NOTHING_REVOKED, removal: { when: row.rowVersion, atVersion: ended.atVersion } };
};

const deleteOnce = async (
  deps: WaitDeps,
  request: DeleteCredential,
  finishBy: number,
): Promise<Disconnected | 'conflict'> => {
  const revoked = await revoke(deps, await readRow(deps, request), finishBy);
  if (revoked === 'conflict') return 'conflict';
  const outcome = await remove(deps, request, revoked.removal);
  return outcome === 'written' ? { deleted: true, ...revoked.revocation } : 'conflict';
};

/**
 * Revokes and deletes a credential. Throws `system_credential`, `credential_not_found`, `version_conflict`, `user_erasing`,
 * `keys_unavailable`, `secrets_unavailable`, `store_busy`, `store_unavailable`.
 */
export const deleteCredential = async (deps: WaitDeps, request: DeleteCredential): Promise<Disconnected> => {
  rejectSystemCredential(request.id);
  const finishBy = deps.clock.elapsed() + deps.budget.answerMilliseconds;
  return retryOnConflict(deps, () => deleteOnce(deps, request, finishBy));
};
