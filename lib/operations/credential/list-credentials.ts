// Lists the credentials a user can use: the user's own in order of creation, then the configured system credentials.
import { type CredentialView, viewRow, viewSystem } from '../../domain/credential/credential-view.ts';
import { byCreation } from '../../domain/credential/rows.ts';
import { systemCredentials } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { allSettledOrThrow } from '../../steps/credential/all-settled.ts';

/** The user's version, the credentials, and the providers that can be used. */
export interface CredentialList {
  version: number;
  credentials: CredentialView[];
  /** Every provider with an active credential, whatever the filter. */
  providers: string[];
}

/** The user's and system credentials, of one provider if given. An unreadable row is listed as such. */
export const listCredentials = async (
  deps: Pick<Deps, 'users' | 'systemDirectory' | 'clock'>,
  { userId, provider }: { userId: string; provider?: string | undefined },
): Promise<CredentialList> => {
  const [{ userRecord, rows }, configured] = await allSettledOrThrow([
    deps.users.readUser(userId),
    deps.systemDirectory.configuredIds(),
  ]);
  const now = deps.clock.now();
  const own = rows.toSorted(byCreation).map((row) => viewRow(row, now));
  const system = systemCredentials.filter((credential) => configured.has(credential.id)).map(viewSystem);
  const all = [...own, ...system];
  return {
    version: userRecord?.version ?? 0,
    credentials: provider === undefined ? all : all.filter((view) => view.provider === provider),
    providers: usableProviders(all),
  };
};

const usableProviders = (views: CredentialView[]): string[] => [
  ...new Set(views.flatMap((view) => (view.status === 'active' && view.provider !== null ? [view.provider] : []))),
];
