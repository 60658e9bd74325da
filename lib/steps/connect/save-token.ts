// Stores a token response as a credential: in place of the one it renews, or as a new one. The write requires that the user
// was not erased since the flow started.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import type { SealableCredential } from '../../domain/credential/new-credential.ts';
import type { LinkUse } from '../../domain/link/connect-link.ts';
import type { GrantServer } from '../../domain/mcp/grant-server.ts';
import { bindGrant } from '../../domain/oauth/grant-binding.ts';
import { joinKept, type KeptValues, NOTHING_KEPT } from '../../domain/oauth/kept/kept-values.ts';
import type { Account, Identity, TokenResponse } from '../../domain/oauth/token-response.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { Change } from '../../domain/ports/user-store.ts';
import type { JsonObject } from '../../domain/values/json-object.ts';
import { boundScopes } from '../../domain/values/names.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { replaceRow } from '../credential/replace-row.ts';
import { sealCredential } from '../credential/seal-credential.ts';
import { retryOnConflict, writeUser } from '../credential/write-user.ts';
import { accountKey, findMergeTarget } from './merge-target.ts';
import { OUTCOME_UNKNOWN, revokeUnlessStored } from './revoke-orphan.ts';

/** A token response, and what the caller asked for when the flow started. */
export interface TokenToSave {
  userId: string;
  /** How many erasures the user had been through when the flow started. */
  erasures: number;
  client: OAuthClient;
  grant: TokenResponse;
  /** The link that the request came by: it is spent, or the tokens are not stored. */
  link?: LinkUse | undefined;
  /** The MCP server of the tokens; undefined: a provider's. */
  server?: GrantServer | undefined;
  /** What the record keeps of the callback. */
  kept: KeptValues;
  request: {
    scopes: readonly string[];
    credentialId: string | null;
    metadata: JsonObject | null;
    variables: Record<string, string>;
  };
}

/** The credential as stored; `created`: it is a new one. */
export interface SavedToken {
  credential: StoredCredential;
  created: boolean;
}

type SaveDeps = Pick<Deps, 'users' | 'sealer' | 'oauth' | 'clock' | 'random' | 'sleep' | 'limits'>;

const addSeconds = (now: number, seconds: number | null): number | undefined =>
  seconds === null ? undefined : now + seconds * 1000;

/** The scopes are those in the reply; those requested only when the reply names none (RFC 6749 §5.1). */
const toCredential = (
  { client, grant, server, request }: TokenToSave,
  { account, kept }: Identity,
  now: number,
): Extract<SealableCredential, { type: 'oauth2' }> => ({
  type: 'oauth2',
  provider: client.provider,
  accessToken: grant.accessToken,
  refreshToken: grant.refreshToken ?? undefined,
  accessTokenExpiresAt: addSeconds(now, grant.expiresInSeconds),
  refreshTokenExpiresAt: addSeconds(now, grant.refreshTokenExpiresInSeconds),
  scopes: boundScopes(grant.scopes ?? request.scopes),
  username: account?.name ?? undefined,
  accountId: account === null ? undefined : accountKey(account, request.variables),
  metadata: request.metadata ?? undefined,
  variables: request.variables,
  kept,
  ...bindGrant(client),
  server,
});

interface GuardedChange {
  change: Change;
  expectedVersion?: number | undefined;
}

/** Thrown by the store after attempts of which one may have taken effect. */
const STORE_FAULTS = new Set(['store_busy', 'store_unavailable']);

