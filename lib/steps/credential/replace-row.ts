// Decides what a replacement may change, and makes the new row. Replace, edit and connections share it, so that all keep the
// same rules.
import type { OAuth2Secret, StoredCredential } from '../../domain/credential/credential.ts';
import type { SealableCredential } from '../../domain/credential/new-credential.ts';
import { type CredentialRow, rowProvider, rowType, type UnreadableRow } from '../../domain/credential/rows.ts';
import type { GrantBinding } from '../../domain/oauth/grant-binding.ts';
import { uncoveredScopes } from '../../domain/oauth/rules/scope-rules.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { refreshTokenRev } from '../../domain/refresh/lease.ts';
import { isEqualDigest } from '../../domain/values/digest.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { openCredential } from './open-credential.ts';
import { sealCredential } from './seal-credential.ts';

/** What `replaceRow` needs. */
export type ReplaceDeps = Pick<Deps, 'sealer' | 'random' | 'clock' | 'limits' | 'scopeRules'>;

/** Throws `type_mismatch`, `provider_mismatch`, `scopes_narrowed`, or `credential_unreadable` for a newer schema. */
const assertReplaceable = async (
  deps: ReplaceDeps,
  row: CredentialRow,
  { next, isGrant }: Replacement,
): Promise<void> => {
  if (!row.readable && row.newerSchema) throw new ServiceError('credential_unreadable');
  const [type, provider] = [rowType(row), rowProvider(row)];
  if (type !== null && type !== next.type) throw new ServiceError('type_mismatch');
  if (provider !== null && provider !== next.provider) throw new ServiceError('provider_mismatch');
  if (!row.readable || next.type !== 'oauth2' || isGrant) return;
  const rules = await deps.scopeRules.find(next.provider);
  const missing = uncoveredScopes(rules, next.scopes, row.credential.scopes ?? []);
  if (missing.length > 0) throw new ServiceError('scopes_narrowed', { members: { missingScopes: missing } });
};

/** The stored OAuth secret; null when it cannot be opened: it may still be replaced, and then nothing of it is kept. */
const openStored = async (deps: ReplaceDeps, current: StoredCredential) => {
  try {
    const secret = await openCredential(deps, current);
    return 'accessToken' in secret ? secret : null;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'credential_unreadable') return null;
    throw error;
  }
};

/** The account is kept only under the same user name: another name may be another account. */
const keepAccount = (current: StoredCredential, username: string | undefined): string | undefined =>
  username === undefined || username === current.username ? (current.accountId ?? undefined) : undefined;

/** Another user name than the stored one: where no account is known, it may be another account. */
const isRenamed = (current: StoredCredential, { username }: OAuthNext): boolean =>
  username !== undefined && current.username !== null && username !== current.username;

type Variables = Readonly<Record<string, string>> | undefined;

const canonical = (variables: Variables): string => JSON.stringify(Object.entries(variables ?? {}).toSorted());

/** Omitted variables mean the same tenant. */
const isSameTenant = (stored: Variables, next: Variables): boolean =>
  next === undefined || canonical(stored) === canonical(next);

type OAuthNext = Extract<SealableCredential, { type: 'oauth2' }>;

/** What came with the stored grant, without the variables. */
const storedKept = (current: StoredCredential, stored: OAuth2Secret) => ({
  data: Object.fromEntries(
    Object.entries(current.data ?? {}).filter(([name]) => !Object.hasOwn(stored.variables ?? {}, name)),
  ),
  secret: stored.data ?? {},
});

interface KeepData {
  current: StoredCredential;
  stored: OAuth2Secret | null;
  next: OAuthNext;
  /** Of the replaced credential. */
  accountId: string | undefined;
}

/**
 * What came with the grant: kept where the replacement says nothing of it. A new grant that does is of the same account, or nothing
 * of the stored one is kept beside it. `stored` is null for another tenant.
 */
const keepData = ({ current, stored, next, accountId }: KeepData) => {
  const account = next.kept === undefined ? (accountId ?? null) : next.accountId;
  if (stored === null || account !== current.accountId || isRenamed(current, next)) return next.kept;
  const before = storedKept(current, stored);
  return { data: { ...before.data, ...next.kept?.data }, secret: { ...before.secret, ...next.kept?.secret } };
};

/** A caller that replaces the tokens of an MCP server means the same server: they go nowhere else. */
const keepServer = ({ server, clientId, tokenOrigin }: OAuth2Secret) => ({ server, clientId, tokenOrigin });

