// Adds a credential to a user in one transaction, without a read. A create repeated with the same id answers
// `credential_exists`.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { NewCredential } from '../../domain/credential/new-credential.ts';
import type { LinkUse } from '../../domain/link/connect-link.ts';
import { linkInvalid } from '../../domain/link/link-refusal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { assertVariables } from '../../steps/credential/check-variables.ts';
import { rejectSystemCredential } from '../../steps/credential/reject-system-credential.ts';
import { sealCredential } from '../../steps/credential/seal-credential.ts';
import { writeUser } from '../../steps/credential/write-user.ts';

interface AddCredential {
  userId: string;
  credential: NewCredential;
  expectedVersion?: number | undefined;
  /** The link that the request came by: it is spent, or the credential is not stored. */
  link?: LinkUse | undefined;
}

/** Only a link brings a number of erasures: one of a user who was erased meanwhile is gone. */
const refuseErased = (error: unknown): never => {
  throw error instanceof ServiceError && error.code === 'state_invalid' ? linkInvalid('unknown') : error;
};

/**
 * Stores a new credential under the caller's id, or under a new UUID.
 * Throws `system_credential`, `invalid_request` (a variable), `credential_exists`, `credential_limit`, `version_conflict`, `user_erasing`,
 * `link_invalid`, `keys_unavailable`, `secrets_unavailable`.
 */
export const addCredential = async (
  deps: Pick<Deps, 'users' | 'sealer' | 'templates' | 'clock' | 'random' | 'limits'>,
  { userId, credential, expectedVersion, link }: AddCredential,
): Promise<StoredCredential> => {
  const id = credential.id ?? deps.random.uuid();
  rejectSystemCredential(id);
  await assertVariables(deps, credential);
  const now = deps.clock.now();
  const stored = await sealCredential(deps, credential, { userId, id, version: 1, createdAt: now, ordinal: 0, now });
  const write = writeUser(deps, userId, {
    expectedVersion,
    expectedErasures: link?.erasures,
    spends: link?.spending ?? undefined,
    changes: [{ kind: 'put', credential: stored, when: 'absent' }],
  });
  await write.catch(refuseErased);
  return stored;
};
