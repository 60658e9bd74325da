// Rows as the contract suites store them; a test names only the field it is about.
import { randomUUID } from 'node:crypto';
import type { StoredCredential, StoredManagedKey } from '../../lib/domain/credential/credential.ts';
import { NEW_STATE_FIELDS, type StateRow } from '../../lib/domain/oauth/oauth-state.ts';
import type { Change, UserWrite } from '../../lib/domain/ports/user-store.ts';

/** Different at every call, of the length DynamoDB takes for a token. */
export const uniqueToken = (): string => randomUUID();

export const storedCredential = (given: Partial<StoredCredential> & { userId: string }): StoredCredential => ({
  id: 'c1',
  provider: 'openai',
  type: 'api_key',
  title: null,
  host: null,
  username: null,
  accountId: null,
  scopes: null,
  expiresAt: null,
  refreshTokenExpiresAt: null,
  hasRefreshToken: false,
  secretStoredAt: 1_000,
  brokenReason: null,
  version: 1,
  secretRev: uniqueToken(),
  tokenRev: null,
  sealed: 'sealed',
  wrappedKey: new Uint8Array([1, 2, 3]),
  createdAt: 1_000,
  ordinal: 0,
  updatedAt: 1_000,
  usedDay: null,
  dueShard: null,
  dueAt: null,
  ...given,
});

export const storedManagedKey = (given: Partial<StoredManagedKey> & { userId: string }): StoredManagedKey => ({
  provider: 'ayrshare',
  secretRev: uniqueToken(),
  sealed: 'sealed',
  wrappedKey: new Uint8Array([1, 2, 3]),
  updatedAt: 1_000,
  ...given,
});

export const stateRow = (given: Partial<StateRow> & { userId: string }): StateRow => ({
  tokenHash: uniqueToken(),
  provider: 'github',
  sealed: 'sealed',
  erasures: 0,
  window: 1,
  kind: 'external',
  ...NEW_STATE_FIELDS,
  createdAt: 600_000,
  expiresAt: 1_200_000,
  ...given,
});

export const userWrite = (changes: readonly Change[], given: Partial<UserWrite> = {}): UserWrite => ({
  token: uniqueToken(),
  maxCredentials: 1000,
  changes,
  ...given,
});

export const adding = (credential: StoredCredential): Change => ({ kind: 'put', credential, when: 'absent' });
