// Builders of rows and writes for the contract suites; a test names only the fields that matter to it.
import { randomUUID } from 'node:crypto';
import type { StoredCredential, StoredManagedKey } from '../../../lib/domain/credential/credential.ts';
import { NEW_STATE_FIELDS, type StateRow } from '../../../lib/domain/oauth/oauth-state.ts';
import type { Change, UserWrite } from '../../../lib/domain/ports/user-store.ts';

/** A new idempotency token, of a length that DynamoDB accepts (at most 36 characters). */
export const uniqueToken = (): string => randomUUID();

/** An API key's row. */
export const storedCredential = (given: Partial<StoredCredential> & { userId: string }): StoredCredential => ({
  id: 'c1',
  provider: 'openai',
  type: 'api_key',
  title: null,
  host: null,
  username: null,
  accountId: null,
  scopes: null,
  data: null,
  resource: null,
  expiresAt: null,
  refreshTokenExpiresAt: null,
  hasRefreshToken: false,
  secretStoredAt: 1_000,
  brokenReason: null,
  version: 1,
  secretRev: uniqueToken(),
  tokenRev: null,
  accessRev: null,
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

/** A managed key's row. */
export const storedManagedKey = (given: Partial<StoredManagedKey> & { userId: string }): StoredManagedKey => ({
  provider: 'ayrshare',
  secretRev: uniqueToken(),
  sealed: 'sealed',
  wrappedKey: new Uint8Array([1, 2, 3]),
  updatedAt: 1_000,
  ...given,
});

/** The row of an unused external state, valid for ten minutes. */
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

/** A write of these changes under a new token. */
export const userWrite = (changes: readonly Change[], given: Partial<UserWrite> = {}): UserWrite => ({
  token: uniqueToken(),
  maxCredentials: 1000,
  changes,
  ...given,
});

/** The change that adds a credential. */
export const adding = (credential: StoredCredential): Change => ({ kind: 'put', credential, when: 'absent' });
