// Merging never mixes two accounts, and a dead named credential gets its new tokens whatever their scopes.
import { describe, expect, it } from 'vitest';
import type { LinkUse } from '../../../../lib/domain/link/connect-link.ts';
import { type KeptValues, NOTHING_KEPT } from '../../../../lib/domain/oauth/kept/kept-values.ts';
import type { Account, TokenResponse } from '../../../../lib/domain/oauth/token-response.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import { saveToken } from '../../../../lib/steps/connect/save-token.ts';
import { findClient } from '../../../../lib/steps/credential/find-client.ts';
import { openCredential } from '../../../../lib/steps/credential/open-credential.ts';
import { ALICE, newOAuth2, START, snapshot, stored, storedItems } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';

const LATER = START + 60_000;
const ANN: Account = { id: 'account-1', name: 'Ann' };
const EVE: Account = { id: 'account-2', name: 'Eve' };

type Held = Partial<ReturnType<typeof newOAuth2>> & { accountId?: string | undefined; kept?: KeptValues };

/** A user with one credential, of two scopes, with a refresh token and a name. */
const holding = async (given: Held = {}): Promise<MemoryDeps> => {
  const deps = memoryDeps({ providers: memoryProviders(knownProvider()) });
  const grant = newOAuth2({
    id: 'c',
    provider: 'acme',
    scopes: ['read', 'write'],
    refreshToken: 'refresh-old',
    refreshTokenExpiresAt: START + 1,
    username: 'Old name',
    metadata: { note: 1 },
  });
  await stored(deps, { ...grant, ...given });
  return deps;
};

/** Connects again, naming the credential unless `credentialId` says otherwise. */
const reconnect = async (
  deps: MemoryDeps,
  grant: Partial<TokenResponse>,
  credentialId: string | null = 'c',
  link?: LinkUse,
) => {
  const client = await findClient(deps, { provider: 'acme', variables: {} });
  deps.clock.set(LATER);
  const request = { scopes: [], credentialId, metadata: null, variables: {} };
  const granted = newGrant({ scopes: ['read', 'write'], ...grant });
  return saveToken(deps, { userId: ALICE, erasures: 0, client, grant: granted, kept: NOTHING_KEPT, request, link });
};

const setFields = (deps: MemoryDeps, fields: object) => {
  const user = deps.table.users.get(ALICE);
  user?.credentials.set('c', { ...user.credentials.get('c'), ...fields });
};

