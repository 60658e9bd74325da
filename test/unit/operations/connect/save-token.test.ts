// Storing the tokens of a connection: which credential they create or replace, its expiry and its scopes.
import { describe, expect, it, vi } from 'vitest';
import type { StoredCredential } from '../../../../lib/domain/credential/credential.ts';
import { type KeptValues, NOTHING_KEPT } from '../../../../lib/domain/oauth/kept/kept-values.ts';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import type { Account, TokenResponse } from '../../../../lib/domain/oauth/token-response.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { saveToken, type TokenToSave } from '../../../../lib/steps/connect/save-token.ts';
import { findClient } from '../../../../lib/steps/credential/find-client.ts';
import { openCredential } from '../../../../lib/steps/credential/open-credential.ts';
import {
  ALICE,
  BOB,
  BROKEN_ITEM,
  markErasing,
  newApiKey,
  newOAuth2,
  putRawItem,
  START,
  snapshot,
  stored,
  storedItems,
  userRecord,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';

const LATER = START + 60_000;
const ANN: Account = { id: 'account-1', name: 'Ann' };
const EVE: Account = { id: 'account-2', name: 'Eve' };

const connectDeps = (record: Partial<ProviderRecord> = {}): MemoryDeps =>
  memoryDeps({ providers: memoryProviders(knownProvider(record)) });

interface Saving {
  grant?: Partial<TokenResponse>;
  request?: Partial<TokenToSave['request']>;
  erasures?: number;
  kept?: KeptValues;
}

/** A token response with the scope read, stored a minute after the start of the clock. */
const save = async (deps: MemoryDeps, { grant, request, erasures = 0, kept = NOTHING_KEPT }: Saving = {}) => {
  const variables = request?.variables ?? {};
  const client = await findClient(deps, { provider: 'acme', variables });
  deps.clock.set(LATER);
  return saveToken(deps, {
    userId: ALICE,
    erasures,
    client,
    kept,
    grant: newGrant({ scopes: ['read'], ...grant }),
    request: { scopes: ['asked'], credentialId: null, metadata: null, variables, ...request },
  });
};

type HeldGrant = Partial<ReturnType<typeof newOAuth2>> & { accountId?: string; variables?: Record<string, string> };

/** An OAuth credential that is already stored, of any account. */
const held = (deps: MemoryDeps, given: HeldGrant = {}) => {
  const grant = { ...newOAuth2({ id: 'c', provider: 'acme', scopes: ['read'] }), ...given };
  return stored(deps, grant);
};

const readSecret = (deps: MemoryDeps, credential: StoredCredential) => openCredential(deps, credential);
const storedIds = ({ table }: MemoryDeps) => [...(table.users.get(ALICE)?.credentials.keys() ?? [])];

/** Runs something just before the next write. */
const beforeWrite = (deps: MemoryDeps, happens: () => Promise<unknown>) => {
  const write = deps.users.write;
  return vi.spyOn(deps.users, 'write').mockImplementationOnce(async (userId, request) => {
    await happens();
    return write(userId, request);
  });
};

const REVOCABLE = { revocationEndpoint: 'https://acme.example/revoke' };
const TOKENS = { accessToken: 'access-orphan', refreshToken: 'refresh-orphan' };
const revokedTokens = ({ oauth }: MemoryDeps) => oauth.callsTo('revoke').map(({ token }) => token);

describe('saveToken of tokens that cannot be stored', () => {
  it.each<[string, (deps: MemoryDeps) => Promise<unknown>, Saving]>([
    ['credential_limit', async (deps) => Object.assign(deps.limits, { maxCredentialsPerUser: 0 }), {}],
    ['user_erasing', markErasing, {}],
    ['state_invalid', (deps) => eraseUser(deps, { userId: ALICE }), {}],
    ['not_upgradable', async () => undefined, { request: { credentialId: 'gone' } }],
    [
      'keys_unavailable',
      async (deps) => vi.spyOn(deps.sealer, 'seal').mockRejectedValue(new ServiceError('keys_unavailable')),
      {},
    ],
  ])('revokes them after %s', async (code, prepare, saving) => {
    const deps = connectDeps(REVOCABLE);
    await prepare(deps);
    await expect(save(deps, { ...saving, grant: TOKENS })).rejects.toMatchObject({ code });
    expect(revokedTokens(deps).toSorted()).toEqual(['access-orphan', 'refresh-orphan']);
  });

  it('keeps them when the write may have taken effect', async () => {
    const deps = connectDeps(REVOCABLE);
    vi.spyOn(deps.users, 'write').mockRejectedValue(new ServiceError('store_unavailable'));
    await expect(save(deps, { grant: TOKENS })).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(revokedTokens(deps)).toEqual([]);
  });

  it.each([
    ['known', ANN],
    ['unknown', null],
  ])('stores them once when a write took effect and seemed busy, with the account %s', async (_, account) => {
    const deps = connectDeps(REVOCABLE);
    const { write } = deps.users;
    vi.spyOn(deps.users, 'write').mockImplementationOnce(async (...asked) => {
      await write(...asked);
      throw new ServiceError('store_busy');
    });
    expect(await save(deps, { grant: { ...TOKENS, account } })).toMatchObject({ created: true });
    expect(storedItems(deps)).toMatchObject([{ version: 1 }]);
    expect(userRecord(deps)?.version).toBe(1);
    expect(revokedTokens(deps)).toEqual([]);
  });

  it('keeps tokens that were stored', async () => {
    const deps = connectDeps(REVOCABLE);
    await save(deps, { grant: TOKENS });
    expect(revokedTokens(deps)).toEqual([]);
  });
});

/** What every grant of the provider acme is bound to. */
const BINDING = { clientId: 'client-1', tokenOrigin: 'https://acme.example' };

describe('saveToken', () => {
  describe('the first tokens', () => {
    it('are stored as a new credential', async () => {
      const deps = connectDeps();
      const { created, credential } = await save(deps);
      expect(created).toBe(true);
      expect(credential).toMatchObject({
        userId: ALICE,
        provider: 'acme',
        type: 'oauth2',
        title: null,
        version: 1,
        brokenReason: null,
        createdAt: LATER,
        updatedAt: LATER,
        secretStoredAt: LATER,
      });
      expect(storedIds(deps)).toEqual([credential.id]);
    });

    it('are stored only in the seal', async () => {
      const deps = connectDeps();
      const { credential } = await save(deps, {
        grant: { accessToken: 'access-canary', refreshToken: 'refresh-canary' },
      });
      expect(await readSecret(deps, credential)).toEqual({
        accessToken: 'access-canary',
        refreshToken: 'refresh-canary',
        ...BINDING,
      });
      expect(JSON.stringify(storedItems(deps).map(({ sealed, ...rest }) => rest))).not.toContain('canary');
    });

    it('have metadata in the seal, not in the row, and template variables in both', async () => {
      const deps = connectDeps({ templateVariables: { shop: { pattern: '.*' } } });
      const request = { metadata: { note: 'metadata-canary' }, variables: { shop: 'shop-canary' } };
      const { credential } = await save(deps, { request });
      expect(await readSecret(deps, credential)).toMatchObject(request);
      expect(JSON.stringify(storedItems(deps).map(({ sealed, ...rest }) => rest))).not.toContain('metadata-canary');
      expect(credential.data).toEqual({ shop: 'shop-canary' });
    });

    it.each([
      [null, false],
      ['refresh-1', true],
    ])('with the refresh token %s set hasRefreshToken: %s', async (refreshToken, hasRefreshToken) => {
      expect((await save(connectDeps(), { grant: { refreshToken } })).credential).toMatchObject({ hasRefreshToken });
    });

    it('replace no credential of another account', async () => {
      const deps = connectDeps();
      await stored(deps, newOAuth2({ provider: 'acme' }), BOB);
      await save(deps);
      expect(storedItems(deps, BOB)).toHaveLength(1);
      expect(userRecord(deps, BOB)).toMatchObject({ version: 1 });
    });
  });

  describe('the expiry', () => {
    it.each<[string, Partial<TokenResponse>, Partial<StoredCredential>]>([
      ['counts from the reply', { expiresInSeconds: 3600 }, { expiresAt: LATER + 3_600_000 }],
      ['is null when the reply has none', { expiresInSeconds: null }, { expiresAt: null }],
      [
        'of the refresh token is stored too',
        { refreshToken: 'r', refreshTokenExpiresInSeconds: 60 },
        { refreshTokenExpiresAt: LATER + 60_000 },
      ],
    ])('%s', async (_, grant, expected) => {
      expect((await save(connectDeps(), { grant })).credential).toMatchObject(expected);
    });

    it('counts from before the account request, which may take a while', async () => {
      const deps = connectDeps();
      deps.oauth.script.meanwhile = async () => deps.clock.advance(5000);
      const { credential } = await save(deps, { grant: { expiresInSeconds: 60 } });
      expect(credential.expiresAt).toBe(LATER + 60_000);
    });
  });

  describe('the scopes', () => {
    it.each<[string, string[] | null, string[]]>([
      ['are those in the reply', ['read', 'list'], ['read', 'list']],
      ['are those in the reply, also when they are fewer', ['list'], ['list']],
      ['are those requested when the reply names none', null, ['asked']],
      ['are none when the reply has an empty list', [], []],
      ['are distinct', ['read', 'read'], ['read']],
    ])('%s', async (_, scopes, expected) => {
      expect((await save(connectDeps(), { grant: { scopes } })).credential.scopes).toEqual(expected);
    });
  });

  describe('the account', () => {
    it('is the one in the reply, without another request', async () => {
      const deps = connectDeps();
      const { credential } = await save(deps, { grant: { account: ANN } });
      expect(credential).toMatchObject({ accountId: 'account-1', username: 'Ann' });
      expect(deps.oauth.calls).toEqual([]);
    });

    it('is the one of the identity endpoint for this token', async () => {
      const deps = connectDeps();
      deps.oauth.script.accounts.set('access-new', ANN);
      expect((await save(deps)).credential).toMatchObject({ accountId: 'account-1', username: 'Ann' });
      expect(deps.oauth.callsTo('identify')).toMatchObject([{ accessToken: 'access-new' }]);
    });

    it('may have no name', async () => {
      const { credential } = await save(connectDeps(), { grant: { account: { id: 'account-1', name: null } } });
      expect(credential).toMatchObject({ accountId: 'account-1', username: null });
    });

    it('may be unknown', async () => {
      expect(await save(connectDeps())).toMatchObject({
        created: true,
        credential: { accountId: null, username: null },
      });
    });
  });

  describe('for a named credential', () => {
    const merge = (deps: MemoryDeps, given: Saving = {}) =>
      save(deps, { ...given, request: { credentialId: 'c', ...given.request } });

    it('keeps id, title, creation time and place, and increments the version', async () => {
      const deps = connectDeps();
      await held(deps, { title: 'Mine' });
      const { created, credential } = await merge(deps);
      expect(created).toBe(false);
      expect(credential).toMatchObject({
        id: 'c',
        title: 'Mine',
        version: 2,
        createdAt: START,
        ordinal: 0,
        updatedAt: LATER,
        secretStoredAt: LATER,
      });
      expect(storedIds(deps)).toEqual(['c']);
      expect(userRecord(deps)).toMatchObject({ version: 2, count: 1 });
    });

    it('stores the new access token under a new secretRev', async () => {
      const deps = connectDeps();
      const { secretRev } = await held(deps);
      const { credential } = await merge(deps);
      expect(await readSecret(deps, credential)).toMatchObject({ accessToken: 'access-new' });
      expect(credential.secretRev).not.toBe(secretRev);
    });

    it('keeps the refresh token and its expiry when the reply has none', async () => {
      const deps = connectDeps();
      await held(deps, { refreshToken: 'refresh-old', refreshTokenExpiresAt: START + 1 });
      const { credential } = await merge(deps);
      expect(credential).toMatchObject({ hasRefreshToken: true, refreshTokenExpiresAt: START + 1 });
      expect(await readSecret(deps, credential)).toMatchObject({ refreshToken: 'refresh-old' });
    });

    it('stores the new refresh token without the expiry of the old one', async () => {
      const deps = connectDeps();
      await held(deps, { refreshToken: 'refresh-old', refreshTokenExpiresAt: START + 1 });
      const { credential } = await merge(deps, { grant: { refreshToken: 'refresh-new' } });
      expect(credential.refreshTokenExpiresAt).toBeNull();
      expect(await readSecret(deps, credential)).toMatchObject({ refreshToken: 'refresh-new' });
    });

    it('does not keep the expiry of the old access token', async () => {
      const deps = connectDeps();
      await held(deps, { accessTokenExpiresAt: START + 1 });
      expect((await merge(deps)).credential.expiresAt).toBeNull();
    });

    it('keeps metadata when none is sent', async () => {
      const deps = connectDeps();
      await held(deps, { metadata: { a: 1 } });
      expect(await readSecret(deps, (await merge(deps)).credential)).toMatchObject({ metadata: { a: 1 } });
    });

    it('clears the broken reason', async () => {
      const deps = connectDeps();
      await held(deps);
      const user = deps.table.users.get(ALICE);
      user?.credentials.set('c', { ...user.credentials.get('c'), brokenReason: 'invalid_grant' });
      expect((await merge(deps)).credential.brokenReason).toBeNull();
      expect(storedItems(deps)[0]?.brokenReason).toBeUndefined();
    });

    it('replaces a credential with a broken seal', async () => {
      const deps = connectDeps();
      await held(deps, { refreshToken: 'lost' });
      const user = deps.table.users.get(ALICE);
      user?.credentials.set('c', { ...user.credentials.get('c'), sealed: 'x' });
      const { credential } = await merge(deps);
      expect(credential).toMatchObject({ id: 'c', hasRefreshToken: false });
      expect(await readSecret(deps, credential)).toEqual({ accessToken: 'access-new', ...BINDING });
    });

    it.each<[string, string | undefined, Account | null]>([
      ['unknown in the stored credential', undefined, ANN],
      ['unknown in the reply', 'account-1', null],
      ['unknown in both', undefined, null],
      ['the same', 'account-1', ANN],
    ])('merges with an account that is %s', async (_, accountId, account) => {
      const deps = connectDeps();
      await held(deps, accountId === undefined ? {} : { accountId });
      const { created, credential } = await merge(deps, { grant: { account } });
      expect(created).toBe(false);
      expect(credential.accountId).toBe(account?.id ?? null);
    });

    it('refuses another account, and writes nothing', async () => {
      const deps = connectDeps();
      await held(deps, { accountId: 'account-1', username: 'Ann' });
      const before = snapshot(deps);
      await expect(merge(deps, { grant: { account: EVE } })).rejects.toMatchObject({ code: 'account_mismatch' });
      expect(snapshot(deps)).toEqual(before);
    });

    it('refuses another account before it compares scopes', async () => {
      const deps = connectDeps();
      await held(deps, { accountId: 'account-1', scopes: ['read', 'write'] });
      await expect(merge(deps, { grant: { account: EVE } })).rejects.toMatchObject({ code: 'account_mismatch' });
    });

    it('accepts wider scopes', async () => {
      const deps = connectDeps();
      await held(deps);
      expect((await merge(deps, { grant: { scopes: ['write', 'read'] } })).credential).toMatchObject({
        id: 'c',
        scopes: ['write', 'read'],
      });
    });

    it('stores a second credential when the new tokens do not cover its scopes', async () => {
      const deps = connectDeps();
      await held(deps, { scopes: ['read', 'write'], accountId: 'account-1' });
      const [before] = storedItems(deps);
      const { created, credential } = await merge(deps, { grant: { scopes: ['read'], account: ANN } });
      expect(created).toBe(true);
      expect(credential.id).not.toBe('c');
      expect(storedItems(deps)).toHaveLength(2);
      expect(storedItems(deps)[0]).toEqual(before);
    });

    it('covers the requested union when the reply names no scopes', async () => {
      const deps = connectDeps();
      await held(deps, { scopes: ['read'] });
      const merged = await merge(deps, { grant: { scopes: null }, request: { scopes: ['read', 'write'] } });
      expect(merged).toMatchObject({ created: false, credential: { scopes: ['read', 'write'] } });
    });

    it.each<[string, (deps: MemoryDeps) => Promise<unknown>]>([
      ['was deleted', async () => undefined],
      ['became another type', (deps) => stored(deps, newApiKey({ id: 'c', provider: 'acme' }))],
      ['became a credential of another provider', (deps) => stored(deps, newOAuth2({ id: 'c', provider: 'other' }))],
      [
        'became unreadable',
        async (deps) => putRawItem(deps, 'c', { ...BROKEN_ITEM, type: 'oauth2', provider: 'acme' }),
      ],
      ["is another user's", (deps) => stored(deps, newOAuth2({ id: 'c', provider: 'acme' }), BOB)],
    ])('is refused when it %s meanwhile, and nothing is written', async (_, changed) => {
      const deps = connectDeps();
      await changed(deps);
      const before = storedItems(deps);
      await expect(merge(deps)).rejects.toMatchObject({ code: 'not_upgradable' });
      expect(storedItems(deps)).toEqual(before);
    });

    it('is refused when it is a system credential', async () => {
      const request = { credentialId: '744fdc56-071a-4761-b5a5-0af0ce10a2b5' };
      await expect(merge(connectDeps(), { request })).rejects.toMatchObject({ code: 'not_upgradable' });
    });

    it('succeeds at the limit of credentials', async () => {
      const deps = connectDeps();
      deps.limits = { ...deps.limits, maxCredentialsPerUser: 1 };
      await held(deps);
      await expect(merge(deps)).resolves.toMatchObject({ created: false });
    });
  });

  describe('without a named credential', () => {
    it('replaces the credential of the same account', async () => {
      const deps = connectDeps();
      await held(deps, { accountId: 'account-1', title: 'Mine' });
      const saved = await save(deps, { grant: { account: ANN } });
      expect(saved).toMatchObject({ created: false, credential: { id: 'c', title: 'Mine', version: 2 } });
      expect(storedIds(deps)).toEqual(['c']);
    });

    it.each<[string, HeldGrant, Account | null]>([
      ['another account', { accountId: 'account-1' }, EVE],
      ['an account unknown in the stored credential', {}, ANN],
      ['an account unknown in the reply', { accountId: 'account-1' }, null],
      ['an account unknown in both', {}, null],
      ['the same account at another provider', { accountId: 'account-1', provider: 'other' }, ANN],
      ['the same name under another account', { accountId: 'account-2', username: 'Ann' }, ANN],
    ])('does not merge with %s', async (_, existing, account) => {
      const deps = connectDeps();
      await held(deps, existing);
      const [before] = storedItems(deps);
      expect(await save(deps, { grant: { account } })).toMatchObject({ created: true });
      expect(storedItems(deps)).toHaveLength(2);
      expect(storedItems(deps)[0]).toEqual(before);
    });

    it('does not merge with an unreadable row', async () => {
      const deps = connectDeps();
      putRawItem(deps, 'c', { ...BROKEN_ITEM, type: 'oauth2', provider: 'acme', accountId: 'account-1' });
      expect(await save(deps, { grant: { account: ANN } })).toMatchObject({ created: true });
    });

    it('does not merge with the same account of another user', async () => {
      const deps = connectDeps();
      const other = { ...newOAuth2({ id: 'c', provider: 'acme', scopes: ['read'] }), accountId: 'account-1' };
      await stored(deps, other, BOB);
      expect(await save(deps, { grant: { account: ANN } })).toMatchObject({ created: true });
      expect(storedItems(deps, BOB)[0]).toMatchObject({ version: 1 });
    });

    it('leaves the stored credential unchanged when its scopes are not covered', async () => {
      const deps = connectDeps();
      await held(deps, { accountId: 'account-1', scopes: ['read', 'write'] });
      const [before] = storedItems(deps);
      expect(await save(deps, { grant: { account: ANN } })).toMatchObject({ created: true });
      expect(storedItems(deps)[0]).toEqual(before);
    });

    it('replaces the earliest of several, in whatever order they are read', async () => {
      const deps = connectDeps();
      deps.clock.advance(1);
      await held(deps, { id: 'a', accountId: 'account-1' });
      deps.clock.set(START);
      await held(deps, { id: 'z', accountId: 'account-1' });
      expect((await save(deps, { grant: { account: ANN } })).credential.id).toBe('z');
    });

    it('replaces a later one whose scopes it covers when an earlier one has more', async () => {
      const deps = connectDeps();
      await held(deps, { id: 'wide', accountId: 'account-1', scopes: ['read', 'write'] });
      deps.clock.advance(1);
      await held(deps, { id: 'narrow', accountId: 'account-1', scopes: ['read'] });
      const { created, credential } = await save(deps, { grant: { account: ANN } });
      expect({ created, id: credential.id }).toEqual({ created: false, id: 'narrow' });
    });

    it('makes no third credential when the same narrow scopes are connected twice', async () => {
      const deps = connectDeps();
      await held(deps, { accountId: 'account-1', scopes: ['read', 'write'] });
      await save(deps, { grant: { account: ANN } });
      await save(deps, { grant: { account: ANN } });
      expect(storedItems(deps)).toHaveLength(2);
    });
  });

  describe('at a provider with a tenant in its URLs', () => {
    const SHOP = { tokenEndpoint: 'https://{shop}.example/token', templateVariables: { shop: { pattern: '[a-z]+' } } };
    const ofShop = (shop: string, account: Account | null = ANN): Saving => ({
      grant: { account },
      request: { variables: { shop } },
    });

    it('merges with the same account of the same tenant', async () => {
      const deps = connectDeps(SHOP);
      const first = await save(deps, ofShop('one'));
      expect(await save(deps, ofShop('one'))).toMatchObject({
        created: false,
        credential: { id: first.credential.id },
      });
    });

    it('does not merge with the same account id of another tenant', async () => {
      const deps = connectDeps(SHOP);
      await save(deps, ofShop('one'));
      expect(await save(deps, ofShop('two'))).toMatchObject({ created: true });
    });

    it('refuses the same account id of another tenant for a named credential', async () => {
      const deps = connectDeps(SHOP);
      const { credential } = await save(deps, ofShop('one'));
      const request = { variables: { shop: 'two' }, credentialId: credential.id };
      await expect(save(deps, { grant: { account: ANN }, request })).rejects.toMatchObject({
        code: 'account_mismatch',
      });
    });

    it.each<[string, string | undefined]>([
      ['unknown in the stored credential too', undefined],
      ['known in the stored credential', 'account-1'],
    ])('never keeps a refresh token for another tenant (account unknown in the reply, %s)', async (_, accountId) => {
      const deps = connectDeps(SHOP);
      await held(deps, { refreshToken: 'of-one', variables: { shop: 'one' }, ...(accountId && { accountId }) });
      const request = { variables: { shop: 'two' }, credentialId: 'c' };
      const saved = await save(deps, { request }).catch(() => null);
      const secret = saved && (await readSecret(deps, saved.credential));
      expect(secret).not.toMatchObject({ refreshToken: 'of-one', variables: { shop: 'two' } });
    });
  });

  it('stores no more credentials than the limit allows', async () => {
    const deps = connectDeps();
    deps.limits = { ...deps.limits, maxCredentialsPerUser: 1 };
    await stored(deps, newApiKey());
    await expect(save(deps)).rejects.toMatchObject({ code: 'credential_limit' });
    expect(storedItems(deps)).toHaveLength(1);
  });

  describe('for a user who was erased since the flow started', () => {
    it('stores no new credential', async () => {
      const deps = connectDeps();
      await eraseUser(deps, { userId: ALICE });
      await expect(save(deps, { erasures: 0 })).rejects.toMatchObject({ code: 'state_invalid' });
      expect(storedItems(deps)).toEqual([]);
    });

    it('does not replace a credential of the same id created since', async () => {
      const deps = connectDeps();
      await eraseUser(deps, { userId: ALICE });
      await held(deps);
      const [before] = storedItems(deps);
      await expect(save(deps, { request: { credentialId: 'c' } })).rejects.toMatchObject({ code: 'state_invalid' });
      expect(storedItems(deps)).toEqual([before]);
    });

    it('stores nothing during the erasure', async () => {
      const deps = connectDeps();
      await markErasing(deps);
      await expect(save(deps)).rejects.toMatchObject({ code: 'user_erasing' });
      expect(storedItems(deps)).toEqual([]);
    });

    it('stores tokens of a flow started after it', async () => {
      const deps = connectDeps();
      await eraseUser(deps, { userId: ALICE });
      await expect(save(deps, { erasures: 1 })).resolves.toMatchObject({ created: true });
    });
  });

  describe('a named credential that changes during the write', () => {
    it('is read again, and the other change is kept', async () => {
      const deps = connectDeps();
      await held(deps, { title: 'Old' });
      const write = beforeWrite(deps, async () => {
        const user = deps.table.users.get(ALICE);
        user?.credentials.set('c', { ...user.credentials.get('c'), title: 'New', version: 2 });
      });
      const { credential } = await save(deps, { request: { credentialId: 'c' } });
      expect(credential).toMatchObject({ id: 'c', title: 'New', version: 3 });
      expect(write).toHaveBeenCalledTimes(2);
    });

    it('is refused when it was deleted', async () => {
      const deps = connectDeps();
      await held(deps);
      beforeWrite(deps, async () => deps.table.users.get(ALICE)?.credentials.delete('c'));
      await expect(save(deps, { request: { credentialId: 'c' } })).rejects.toMatchObject({ code: 'not_upgradable' });
      expect(storedItems(deps)).toEqual([]);
    });

    it('is not replaced when its scopes became wider', async () => {
      const deps = connectDeps();
      await held(deps, { accountId: 'account-1' });
      beforeWrite(deps, async () => {
        const user = deps.table.users.get(ALICE);
        user?.credentials.set('c', { ...user.credentials.get('c'), scopes: ['read', 'write'], version: 2 });
      });
      expect(await save(deps, { grant: { account: ANN } })).toMatchObject({ created: true });
      expect(storedItems(deps)).toHaveLength(2);
    });

    it('throws store_busy when it always changes, after one account request', async () => {
      const deps = connectDeps();
      await held(deps);
      vi.spyOn(deps.users, 'write').mockResolvedValue({
        kind: 'refused',
        userRecord: null,
        userRecordRefused: false,
        refused: [0],
      });
      await expect(save(deps, { request: { credentialId: 'c' } })).rejects.toMatchObject({ code: 'store_busy' });
      expect(deps.oauth.callsTo('identify')).toHaveLength(1);
    });
  });
});

describe('what comes with a grant', () => {
  const brought = (data: Record<string, string>, given: Partial<KeptValues> = {}): KeptValues => ({
    ...NOTHING_KEPT,
    data,
    ...given,
  });

  it('is stored from callback, reply and identity, shown as data but for secrets, which are sealed', async () => {
    const deps = connectDeps({ keeps: [{ name: 'site', from: 'identity', path: 'site' }] });
    deps.oauth.script.accounts.set('access-new', ANN);
    deps.oauth.script.kept.set('access-new', brought({ site: 's' }));
    const secret = { hook: 'canary' };
    const grant = { kept: brought({ host: 'h' }, { secret }) };
    const { credential } = await save(deps, { grant, kept: brought({ realm: '1' }) });
    expect(credential.data).toEqual({ realm: '1', host: 'h', site: 's' });
    expect(await readSecret(deps, credential)).toMatchObject({ data: secret });
    expect(JSON.stringify(storedItems(deps).map(({ sealed, ...rest }) => rest))).not.toContain('canary');
  });

  it('asks the identity endpoint for it even when the reply names the account', async () => {
    const deps = connectDeps({ keeps: [{ name: 'site', from: 'tenants', path: '0.id' }] });
    await save(deps, { grant: { account: ANN } });
    expect(deps.oauth.callsTo('identify')).toHaveLength(1);
    const plain = connectDeps({ keeps: [{ name: 'site', from: 'token_reply', path: 'id' }] });
    await save(plain, { grant: { account: ANN } });
    expect(plain.oauth.callsTo('identify')).toHaveLength(0);
  });

  it('that fails its check stores nothing, and the tokens are revoked', async () => {
    const deps = connectDeps({ revocationEndpoint: 'https://acme.example/revoke' });
    const grant = { accessToken: 'a', refreshToken: 'r', kept: brought({}, { refused: ['host'] }) };
    await expect(save(deps, { grant })).rejects.toMatchObject({
      code: 'provider_rejected',
      logReason: 'kept_value_refused',
    });
    expect(storedItems(deps)).toEqual([]);
    expect(deps.oauth.callsTo('revoke').map(({ token }) => token)).toEqual(['r', 'a']);
  });

  it('stays beside what the same account brings anew', async () => {
    const deps = connectDeps();
    const first = { account: ANN, kept: brought({ host: 'a', team: 't' }, { secret: { hook: '1' } }) };
    await save(deps, { grant: first });
    const { created, credential } = await save(deps, { grant: { account: ANN, kept: brought({ host: 'b' }) } });
    expect([created, credential.data]).toEqual([false, { host: 'b', team: 't' }]);
    expect(await readSecret(deps, credential)).toMatchObject({ data: { hook: '1' } });
  });

  it('is not mixed with that of an account that may be another', async () => {
    const deps = connectDeps();
    const first = { account: ANN, kept: brought({ host: 'a', team: 't' }, { secret: { hook: '1' } }) };
    const { credential } = await save(deps, { grant: first });
    const request = { credentialId: credential.id };
    const { credential: next } = await save(deps, { grant: { kept: brought({ host: 'b' }) }, request });
    expect([next.id, next.data]).toEqual([credential.id, { host: 'b' }]);
    expect(await readSecret(deps, next)).not.toHaveProperty('data');
  });
});
