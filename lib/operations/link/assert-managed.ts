// Checks that a link lets its user rename or disconnect a credential. One that the link does not show is as one that does not exist.
import { rowId, rowProvider, rowResource } from '../../domain/credential/rows.ts';
import type { HeldLink } from '../../domain/link/connect-link.ts';
import { linkNotAllowed } from '../../domain/link/link-refusal.ts';
import { isShown } from '../../domain/link/link-rules.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

/**
 * Reads the credential only if the link is for one provider or credential. Throws `link_not_allowed` without `manage`,
 * `credential_not_found`.
 */
export const assertManaged = async (
  deps: Pick<Deps, 'users'>,
  { allows, row: { userId } }: HeldLink,
  id: string,
): Promise<void> => {
  if (!allows.manage) throw linkNotAllowed('without manage');
  if (allows.provider === null) return;
  const row = await deps.users.readCredential(userId, id);
  if (row === null || !isShown(allows, { id: rowId(row), provider: rowProvider(row), resource: rowResource(row) }))
    throw new ServiceError('credential_not_found');
};