describe('a named credential, connected again', () => {
  it.each<[string, string | undefined, Account | null]>([
    ['a known account, by tokens of an unknown one', 'account-1', null],
    ['an unknown account, by tokens of a known one', undefined, ANN],
    ['an unknown account, by tokens of a known one without a name', undefined, { id: 'account-1', name: null }],
  ])('keeps neither token nor name of %s', async (_, accountId, account) => {
    const deps = await holding({ accountId });
    const { created, credential } = await reconnect(deps, { account });
    expect(created).toBe(false);
    expect(credential).toMatchObject({
      id: 'c',
      username: account?.name ?? null,
      accountId: account?.id ?? null,
      hasRefreshToken: false,
      refreshTokenExpiresAt: null,
    });
    const binding = { clientId: 'client-1', tokenOrigin: 'https://acme.example' };
    const own = { accessToken: 'access-new', metadata: { note: 1 } };
    expect(await openCredential(deps, credential)).toEqual({ ...own, ...binding });
  });

  it.each<[string, string | undefined, Account | null]>([
    ['the same', 'account-1', { id: 'account-1', name: null }],
    ['unknown on both sides', undefined, null],
  ])('keeps the refresh token, its expiry and the name when the account is %s', async (_, accountId, account) => {
    const deps = await holding({ accountId });
    const { credential } = await reconnect(deps, { account });
    expect(credential).toMatchObject({ username: 'Old name', refreshTokenExpiresAt: START + 1 });
    expect(await openCredential(deps, credential)).toMatchObject({ refreshToken: 'refresh-old' });
  });

  it.each<[string, object]>([
    ['invalid_grant', { brokenReason: 'invalid_grant' }],
    ['uncertain_refresh', { brokenReason: 'uncertain_refresh' }],
    ['no_refresh_token', { hasRefreshToken: false, expiresAt: LATER }],
  ])('gets the new tokens whatever their scopes when it is dead (%s)', async (_, fields) => {
    for (const scopes of [['read'], [], ['other']]) {
      const deps = await holding({ accountId: 'account-1' });
      setFields(deps, fields);
      const { created, credential } = await reconnect(deps, { account: ANN, scopes, refreshToken: 'refresh-new' });
      expect(created).toBe(false);
      expect(credential).toMatchObject({ id: 'c', scopes, brokenReason: null, version: 2, username: 'Ann' });
      expect(storedItems(deps)).toHaveLength(1);
    }
  });

  it('gets no token of another account when it is dead', async () => {
    const deps = await holding({ accountId: 'account-1' });
    setFields(deps, { brokenReason: 'invalid_grant' });
    const before = snapshot(deps);
    await expect(reconnect(deps, { account: EVE, scopes: ['read'] })).rejects.toMatchObject({
      code: 'account_mismatch',
    });
    expect(snapshot(deps)).toEqual(before);
  });

  it('does not keep a refresh token that was refused, though the account is the same', async () => {
    const deps = await holding({ accountId: 'account-1' });
    setFields(deps, { brokenReason: 'invalid_grant' });
    const { credential } = await reconnect(deps, { account: ANN, scopes: ['read'] });
    expect(credential.hasRefreshToken).toBe(false);
  });

  it('is left alone while it can be refreshed, when the scopes are fewer', async () => {
    const deps = await holding({ accountId: 'account-1', accessTokenExpiresAt: START + 1 });
    const [before] = storedItems(deps);
    expect(await reconnect(deps, { account: ANN, scopes: ['read'] })).toMatchObject({ created: true });
    expect(storedItems(deps)[0]).toEqual(before);
  });

  it('gets no other beside it by a link that was made for it', async () => {
    const deps = await holding({ accountId: 'account-1' });
    const link = { tokenHash: 'hash', erasures: 0, spending: null, isForOne: true };
    await expect(reconnect(deps, { account: ANN, scopes: ['read'] }, 'c', link)).rejects.toMatchObject({
      code: 'not_upgradable',
    });
    expect(storedItems(deps)).toHaveLength(1);
    expect((await reconnect(deps, { account: ANN, scopes: ['read'] }, 'c', { ...link, isForOne: false })).created).toBe(
      true,
    );
  });
});

describe('a dead credential that was not named', () => {
  it('is left alone when the scopes are fewer', async () => {
    const deps = await holding({ accountId: 'account-1' });
    setFields(deps, { brokenReason: 'invalid_grant' });
    const [before] = storedItems(deps);
    expect(await reconnect(deps, { account: ANN, scopes: ['read'] }, null)).toMatchObject({ created: true });
    expect(storedItems(deps)[0]).toEqual(before);
  });
});

describe('a replacement by a worker', () => {
  const replace = (deps: MemoryDeps, given: { accountId?: string; username?: string } = {}) => {
    const credential = newOAuth2({ provider: 'acme', scopes: ['read', 'write'], accessToken: 'access-new' });
    return replaceCredential(deps, { userId: ALICE, id: 'c', credential: { ...credential, ...given } });
  };
  const readRow = async (deps: MemoryDeps) => {
    const row = await deps.users.readCredential(ALICE, 'c');
    if (!row?.readable) throw new Error('not stored');
    return { ...row.credential, secret: await openCredential(deps, row.credential) };
  };

  it('of another account keeps neither refresh token nor name', async () => {
    const deps = await holding({ accountId: 'account-1' });
    await replace(deps, { accountId: 'account-2' });
    expect(await readRow(deps)).toMatchObject({ accountId: 'account-2', username: null, hasRefreshToken: false });
  });

  it.each<[string, string | undefined, { accountId?: string }]>([
    ['the same account', 'account-1', { accountId: 'account-1' }],
    ['an account that was not known', undefined, { accountId: 'account-1' }],
    ['an account that it does not name', 'account-1', {}],
  ])('of %s keeps both', async (_, accountId, given) => {
    const deps = await holding({ accountId });
    await replace(deps, given);
    const row = await readRow(deps);
    expect(row).toMatchObject({ accountId: 'account-1', username: 'Old name' });
    expect(row.secret).toMatchObject({ refreshToken: 'refresh-old' });
  });

  it.each([
    ['keeps the data that came with the grant under the same name', 'Old name', { instance: 'a' }],
    ['keeps none of it under another name, which may be another account', 'Bob', null],
  ])('of an unknown account %s', async (_, username, data) => {
    const deps = await holding({ kept: { ...NOTHING_KEPT, data: { instance: 'a' } } });
    await replace(deps, { username });
    expect(await readRow(deps)).toMatchObject({ username, data });
  });
});
