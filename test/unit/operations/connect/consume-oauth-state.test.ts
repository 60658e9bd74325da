// Consuming an OAuth state that an application created: once, by its user, with the stored fields.
import { describe, expect, it, vi } from 'vitest';
import { hashToken } from '../../../../lib/domain/oauth/oauth-state.ts';
import { consumeOAuthState } from '../../../../lib/operations/connect/consume-oauth-state.ts';
import { createOAuthState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { ALICE, BOB, markErasing, newApiKey, START, snapshot, stored } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const provider = 'github';

const opened = async () => {
  const deps = memoryDeps();
  const { token } = await createOAuthState(deps, { userId: ALICE, provider, scopes: ['repo'] });
  return { deps, token };
};

const consume = (deps: MemoryDeps, token: string, given: { userId?: string; provider?: string } = {}) =>
  consumeOAuthState(deps, { userId: ALICE, provider, token, ...given });

const isRefused = (attempt: Promise<unknown>) =>
  expect(attempt).rejects.toMatchObject({ code: 'state_invalid', detail: undefined, members: {} });

describe('consumeOAuthState', () => {
  it('returns the payload kept under the token', async () => {
    const deps = memoryDeps();
    const kept = {
      scopes: ['repo', 'user'],
      callbackUrl: 'https://app.example/oauth/callback',
      metadata: { nested: { team: 1 } },
      initiatedByApiKeyId: 'key-7',
    };
    const { token } = await createOAuthState(deps, { userId: ALICE, provider, ...kept });
    expect(await consume(deps, token)).toEqual({
      ...kept,
      provider,
      codeVerifier: expect.any(String),
      expiresAt: START + 600_000,
    });
  });

  it('returns null for fields that were not sent', async () => {
    const { deps, token } = await opened();
    expect(await consume(deps, token)).toMatchObject({
      callbackUrl: null,
      metadata: null,
      initiatedByApiKeyId: null,
    });
  });

  it('succeeds once', async () => {
    const { deps, token } = await opened();
    await consume(deps, token);
    await isRefused(consume(deps, token));
  });

  it('succeeds for one of fifty concurrent callers', async () => {
    const { deps, token } = await opened();
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => consume(deps, token)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    [599_999, true],
    [600_000, false],
    [600_001, false],
  ])('after %i ms, with the row not yet deleted by TTL: valid %s', async (age, lives) => {
    const { deps, token } = await opened();
    deps.clock.set(START + age);
    const attempt = consume(deps, token);
    await (lives ? expect(attempt).resolves.toBeDefined() : isRefused(attempt));
  });

  it.each([
    ['another user', { userId: BOB }],
    ['another provider', { provider: 'gitlab' }],
    ['a provider in another case', { provider: 'GitHub' }],
  ])('refuses %s, and the state stays usable', async (_, wrong) => {
    const { deps, token } = await opened();
    const before = snapshot(deps);
    await isRefused(consume(deps, token, wrong));
    expect(snapshot(deps)).toEqual(before);
    await expect(consume(deps, token)).resolves.toBeDefined();
  });

  it.each([
    ['empty', ''],
    ['huge', 'a'.repeat(60_000)],
    ['non-ASCII', 'é'.repeat(43)],
    ['a lone surrogate', '\ud800'.repeat(43)],
    ['unknown', 'A'.repeat(43)],
    ['truncated', 'A'.repeat(42)],
    ['padded', `${'A'.repeat(43)}=`],
    ['followed by a line feed', `${'A'.repeat(43)}\n`],
  ])('refuses a token that is %s', async (_, token) => {
    const { deps } = await opened();
    await isRefused(consume(deps, token));
  });

  it('does not look up a text that cannot be a token', async () => {
    const { deps } = await opened();
    deps.states.readState = vi.fn();
    await isRefused(consume(deps, 'x'));
    expect(deps.states.readState).not.toHaveBeenCalled();
  });

  it('refuses a row that does not open under its token, and leaves it unused', async () => {
    const { deps, token } = await opened();
    const row = deps.table.states.get(hashToken(token));
    if (row) row.sealed = `A${row.sealed.slice(1)}`;
    const before = snapshot(deps);
    await isRefused(consume(deps, token));
    expect(snapshot(deps)).toEqual(before);
  });

  it.each([
    ['to another user', { userId: BOB }],
    ['to another provider', { provider: 'gitlab' }],
    ['to a later expiry', { expiresAt: START + 6_000_000 }],
  ])('refuses a row changed %s', async (_, change) => {
    const { deps, token } = await opened();
    const row = deps.table.states.get(hashToken(token));
    Object.assign(row ?? {}, change);
    const { userId = ALICE, provider: wanted = provider } = change as { userId?: string; provider?: string };
    await isRefused(consume(deps, token, { userId, provider: wanted }));
  });

  it('refuses a state created before the user was erased', async () => {
    const { deps, token } = await opened();
    await eraseUser(deps, { userId: ALICE });
    await isRefused(consume(deps, token));
  });

  it('refuses during an erasure', async () => {
    const { deps, token } = await opened();
    await markErasing(deps);
    await isRefused(consume(deps, token));
  });

  it('succeeds whatever the user stored meanwhile', async () => {
    const { deps, token } = await opened();
    await stored(deps, newApiKey());
    await expect(consume(deps, token)).resolves.toBeDefined();
  });

  it('leaves the other states usable', async () => {
    const { deps, token } = await opened();
    const other = await createOAuthState(deps, { userId: ALICE, provider, scopes: [] });
    await consume(deps, token);
    await expect(consume(deps, other.token)).resolves.toBeDefined();
  });
});
