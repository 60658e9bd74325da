// Lists what a user has and can use: his own in order of creation, then the operator's that are configured.

import { type CredentialView, viewRow, viewSystem } from '../../domain/credential/credential-view.ts';
import { byCreation } from '../../domain/credential/rows.ts';
import { systemCredentials } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';

export interface CredentialList {
  version: number;
  credentials: CredentialView[];
  /** Every provider the user can use now, whatever the filter. */
  providers: string[];
}

export const listCredentials = async (
  deps: Pick<Deps, 'users' | 'systemDirectory' | 'clock'>,
  { userId, provider }: { userId: string; provider?: string | undefined },
): Promise<CredentialList> => {
  const [{ head, rows }, configured] = await allSettledOrThrow([
    deps.users.readUser(userId),
    deps.systemDirectory.configuredIds(),
  ]);
  const now = deps.clock.now();
  const own = rows.toSorted(byCreation).map((row) => viewRow(row, now));
  const system = systemCredentials.filter((credential) => configured.has(credential.id)).map(viewSystem);
  const all = [...own, ...system];
  return {
    version: head?.version ?? 0,
    credentials: provider === undefined ? all : all.filter((view) => view.provider === provider),
    providers: usableProviders(all),
  };
};

const usableProviders = (views: CredentialView[]): string[] => [
  ...new Set(views.flatMap((view) => (view.status === 'active' && view.provider !== null ? [view.provider] : []))),
];
