// Alice with one grant of the provider acme, and a provider in memory that refreshes it: the fixture of the refresh
// suites.
import { singleFlight } from '../../../lib/adapters/runtime/single-flight.ts';
import type { StoredCredential } from '../../../lib/domain/credential/credential.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import type { TokenResponse } from '../../../lib/domain/oauth/token-response.ts';
import type { ProviderFault } from '../../../lib/domain/ports/oauth-protocol.ts';
import type { RefreshLease } from '../../../lib/domain/refresh/lease.ts';
import { addCredential } from '../../../lib/operations/credential/add-credential.ts';
import { type Resolved, resolveCredential } from '../../../lib/operations/refresh/resolve-credential.ts';
import { openCredential } from '../../../lib/steps/credential/open-credential.ts';
import { ALICE, MINUTE } from '../builders.ts';
import { type MemoryDeps, memoryDeps } from '../memory/memory-deps.ts';
import { knownProvider, memoryProviders } from '../memory/memory-oauth.ts';
import { findUser } from '../memory/memory-table.ts';
import { type ProviderKind, type TokenProvider, tokenProvider } from '../memory/token-provider.ts';

export const GRANT = 'g';
export const KEY = { userId: ALICE, credentialId: GRANT };
const HOUR_SECONDS = 3600;

interface Given {
  kind?: ProviderKind;
  record?: Partial<ProviderRecord>;
  /** Lifetime of the first access token. */
  livesMilliseconds?: number;
  scopes?: string[];
  refreshTokenExpiresAt?: number;
  /** Lifetime of refreshed access tokens. */
  expiresInSeconds?: number;
}

export interface Refreshing {
  deps: MemoryDeps;
  provider: TokenProvider;
  tokens: { accessToken: string; refreshToken: string };
}

/** The provider answers each refresh by `answer`, by default by its kind. */
export const refreshing = async ({ kind = 'strict', record = {}, ...given }: Given = {}): Promise<Refreshing> => {
  const deps = memoryDeps({ providers: memoryProviders(knownProvider(record)) });
  const provider = tokenProvider({ expiresInSeconds: given.expiresInSeconds ?? HOUR_SECONDS });
  deps.oauth.script.refreshed = (token) => provider.exchange(token);
  const tokens = provider.signIn(kind);
  await storeGrant(deps, { ...tokens, ...given });
  return { deps, provider, tokens };
};

export const storeGrant = (
  deps: MemoryDeps,
  given: Given & { accessToken: string; refreshToken?: string | undefined; id?: string },
): Promise<StoredCredential> => {
  const { id = GRANT, accessToken, refreshToken, refreshTokenExpiresAt, scopes = ['read'] } = given;
  const accessTokenExpiresAt = deps.clock.now() + (given.livesMilliseconds ?? HOUR_SECONDS * 1000);
  const tokens = { accessToken, refreshToken, accessTokenExpiresAt, refreshTokenExpiresAt };
  return addCredential(deps, {
    userId: ALICE,
    credential: { type: 'oauth2', provider: 'acme', id, title: 'Mine', scopes, username: 'ada', ...tokens },
  });
};

/** The same dependencies in another process: it shares nothing with this one but the table, the provider and the time. */
export const inOwnProcess = (deps: MemoryDeps): MemoryDeps => ({ ...deps, flights: singleFlight() });

/** Advances the clock by one hour: the first token has expired. */
export const expireToken = ({ deps }: Refreshing): void => deps.clock.advance(HOUR_SECONDS * 1000);

/** Advances the clock to four minutes before expiry: the token is valid, not fresh. */
export const nearlyExpireToken = ({ deps }: Refreshing): void => deps.clock.advance(HOUR_SECONDS * 1000 - 4 * MINUTE);

export const resolveGrant = (deps: MemoryDeps, given: { minTtlSeconds?: number; scopes?: string[] } = {}) =>
  resolveCredential(deps, { userId: ALICE, provider: 'acme', scopes: [], ...given });

export const resolveGrantNamed = (deps: MemoryDeps, credentialId: string) =>
  resolveCredential(deps, { userId: ALICE, credentialId, scopes: [] });

export const readAccessToken = ({ credential }: Resolved): string =>
  'accessToken' in credential.secret ? credential.secret.accessToken : '';

/** The stored grant and its secret. */
export const storedGrant = async (deps: MemoryDeps) => {
  const row = await deps.users.readCredential(ALICE, GRANT);
  if (!row?.readable) throw new Error('no such grant');
  const secret = (await openCredential(deps, row.credential)) as { accessToken: string; refreshToken?: string };
  return { credential: row.credential, secret };
};

export const findLease = ({ table }: MemoryDeps): RefreshLease | undefined => findUser(table, ALICE).leases.get(GRANT);

export const putLease = ({ table }: MemoryDeps, lease: RefreshLease): void => {
  findUser(table, ALICE).leases.set(GRANT, lease);
};

/** Sets the answer to every refresh from now on. */
export const answering = ({ oauth }: MemoryDeps, answer: TokenResponse | ProviderFault): void => {
  oauth.script.refreshed = () => answer;
};