/** The version is this step's own guard, not the caller's: a conflict means another attempt, not an error. */
const write = async (deps: SaveDeps, save: TokenToSave, { change, expectedVersion }: GuardedChange) => {
  try {
    return await writeUser(deps, save.userId, {
      expectedVersion,
      expectedErasures: save.erasures,
      spends: save.link?.spending ?? undefined,
      changes: [change],
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.code === 'version_conflict') return 'conflict';
    throw STORE_FAULTS.has(error.code)
      ? new ServiceError(error.code, { cause: error, logReason: OUTCOME_UNKNOWN })
      : error;
  }
};

interface Attempt {
  identity: Identity;
  now: number;
  /** The id of a credential that is added, the same in every attempt. */
  newId: string;
  /** What earlier attempts wrote; one of which the outcome is unknown may have taken effect. */
  written: SavedToken[];
  /** Whether a new credential is added only if the account still has none. */
  isGuarded: boolean;
}

/** Writes one attempt. A refusal because the credential exists means that an earlier attempt took effect: its id is random. */
const writeAttempt = async (
  deps: SaveDeps,
  save: TokenToSave,
  { attempt, saved, guarded }: { attempt: Attempt; saved: SavedToken; guarded: GuardedChange },
): Promise<SavedToken | 'conflict'> => {
  const earlier = attempt.written.find(({ credential }) => credential.id === saved.credential.id);
  attempt.written.push(saved);
  try {
    return (await write(deps, save, guarded)) === 'written' ? saved : 'conflict';
  } catch (error) {
    if (earlier && error instanceof ServiceError && error.code === 'credential_exists') return earlier;
    throw error;
  }
};

const saveOnce = async (deps: SaveDeps, save: TokenToSave, attempt: Attempt): Promise<SavedToken | 'conflict'> => {
  const { userId, client, request } = save;
  const { now, newId, written, isGuarded } = attempt;
  const next = toCredential(save, attempt.identity, now);
  const mayAdd = !save.link?.isForOne;
  const merge = { userId, client, credentialId: request.credentialId, accountId: next.accountId ?? null, mayAdd };
  const { row, noneAtVersion } = await findMergeTarget(deps, { ...merge, scopes: next.scopes, now });
  if (row) {
    const own = written.find(({ credential }) => credential.secretRev === row.credential.secretRev);
    if (own) return own;
    // The rules that chose the row decide here too.
    const replacing = { ...deps, scopeRules: { find: async () => client.profile } };
    const credential = await replaceRow(replacing, row, { userId, id: row.credential.id, next, isGrant: true });
    const guarded: GuardedChange = { change: { kind: 'put', credential, when: row.rowVersion } };
    return writeAttempt(deps, save, { attempt, saved: { credential, created: false }, guarded });
  }
  const identity = { userId, id: newId, version: 1, createdAt: now, ordinal: 0, now };
  const credential = await sealCredential(deps, next, identity);
  const expectedVersion = isGuarded ? noneAtVersion : undefined;
  const guarded: GuardedChange = { change: { kind: 'put', credential, when: 'absent' }, expectedVersion };
  return writeAttempt(deps, save, { attempt, saved: { credential, created: true }, guarded });
};

const asksIdentity = ({ client: { profile }, grant }: TokenToSave): boolean =>
  grant.account === null || profile.keeps.some(({ from }) => from === 'identity' || from === 'tenants');

/** A value that fails its check: the provider, or who speaks for it, is not what the record says, so the grant is not stored. */
const assertKept = ({ refused }: KeptValues): void => {
  if (refused.length > 0) throw new ServiceError('provider_rejected', { logReason: 'kept_value_refused' });
};

/** The account, as soon as it is known. */
interface FoundAccount {
  account: Account | null;
}

/** The account, and all that is kept. Throws `provider_rejected`. */
const readIdentity = async (deps: Pick<Deps, 'oauth'>, save: TokenToSave, found: FoundAccount): Promise<Identity> => {
  const { client, grant, request } = save;
  const data = { ...request.variables, ...save.kept.data, ...grant.kept.data };
  const asked: Identity = asksIdentity(save)
    ? await deps.oauth.identify(client, grant.accessToken, data)
    : { account: null, kept: NOTHING_KEPT };
  found.account = grant.account ?? asked.account;
  const kept = joinKept(save.kept, grant.kept, asked.kept);
  assertKept(kept);
  return { account: found.account, kept };
};

const saveWithRetry = async (deps: SaveDeps, save: TokenToSave, found: FoundAccount): Promise<SavedToken> => {
  const now = deps.clock.now();
  const common = { identity: await readIdentity(deps, save, found), now, newId: deps.random.uuid(), written: [] };
  const attempt = (isGuarded: boolean) => retryOnConflict(deps, () => saveOnce(deps, save, { ...common, isGuarded }));
  return attempt(true).catch((error) => {
    // The code cannot be exchanged again: a second credential of the account is better than losing the tokens.
    if (error instanceof ServiceError && error.code === 'store_busy') return attempt(false);
    throw error;
  });
};

/**
 * Stores the tokens; those that cannot be stored are revoked. Throws `provider_rejected` (a kept value fails its
 * check), `not_upgradable`, `account_mismatch`, `credential_limit`,
 * `user_erasing`, `link_invalid` (spent meanwhile), `keys_unavailable`, `store_busy`, and `state_invalid` when the user was erased
 * since the flow started.
 */
export const saveToken = (deps: SaveDeps, save: TokenToSave): Promise<SavedToken> => {
  const found: FoundAccount = { account: save.grant.account };
  const readAccountId = () => found.account && accountKey(found.account, save.request.variables);
  return revokeUnlessStored(deps, { ...save, readAccountId }, () => saveWithRetry(deps, save, found));
};
