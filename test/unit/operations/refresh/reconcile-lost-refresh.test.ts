// What happens to new tokens when the row changed during the provider call.
import { describe, expect, it, vi } from 'vitest';
import { type StoredCredential, sealContext } from '../../../../lib/domain/credential/credential.ts';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import type { TokenResponse } from '../../../../lib/domain/oauth/token-response.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import { reconcileLostRefresh } from '../../../../lib/steps/refresh/reconcile-lost-refresh.ts';
import { ALICE } from '../../../support/builders.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, newGrant } from '../../../support/memory/memory-oauth.ts';
import { findUser } from '../../../support/memory/memory-table.ts';
import { GRANT, refreshing, storedGrant, storeGrant } from '../../../support/providers/refreshing.ts';

/** The tokens of the first sign-in at the in-memory provider. */
const FIRST = 'refresh-f0-0';
const RECORD = { revocationEndpoint: 'https://acme.example/revoke' };

const reconnected = (refreshToken?: string) => ({
  ...{ type: 'oauth2' as const, provider: 'acme', accessToken: 'access-reconnected', scopes: ['read'] },
  ...(refreshToken !== undefined && { refreshToken }),
});

/** The first token was exchanged for `came`; meanwhile the change was made. `opened` counts what of the row was opened then. */
const handedOn = async (
  change: (deps: MemoryDeps) => Promise<unknown>,
  came: Partial<TokenResponse> = {},
  record: Partial<ProviderRecord> = RECORD,
) => {
  const world = await refreshing({ record });
  const { deps, tokens } = world;
  const { credential } = await storedGrant(deps);
  const seal = await deps.sealer.openToReseal(sealContext(credential), credential);
  await change(deps);
  const opened = vi.spyOn(deps.sealer, 'openToReseal');
  const lease = { id: 'l', until: 0, held: true, failures: 0, uncertain: false } as never;
  const known = knownProvider(record);
  const response = newGrant({ accessToken: 'access-came', refreshToken: 'refresh-came', ...came });
  const held = { lease, credential, known, finishBy: 0, inUse: true };
  const client = { ...known, clientId: 'client-1', clientSecret: null };
  const exchanged = {
    stored: credential,
    seal,
    secret: tokens,
    response,
    client,
    known: null,
    serverClient: null,
    requestedAt: deps.clock.now(),
  };
  await reconcileLostRefresh(deps, held, exchanged);
  return { deps, opened, revoked: deps.oauth.callsTo('revoke').map(({ token }) => token) };
};

const replacedBy = (refreshToken?: string) => (deps: MemoryDeps) =>
  replaceCredential(deps, { userId: ALICE, id: GRANT, credential: reconnected(refreshToken) });

const readRow = ({ table }: MemoryDeps) => findUser(table, ALICE).credentials.get(GRANT) as unknown as StoredCredential;

/** Something else than what the operations would store. */
const bent = (deps: MemoryDeps, change: (stored: StoredCredential) => unknown): void => {
  findUser(deps.table, ALICE).credentials.set(GRANT, change(readRow(deps)) as never);
};

describe('tokens of a refresh that was not stored', () => {
  it('replace the refresh token in a replacement that kept the exchanged one', async () => {
    const { deps, opened } = await handedOn(replacedBy());
    // Sealing under the key that is there needs no call.
    expect(opened.mock.calls.map(([, , options]) => options)).toEqual([{ keepKey: true }]);
    expect((await storedGrant(deps)).secret).toMatchObject({
      accessToken: 'access-reconnected',
      refreshToken: 'refresh-came',
    });
  });

  it('do not change a replacement with its own refresh token', async () => {
    const { deps, revoked } = await handedOn(replacedBy('refresh-own'));
    expect((await storedGrant(deps)).secret.refreshToken).toBe('refresh-own');
    expect(revoked).toEqual([]);
  });

  it.each([
    ['no refresh token', null],
    ['the one that was exchanged', FIRST],
  ])('change and decrypt nothing when they contain %s', async (_, refreshToken) => {
    const { deps, opened } = await handedOn(replacedBy(), { refreshToken });
    expect(opened).not.toHaveBeenCalled();
    expect((await storedGrant(deps)).secret.refreshToken).toBe(FIRST);
  });

  it('do not decrypt a row without a refresh token', async () => {
    const bare = (stored: StoredCredential) => ({ ...stored, hasRefreshToken: false });
    const { opened } = await handedOn(async (deps) => bent(deps, bare));
    expect(opened).not.toHaveBeenCalled();
  });

  it('do not change a row whose secret is not an OAuth secret', async () => {
    const sealKey = async (deps: MemoryDeps) => {
      const { sealed } = await deps.sealer.seal(sealContext((await storedGrant(deps)).credential), { apiKey: 'k' });
      bent(deps, (stored) => ({ ...stored, sealed, title: 'bent' }));
    };
    const { deps, opened } = await handedOn(sealKey);
    expect(opened).toHaveBeenCalledOnce();
    expect(readRow(deps).title).toBe('bent');
  });

  it('do not change an unreadable row', async () => {
    const { deps, opened } = await handedOn(async (deps) => bent(deps, () => ({ schemaVersion: 99 })));
    expect(opened).not.toHaveBeenCalled();
    expect(readRow(deps)).toEqual({ schemaVersion: 99 });
  });

  it('are revoked when the grant was deleted', async () => {
    const { revoked } = await handedOn((deps) => deleteCredential(deps, { userId: ALICE, id: GRANT }));
    expect(revoked).toEqual(expect.arrayContaining(['access-came', 'refresh-came']));
  });

  it('are not revoked when the grant was deleted and revoking them would end another one', async () => {
    const deleted = async (deps: MemoryDeps) => {
      await storeGrant(deps, { accessToken: 'access-other', refreshToken: 'refresh-other', id: 'other' });
      await deleteCredential(deps, { userId: ALICE, id: GRANT });
    };
    const { revoked } = await handedOn(deleted, {}, { ...RECORD, revocationEndsAccount: true });
    expect(revoked).toEqual([]);
  });

  it('are offered to the store three times when each attempt meets another change', async () => {
    let offers = 0;
    const { deps } = await handedOn(async (deps) => {
      await replacedBy()(deps);
      deps.refreshes.storeRefreshed = async () => {
        if (++offers > 9) throw new Error('without end');
        return null;
      };
    });
    expect(offers).toBe(3);
    expect((await storedGrant(deps)).secret.refreshToken).not.toBe('refresh-came');
  });
});
