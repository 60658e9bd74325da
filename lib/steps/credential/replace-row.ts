// What a replacement may change, and the row it makes. Shared by replace and edit, so that both keep the same rules.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { SealableCredential } from '../../domain/credential/new-credential.ts';
import { type CredentialRow, rowProvider, rowType, type UnreadableRow } from '../../domain/credential/rows.ts';
import { coversScopes, missingScopes } from '../../domain/oauth/scopes.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { refreshTokenRev } from '../../domain/refresh/lease.ts';
import { isEqualDigest } from '../../domain/values/digest.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { openCredential } from './open-credential.ts';
import { sealCredential } from './seal-credential.ts';

type ReplaceDeps = Pick<Deps, 'sealer' | 'random' | 'clock' | 'limits'>;

/** Throws `type_mismatch`, `provider_mismatch`, `scopes_narrowed`, or `credential_unreadable` for a newer schema. */
const assertReplaceable = (row: CredentialRow, next: SealableCredential): void => {
  if (!row.readable && row.newerSchema) throw new ServiceError('credential_unreadable');
  const [type, provider] = [rowType(row), rowProvider(row)];
  if (type !== null && type !== next.type) throw new ServiceError('type_mismatch');
  if (provider !== null && provider !== next.provider) throw new ServiceError('provider_mismatch');
  if (!row.readable || next.type !== 'oauth2') return;
  const stored = row.credential.scopes ?? [];
  if (coversScopes(next.scopes, stored)) return;
  throw new ServiceError('scopes_narrowed', { members: { missingScopes: missingScopes(next.scopes, stored) } });
};

/** The stored grant, or null when it can't be opened: a broken one may be replaced, and then has nothing to keep. */
const openGrant = async (deps: ReplaceDeps, current: StoredCredential) => {
  try {
    const secret = await openCredential(deps, current);
    return 'accessToken' in secret ? secret : null;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'credential_unreadable') return null;
    throw error;
  }
};

/** Another name may be another account. */
const keptAccount = (current: StoredCredential, username: string | undefined): string | undefined =>
  username === undefined || username === current.username ? (current.accountId ?? undefined) : undefined;

type Variables = Readonly<Record<string, string>> | undefined;

const spelled = (variables: Variables): string => JSON.stringify(Object.entries(variables ?? {}).toSorted());

/** Unsaid is the same. */
const isSameTenant = (stored: Variables, next: Variables): boolean =>
  next === undefined || spelled(stored) === spelled(next);

/** What stays when it is not sent: the title, and of an OAuth grant its account, refresh token and metadata. */
const withKept = async (
  deps: ReplaceDeps,
  current: StoredCredential,
  next: SealableCredential,
): Promise<{ kept: SealableCredential; keepsToken: boolean }> => {
  const titled = { ...next, title: next.title ?? current.title ?? undefined };
  if (titled.type !== 'oauth2') return { kept: titled, keepsToken: false };
  const stored = await openGrant(deps, current);
  // A token of one tenant is never kept beside another, to which it would be sent.
  const same = isSameTenant(stored?.variables, titled.variables) ? stored : null;
  // A refresh token that its provider has refused is not kept to be sent again.
  const storedToken = current.brokenReason === null ? same?.refreshToken : undefined;
  const refreshToken = titled.refreshToken ?? storedToken;
  const keepsToken = storedToken !== undefined && isEqualDigest(storedToken, refreshToken ?? '');
  const refreshExpiry = keepsToken ? (current.refreshTokenExpiresAt ?? undefined) : undefined;
  const kept = {
    ...titled,
    username: titled.username ?? current.username ?? undefined,
    accountId: titled.accountId ?? keptAccount(current, titled.username),
    refreshToken,
    refreshTokenExpiresAt: titled.refreshTokenExpiresAt ?? refreshExpiry,
    metadata: titled.metadata ?? same?.metadata,
    variables: titled.variables ?? same?.variables,
  };
  return { kept, keepsToken };
};

const nextVersion = (row: UnreadableRow): number =>
  typeof row.rowVersion.version === 'number' &&
  Number.isSafeInteger(row.rowVersion.version + 1) &&
  row.rowVersion.version > 0
    ? row.rowVersion.version + 1
    : 1;

/** The row that takes the place of `row`; id, place in the list and time of creation stay. */
export const replaceRow = async (
  deps: ReplaceDeps,
  row: CredentialRow,
  { userId, id, next }: { userId: string; id: string; next: SealableCredential },
): Promise<StoredCredential> => {
  assertReplaceable(row, next);
  const now = deps.clock.now();
  if (!row.readable) {
    return sealCredential(deps, next, { userId, id, version: nextVersion(row), createdAt: now, ordinal: 0, now });
  }
  const { version, createdAt, ordinal, usedDay } = row.credential;
  const { kept, keepsToken } = await withKept(deps, row.credential, next);
  // A lease on the token is a lease on it still.
  const tokenRev = keepsToken ? refreshTokenRev(row.credential) : null;
  return sealCredential(deps, kept, { userId, id, version: version + 1, createdAt, ordinal, now, usedDay, tokenRev });
};
