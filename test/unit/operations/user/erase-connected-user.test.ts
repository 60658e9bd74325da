// Erasing a user with OAuth credentials: tokens are revoked within a time limit, and all is deleted.
import { describe, expect, it, vi } from 'vitest';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { startConnection } from '../../../../lib/operations/connect/start-connection.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { putManagedCredential } from '../../../../lib/operations/user/put-managed-credential.ts';
import {
  ALICE,
  BOB,
  BROKEN_ITEM,
  newApiKey,
  newOAuth2,
  putRawItem,
  stored,
  storedItems,
  userRecord,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders } from '../../../support/memory/memory-oauth.ts';

const connectDeps = (): MemoryDeps =>
  memoryDeps({
    providers: memoryProviders(
      knownProvider({ revocationEndpoint: 'https://acme.example/revoke' }),
      knownProvider({}, 'irrevocable'),
    ),
  });

const grant = (deps: MemoryDeps, accessToken: string, given: Partial<ReturnType<typeof newOAuth2>> = {}) =>
  stored(deps, newOAuth2({ provider: 'acme', accessToken, ...given }));

const erase = (deps: MemoryDeps, expectedVersion?: number) => eraseUser(deps, { userId: ALICE, expectedVersion });
const revoked = ({ oauth }: MemoryDeps) => oauth.callsTo('revoke').map(({ token }) => token);

describe('eraseUser of a user with OAuth credentials', () => {
  it('revokes both tokens of each credential', async () => {
    const deps = connectDeps();
    await grant(deps, 'access-1', { refreshToken: 'refresh-1' });
    await grant(deps, 'access-2');
    await erase(deps);
    expect(revoked(deps).toSorted()).toEqual(['access-1', 'access-2', 'refresh-1']);
  });

  it('answers how many rows were deleted and how many credentials were revoked', async () => {
    const deps = connectDeps();
    await grant(deps, 'access-1');
    await grant(deps, 'access-2');
    await grant(deps, 'access-3', { provider: 'irrevocable' });
    await stored(deps, newApiKey());
    putRawItem(deps, 'broken', { ...BROKEN_ITEM, type: 'oauth2', provider: 'acme' });
    await putManagedCredential(deps, { userId: ALICE, provider: 'ayrshare', secret: 's' });
    deps.oauth.script.notRevocable = new Set(['access-2']);
    expect(await erase(deps)).toEqual({ credentials: 5, managed: 1, revoked: 1 });
    expect(storedItems(deps)).toEqual([]);
  });

  it('revokes before the rows are deleted, and refuses writes meanwhile', async () => {
    const deps = connectDeps();
    await grant(deps, 'access-1');
    const seen: unknown[] = [];
    deps.oauth.script.meanwhile = async () => {
      seen.push(storedItems(deps).length);
      await grant(deps, 'late').catch((error) => seen.push(error.code));
    };
    await erase(deps);
    expect(seen).toEqual([1, 'user_erasing']);
  });

  it('revokes and deletes more than one batch', async () => {
    const deps = connectDeps();
    for (let n = 0; n < 25; n++) await grant(deps, `access-${n}`);
    expect(await erase(deps)).toEqual({ credentials: 25, managed: 0, revoked: 25 });
    expect(new Set(revoked(deps)).size).toBe(25);
  });

  it('revokes at most ten credentials at the same time', async () => {
    const deps = connectDeps();
    for (let n = 0; n < 25; n++) await grant(deps, `access-${n}`);
    let [open, most] = [0, 0];
    deps.oauth.script.meanwhile = async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setImmediate(resolve));
      open--;
    };
    await erase(deps);
    expect(most).toBe(10);
  });

  it('revokes no credential of another user', async () => {
    const deps = connectDeps();
    await stored(deps, newOAuth2({ provider: 'acme' }), BOB);
    await erase(deps);
    expect(deps.oauth.calls).toEqual([]);
    expect(storedItems(deps, BOB)).toHaveLength(1);
  });

  it('refuses a stale version before anything is revoked', async () => {
    const deps = connectDeps();
    await grant(deps, 'access-1');
    await expect(erase(deps, 7)).rejects.toMatchObject({ code: 'version_conflict' });
    expect(deps.oauth.calls).toEqual([]);
    expect(userRecord(deps)).toMatchObject({ erasing: null });
  });

  it('stops while the keys are unavailable, and continues when called again', async () => {
    const deps = connectDeps();
    await grant(deps, 'access-1');
    const { open } = deps.sealer;
    deps.sealer.open = vi.fn().mockRejectedValue(new ServiceError('keys_unavailable'));
    await expect(erase(deps)).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(storedItems(deps)).toHaveLength(1);
    expect(userRecord(deps)?.erasing).not.toBeNull();
    deps.sealer.open = open;
    expect(await erase(deps)).toEqual({ credentials: 1, managed: 0, revoked: 1 });
    expect(userRecord(deps)).toMatchObject({ erasing: null, erasures: 1 });
  });

  it('does not wait for a key that is gone, and tells that nothing was revoked', async () => {
    const deps = connectDeps();
    await grant(deps, 'access-1');
    deps.sealer.open = vi.fn().mockRejectedValue(new ServiceError('keys_unavailable', { isPermanent: true }));
    expect(await erase(deps)).toEqual({ credentials: 1, managed: 0, revoked: 0 });
    expect(userRecord(deps)).toMatchObject({ erasing: null });
  });

  it('goes on without revoking an hour after it began, so that no fault of the keys locks the user for good', async () => {
    const deps = connectDeps();
    await grant(deps, 'access-1');
    deps.sealer.open = vi.fn().mockRejectedValue(new ServiceError('keys_unavailable'));
    await expect(erase(deps)).rejects.toMatchObject({ code: 'keys_unavailable' });
    deps.clock.advance(3_599_000);
    await expect(erase(deps)).rejects.toMatchObject({ code: 'keys_unavailable' });
    deps.clock.advance(1_000);
    expect(await erase(deps)).toEqual({ credentials: 1, managed: 0, revoked: 0 });
    expect(userRecord(deps)).toMatchObject({ erasing: null });
  });

  it('gives up in time when providers are slow, and continues when called again', async () => {
    const deps = connectDeps();
    for (let n = 0; n < 15; n++) await grant(deps, `access-${n}`);
    deps.oauth.script.meanwhile = async () => deps.clock.advance(5000);
    await expect(erase(deps)).rejects.toMatchObject({ code: 'store_busy' });
    expect(storedItems(deps)).toHaveLength(5);
    deps.oauth.script.meanwhile = async () => undefined;
    expect(await erase(deps)).toEqual({ credentials: 5, managed: 0, revoked: 5 });
    expect(storedItems(deps)).toEqual([]);
  });

  it('erases nothing the second time', async () => {
    const deps = connectDeps();
    await grant(deps, 'access-1');
    await erase(deps);
    expect(await erase(deps)).toEqual({ credentials: 0, managed: 0, revoked: 0 });
    expect(revoked(deps)).toEqual(['access-1']);
  });

  it('deletes the counters of open states without counting them', async () => {
    const deps = connectDeps();
    await startConnection(deps, { userId: ALICE, provider: 'acme' });
    expect(await erase(deps)).toEqual({ credentials: 0, managed: 0, revoked: 0 });
    expect(deps.table.users.get(ALICE)?.openStates.size).toBe(0);
  });
});