/** What a kept refresh token is bound to. */
const pickBinding = (stored: OAuth2Secret | null): GrantBinding => ({
  clientId: stored?.clientId,
  tokenOrigin: stored?.tokenOrigin,
  issuerEndpoints: stored?.issuerEndpoints,
});

type AccountFields = { accountId?: string | undefined };

/**
 * Whether the replacement may belong to the stored account. A caller that names no account, or names one where none was known,
 * means the same; for a new grant an unknown account is no match for a known one.
 */
const isSameAccount = ({ accountId: stored }: StoredCredential, { accountId }: AccountFields, isGrant: boolean) =>
  isGrant ? stored === (accountId ?? null) : accountId === undefined || stored === null || stored === accountId;

/** Keeps what the replacement omits: the title, and of an OAuth credential its account, refresh token and metadata. */
const fillOmitted = async (
  deps: ReplaceDeps,
  current: StoredCredential,
  { next, isGrant = false }: Pick<Replacement, 'next' | 'isGrant'>,
): Promise<{ kept: SealableCredential; keepsToken: boolean }> => {
  const titled = { ...next, title: next.title ?? current.title ?? undefined };
  if (titled.type !== 'oauth2') {
    return { kept: { ...titled, variables: titled.variables ?? current.data ?? undefined }, keepsToken: false };
  }
  const stored = await openStored(deps, current);
  // A token of one tenant must not be sent to another, so it is kept only with the same variables.
  const tenant = isSameTenant(stored?.variables, titled.variables) ? stored : null;
  const isSame = isSameAccount(current, titled, isGrant);
  const same = isSame ? tenant : null;
  // A refresh token that the provider has refused is not kept: it would only be refused again.
  // Nor does a new grant of an MCP server keep one: no account is known there, so the tokens must be of one grant.
  const mayKeep = current.brokenReason === null && !(isGrant && titled.server);
  const storedToken = mayKeep ? same?.refreshToken : undefined;
  const refreshToken = titled.refreshToken ?? storedToken;
  const keepsToken = storedToken !== undefined && isEqualDigest(storedToken, refreshToken ?? '');
  const refreshExpiry = keepsToken ? (current.refreshTokenExpiresAt ?? undefined) : undefined;
  const accountId = titled.accountId ?? (isSame ? keepAccount(current, titled.username) : undefined);
  const kept = {
    ...titled,
    username: titled.username ?? (isSame ? (current.username ?? undefined) : undefined),
    accountId,
    refreshToken,
    refreshTokenExpiresAt: titled.refreshTokenExpiresAt ?? refreshExpiry,
    metadata: titled.metadata ?? tenant?.metadata,
    variables: titled.variables ?? tenant?.variables,
    kept: keepData({ current, stored: same, next: titled, accountId }),
    ...(keepsToken && { ...pickBinding(same) }),
    ...(stored?.server && !isGrant && keepServer(stored)),
  };
  return { kept, keepsToken };
};

const nextVersion = (row: UnreadableRow): number =>
  typeof row.rowVersion.version === 'number' &&
  Number.isSafeInteger(row.rowVersion.version + 1) &&
  row.rowVersion.version > 0
    ? row.rowVersion.version + 1
    : 1;

/** What replaces a row, and under which id. */
interface Replacement {
  userId: string;
  id: string;
  next: SealableCredential;
  /** A grant that the user has just given: the caller has compared its scopes, and it says itself whose it is. */
  isGrant?: boolean;
}

/**
 * The row that replaces `row`, under a new secretRev. Id, creation time and place in the list stay, and what the replacement
 * omits. Throws `type_mismatch`, `provider_mismatch`, `scopes_narrowed`, `credential_unreadable` (written by a newer release),
 * `keys_unavailable`.
 */
export const replaceRow = async (
  deps: ReplaceDeps,
  row: CredentialRow,
  replacement: Replacement,
): Promise<StoredCredential> => {
  const { userId, id, next } = replacement;
  await assertReplaceable(deps, row, replacement);
  const now = deps.clock.now();
  if (!row.readable) {
    const position =
      row.createdAt === null ? { createdAt: now, ordinal: 0 } : { createdAt: row.createdAt, ordinal: row.ordinal };
    return sealCredential(deps, next, { userId, id, version: nextVersion(row), ...position, now });
  }
  const { version, createdAt, ordinal, usedDay } = row.credential;
  const { kept, keepsToken } = await fillOmitted(deps, row.credential, replacement);
  // The same refresh token keeps its name, so that a lease or back-off on it stays in force.
  const tokenRev = keepsToken ? refreshTokenRev(row.credential) : null;
  return sealCredential(deps, kept, { userId, id, version: version + 1, createdAt, ordinal, now, usedDay, tokenRev });
};
